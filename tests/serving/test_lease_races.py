"""Desks book and phones lease the same last seat; several promises arrive for one lease: one has it (rules 5.3).

``DAIBAN_TEST_RACES`` is how many last seats they race for.
"""
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests import cast
from tests.serving.test_booking_races import ROUNDS, UNIT, booking, offered, slots, whole

DESKS = PHONES = 6


def test_desks_and_phones_race_for_the_last_seat_and_promises_for_a_lease(server):
    server.start()
    day = offered(server, **{"from": "08:00", "to": "23:30", "capacity": 1})
    starts = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(480, 1410, 30)]
    places = [(one, start) for one in slots(server, "one") if one >= day for start in starts][:ROUNDS]
    desk, agents = server.token(f"operator-{UNIT}"), [server.token(cast.AGENT), server.token(cast.NEIGHBOUR_AGENT)]
    devices = [registered(server, agents[n % 2], n) for n in range(PHONES)]
    for number, (on, start) in enumerate(places):
        def book(client, on=on, start=start, number=number):
            return sent(server, desk, "/appointments", booking(on, start, number * 100 + client), f"{number}-b{client}")

        def lease(client, on=on, start=start, number=number):
            wish = {"device_id": devices[client], "unit_code": UNIT, "date": on, "service": "one", "start": start}
            return sent(server, agents[client % 2], "/sync/leases", wish, f"{number}-l{client}")

        def promise(client, won, number=number):
            phone = client % 2
            person = {"name": "王桂香", "phone": f"139{number * 100 + client:08d}"}
            return sent(server, agents[phone], "/sync/push", {"device_id": devices[phone], "mutations": [{
                "n": next_n(server, agents[phone], devices[phone]), "id": str(uuid.uuid4()), "type": "appointment.book",
                "entity_id": str(uuid.uuid4()), "set": {"lease_id": won, "person": person},
            }]}, "")

        with ThreadPoolExecutor(DESKS + PHONES) as clients:
            booked = [clients.submit(book, n) for n in range(DESKS)]
            leased = [clients.submit(lease, n) for n in range(PHONES)]
            answers = [each.result() for each in booked + leased]
        found = Counter((answer.status, answer.json.get("type")) for answer in answers)
        assert found == {(201, None): 1, (409, "/problems/slot-full"): DESKS + PHONES - 1}, found
        lease_of = [each["id"] for answer in answers if answer.status == 201 for each in answer.json.get("leases", ())]
        for won in lease_of:
            with ThreadPoolExecutor(2) as clients:
                results = [answer.json["results"][0] for answer in clients.map(promise, range(2), (won, won))]
            ended = Counter((each["status"], (each.get("problem") or {}).get("type")) for each in results)
            assert ended == {("applied", None): 1, ("rejected", "/problems/not-found"): 1}, ended
    server.stop()
    whole(server)


def sent(server, token, path, body, key):
    more = {"Idempotency_Key": f"lease-race-{key}"} if key else {}
    return server.ask("POST", f"/api/v1{path}", body, Authorization=f"Bearer {token}", **more)


def registered(server, token, number):
    answer = sent(server, token, "/sync/devices", {"name": f"{number} 号机"}, f"device-{number}")
    assert answer.status == 201, answer.data
    return answer.json["device_id"]


def next_n(server, token, device_id):
    answer = server.ask("GET", f"/api/v1/sync/devices/{device_id}", Authorization=f"Bearer {token}")
    return answer.json["next_n"]


def test_an_account_keeps_its_twenty_however_many_of_its_phones_ask_at_once(server):
    server.start()
    day = offered(server, **{"from": "08:00", "to": "23:30", "capacity": 10})
    on = next(one for one in slots(server, "one") if one >= day)
    agent = server.token(cast.AGENT)
    devices = [registered(server, agent, f"cap-{n}") for n in range(PHONES)]

    def lease(phone):
        wish = {"device_id": devices[phone], "unit_code": UNIT, "date": on, "service": "one", "count": 10}
        return sent(server, agent, "/sync/leases", wish, f"cap-{phone}")

    with ThreadPoolExecutor(PHONES) as clients:
        answers = list(clients.map(lease, range(PHONES)))
    found = Counter((answer.status, answer.json.get("type")) for answer in answers)
    assert found == {(201, None): 2, (409, "/problems/too-many-leases"): PHONES - 2}, found
    server.stop()
    whole(server)
