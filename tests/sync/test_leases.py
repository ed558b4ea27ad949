"""Seats kept for phones, as phones ask for them; promises pushed (rules 5, 9)."""
import pytest

from backend.core import sql
from tests import cast
from tests.appointments.booked import DAY, UNIT, appointment, check_books
from tests.sync.leased import PERSON, opened, wish
from tests.sync.phones import Phone, new_id


@pytest.fixture
def phone(agent, now):
    """The village agent's phone; the centre has two seats each half hour."""
    opened(now)
    return Phone(agent)


def taken(phone, **more):
    answer = phone.caller.post("/sync/leases", wish(phone.id, **more))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json["leases"]


def listed(phone, **query):
    return phone.caller.get("/sync/leases", query_string={"device_id": phone.id} | query).json["items"]


def test_seats_are_kept_shown_and_given_back(phone):
    answer = phone.caller.post("/sync/leases", wish(phone.id, count=2), key="the-same-wish")
    assert (answer.status_code, len(answer.json["leases"])) == (201, 2)
    again = phone.caller.post("/sync/leases", wish(phone.id, count=2), key="the-same-wish")
    assert again.json == answer.json and again.headers["Idempotent-Replayed"] == "true"
    one = answer.json["leases"][0]
    assert (one["date"], one["start"], one["end"], one["service"], one["state"], one["unit_code"]) == (
        DAY.isoformat(), "09:00", "09:30", "general", "open", UNIT
    )
    assert one["expires_at"] == "2026-02-13T09:00:00+08:00" and one["appointment_id"] is None
    assert {each["id"] for each in listed(phone)} == {each["id"] for each in answer.json["leases"]}
    full = phone.caller.post("/sync/leases", wish(phone.id))
    assert (full.status_code, full.json["type"]) == (409, "/problems/slot-full")
    assert full.json["alternatives"][0]["start"] == "09:30"
    for _ in range(2):
        assert phone.caller.delete(f"/sync/leases/{one['id']}", etag=None).status_code == 204
    assert len(listed(phone)) == 1 and {each["state"] for each in listed(phone, state="all")} == {"open", "returned"}
    check_books()


def test_a_promise_made_without_a_signal_becomes_an_appointment(phone, operator):
    (lease,) = taken(phone)
    made = phone.did("appointment.book", None, {"lease_id": lease["id"], "person": PERSON})
    (result,) = phone.push(made)
    assert (result["status"], result["data"]["id"], result["data"]["state"]) == ("applied", made["entity_id"], "booked")
    shown = operator.get(f"/appointments/{made['entity_id']}").json
    assert {name: shown[name] for name in result["data"]} == result["data"] and result["data"]["end"] == "09:30"
    assert (shown["start"], shown["person"]["phone"], shown["channel"]) == ("09:00", "138****1234", "phone")
    assert phone.push(made)[0]["status"] == "duplicate"
    (kept,) = listed(phone, state="redeemed")
    assert kept["appointment_id"] == made["entity_id"]
    assert phone.caller.delete(f"/sync/leases/{lease['id']}", etag=None).json["type"] == "/problems/lease-used"
    check_books()


def test_a_promise_that_comes_too_late_is_refused_with_the_nearest_seats_and_kept_for_a_person(phone, operator, now):
    (lease,) = taken(phone)
    sql.execute("UPDATE seat_lease SET expires_at = ?", (int(now.timestamp() * 1e6),))
    for serial in (1, 2):
        assert operator.post("/appointments", appointment(serial)).status_code == 201
    result = phone.one("appointment.book", None, {"lease_id": lease["id"], "person": PERSON})
    assert (result["status"], result["problem"]["type"]) == ("rejected", "/problems/slot-full")
    assert result["problem"]["alternatives"][0]["start"] == "09:30"
    assert phone.one("errand.note", new_id(), {"text": "后面的不受影响"})["status"] == "rejected"
    assert [each["type"] for each in phone.caller.get("/sync/inbox").json["items"]][0] == "appointment.book"
    check_books()


def test_an_agent_books_by_a_lease_only_and_staff_of_the_desk_without_one(phone, operator):
    plain = appointment(7) | {"channel": "desk"}
    assert phone.one("appointment.book", None, plain)["problem"]["type"] == "/problems/forbidden"
    desk = Phone(operator)
    assert desk.one("appointment.book", None, plain)["status"] == "applied"
    missing = desk.one("appointment.book", None, {"person": PERSON})
    assert missing["problem"]["type"] == "/problems/invalid-input"
    (lease,) = taken(phone)
    strange = desk.one("appointment.book", None, {"lease_id": lease["id"], "person": PERSON | {"phone": "13805760000"}})
    assert strange["problem"]["type"] == "/problems/not-found"
    check_books()


def test_an_appointment_never_has_the_id_of_a_lease_whose_end_would_free_its_seat(phone):
    first, second = taken(phone, count=2)
    promise = {"lease_id": first["id"], "person": PERSON}
    for taken_id in (first["id"], second["id"]):
        refused = phone.one("appointment.book", taken_id, promise)
        assert (refused["status"], refused["problem"]["type"]) == ("rejected", "/problems/id-taken")
    assert phone.caller.delete(f"/sync/leases/{second['id']}", etag=None).status_code == 204
    assert phone.one("appointment.book", None, promise)["status"] == "applied"
    check_books()


def test_who_gives_a_phone_up_gives_its_seats_back(phone):
    taken(phone, count=2)
    assert phone.caller.delete(f"/sync/devices/{phone.id}", etag=None).status_code == 204
    assert sql.value("SELECT count(*) FROM seat_lease WHERE state = 'open'") == 0
    check_books()


def test_a_lease_needs_a_phone_of_ones_own_that_is_in_use(phone, neighbour):
    assert neighbour.post("/sync/leases", wish(phone.id)).status_code == 404
    assert neighbour.post("/sync/leases", wish("nothing")).status_code == 404
    other = Phone(phone.caller)
    phone.caller.delete(f"/sync/devices/{other.id}", etag=None)
    refused = cast.sign_in(phone.caller.client, cast.AGENT).post("/sync/leases", wish(other.id))
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/device-revoked")


def test_without_a_place_and_a_time_it_is_the_centre_and_whatever_the_day_has(phone):
    body = {"device_id": phone.id, "date": DAY.isoformat(), "service": "general", "count": 3}
    found = phone.caller.post("/sync/leases", body).json["leases"]
    assert [(each["unit_code"], each["start"]) for each in found] == [
        (UNIT, "09:00"), (UNIT, "09:30"), (UNIT, "10:00")
    ]
    many = phone.caller.post("/sync/leases", body | {"count": 8})
    assert (many.status_code, many.json["type"], many.json["open"]) == (409, "/problems/too-many-leases", 3)
