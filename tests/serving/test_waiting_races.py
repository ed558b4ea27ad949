"""A seat that gets free is the waiting person's, whoever races for it and whenever the server dies (rules 5.6).

``DAIBAN_TEST_RACES`` is how many freed seats eight clients race for, twelve at most.
"""
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from backend.core import db, sql, transaction
from tests.serving.test_booking_races import UNIT, booking, offered

ROUNDS = min(12, int(os.environ.get("DAIBAN_TEST_RACES", "5")))
KILLED = 8
"""Seats that are being freed when the server dies."""

STARTS = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(480, 1410, 30)]


class Counter8:
    """Eight desks of one unit, speaking to one server."""

    def __init__(self, server):
        self.server, self.token, self.sent = server, server.token(f"operator-{UNIT}"), 0
        self.day = offered(server, **{"from": "08:00", "to": "23:30", "capacity": 1})

    def send(self, method, path, body=None):
        self.sent += 1
        return self.server.ask(
            method, f"/api/v1{path}", body, Authorization=f"Bearer {self.token}", If_Match="*",
            Idempotency_Key=f"wait-{self.sent:08d}",
        )

    def book(self, start, number):
        return self.send("POST", "/appointments", booking(self.day, start, number))

    def cancel(self, appointment_id):
        return self.send("PUT", f"/appointments/{appointment_id}/cancellation")

    def wish(self, start, number):
        body = booking(self.day, start, number)
        wish = {name: body[name] for name in ("unit_code", "date", "service", "person")}
        return wish | {"from": start, "to": STARTS[STARTS.index(start) + 1]}

    def taken(self, start, number):
        """A booked seat and somebody who waits for it."""
        made = self.book(start, number)
        waits = self.send("POST", "/waiting-list", self.wish(start, number + 1))
        assert (made.status, waits.status) == (201, 201), (made.data, waits.data)
        return made.json["id"], waits.json["id"]


def test_the_waiting_person_has_the_seat_whoever_claims_it_and_whenever_the_server_dies(server):
    server.start()
    desk = Counter8(server)
    with ThreadPoolExecutor(9) as clients:
        for number, start in enumerate(STARTS[:ROUNDS]):
            claimed_by_others(desk, clients, start, number * 100)
        frees_and_waits_at_once(desk, clients, STARTS[12:16])
        killed_in_the_middle(server, desk, clients, STARTS[16:16 + KILLED])


def claimed_by_others(desk, clients, start, number):
    """Eight want the seat before, while and after it gets free; the waiting person takes it."""
    first, waiter = desk.taken(start, number)
    claims = [clients.submit(desk.book, start, number + 10 + client) for client in range(4)]
    freed = clients.submit(desk.cancel, first)
    claims += [clients.submit(desk.book, start, number + 20 + client) for client in range(4)]
    assert freed.result().status == 200, freed.result().data
    found = Counter((answer.status, answer.json.get("type")) for answer in (one.result() for one in claims))
    assert found == {(409, "/problems/slot-full"): 8}, found
    assert desk.send("GET", f"/waiting-list/{waiter}").json["state"] == "offered"
    taken = desk.send("PUT", f"/waiting-list/{waiter}/offer/acceptance")
    assert taken.status == 200, taken.data


def frees_and_waits_at_once(desk, clients, starts):
    """Some leave and some join at the same time: nobody is left to wait beside a free seat."""
    made = [desk.book(start, 5000 + n) for n, start in enumerate(starts)]
    joins = [clients.submit(desk.send, "POST", "/waiting-list", desk.wish(start, 6000 + n))
             for n, start in enumerate(starts)]
    frees = [clients.submit(desk.cancel, one.json["id"]) for one in made]
    assert {one.result().status for one in frees} == {200} and {one.result().status for one in joins} == {201}


def killed_in_the_middle(server, desk, clients, starts):
    """Each seat is with who had it or with who waits for it, and with nobody else."""
    seats = [desk.taken(start, 7000 + 10 * n) for n, start in enumerate(starts)]
    sent = [clients.submit(_quietly, desk.cancel, first) for first, _ in seats]
    while sum(one.done() for one in sent) < 3:
        time.sleep(0.001)
    server.kill()
    told, states = [one.result() for one in sent], stored(server)
    for (first, waiter), answered in zip(seats, told):
        assert (states[first] == "cancelled") == (states[waiter] == "offered"), (states[first], states[waiter])
        assert not answered or states[first] == "cancelled"


def _quietly(cancel, appointment_id):
    """Whether the cancellation was acknowledged."""
    try:
        return cancel(appointment_id).status == 200
    except OSError:
        return False


def stored(server):
    """What is stored holds together, on the killed server's database; the state of everything by id."""
    db.connect(server.url or f"sqlite:///{server.folder}/daiban.db")
    try:
        wrong = sql.rows("""
            SELECT c.minute, c.booked FROM cell c WHERE c.booked > c.capacity OR c.booked <> (
                SELECT count(*) FROM allocation a WHERE a.unit_code = c.unit_code AND a.day_on = c.day_on
                AND a.desk = c.desk AND a.minute = c.minute)
        """)
        gap = sql.rows("""
            SELECT w.id FROM waiting w JOIN cell c ON c.unit_code = w.unit_code AND c.day_on = w.day_on
            AND c.minute = w.from_minute WHERE w.state = 'waiting' AND c.booked < c.capacity
        """)
        odd = sql.rows("""
            SELECT w.id FROM waiting w JOIN appointment p ON p.id = w.offered_id
            WHERE w.state = 'offered' AND (p.state <> 'held' OR p.person_key <> w.person_key)
        """)
        assert not wrong and not gap and not odd, (wrong, gap, odd)
        text = "SELECT id, state FROM appointment UNION ALL SELECT id, state FROM waiting"
        return {row["id"]: row["state"] for row in sql.rows(text)}
    finally:
        transaction.drop_connection()
