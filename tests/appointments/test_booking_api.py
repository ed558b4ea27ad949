"""An appointment over HTTP: booked by the operator for a caller, confirmed, moved, kept, missed."""
import pytest

from backend.appointments.rules import channels
from backend.core import sql
from backend.people.rules.tries import Limit
from tests import cast
from tests.appointments.booked import DAY, UNIT, appointment, cells, check_books, offer, rules

NINE = 540


@pytest.fixture(autouse=True)
def centre(district_app, now):
    offer(rules(), now)
    yield
    check_books()


def slug(answer):
    return answer.status_code, answer.json["type"].removeprefix("/problems/")


def test_the_operator_books_for_a_caller_and_reads_the_number_back(operator):
    body = appointment(caller={"name": "李四", "phone": "0576-84110001"}, service="long")
    body["person"]["id_number"] = cast.id_number(7)
    made = operator.post("/appointments", body)
    assert (made.status_code, made.json["state"], made.json["start"], made.json["end"]) == (
        201, "booked", "09:00", "10:00"
    )
    assert made.json["person"] == {
        "name": "王桂香", "phone": "138****0001", "id_number": f"3{'*' * 16}{cast.id_number(7)[-1]}",
    }
    assert made.json["caller"] == {"name": "李四", "phone": "057*****0001", "id_number": None}
    assert made.json["number"].replace("-", " ") in made.json["read_back"] and "周五" in made.json["read_back"]
    assert cells()[540] == cells()[570] == cells()[600] == (1, 0) and cells()[630] == (0, 0)
    row = sql.plain("SELECT * FROM appointment")[0]
    assert "13857610001" not in str(row) and "王桂香" not in str(row)


def test_a_repeated_request_is_answered_by_the_same_appointment_as_it_is_now(operator, stranger):
    for caller, changes in ((operator, {}), (stranger, {"channel": "self", "start": "10:00"})):
        first = caller.post("/appointments", appointment(**changes), key="the-same-key")
        operator.put(f"/appointments/{first.json['id']}/cancellation")
        again = caller.post("/appointments", appointment(**changes), key="the-same-key")
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
        assert (again.json["id"], again.json["state"]) == (first.json["id"], "cancelled")
    assert sql.value("SELECT count(*) FROM appointment") == 2


def test_a_person_has_one_appointment_of_a_service_and_day(operator):
    assert operator.post("/appointments", appointment()).status_code == 201
    assert slug(operator.post("/appointments", appointment(start="11:00"))) == (409, "already-booked")
    assert operator.post("/appointments", appointment(service="long", start="10:00")).status_code == 201
    spaced = appointment(start="11:00")
    spaced["person"] = {"name": "王 桂香", "phone": "138-5761-0001"}
    assert slug(operator.post("/appointments", spaced)) == (409, "already-booked")


def test_a_full_slot_names_the_three_nearest_free_ones(operator):
    for serial in (1, 2):
        assert operator.post("/appointments", appointment(serial, start="10:00")).status_code == 201
    full = operator.post("/appointments", appointment(3, start="10:00"))
    assert slug(full) == (409, "slot-full")
    day = DAY.isoformat()
    assert full.json["alternatives"] == [
        {"date": day, "start": "09:30", "end": "10:00"}, {"date": day, "start": "10:30", "end": "11:00"},
        {"date": day, "start": "09:00", "end": "09:30"},
    ]
    assert slug(operator.post("/appointments", appointment(1, start="10:00"))) == (409, "already-booked")


def test_who_books_by_himself_leaves_the_protected_seats(stranger, operator):
    assert stranger.post("/appointments", appointment(1, channel="self")).status_code == 201
    assert slug(stranger.post("/appointments", appointment(2, channel="self"))) == (409, "slot-full")
    assert operator.post("/appointments", appointment(2)).status_code == 201
    assert cells()[NINE] == (2, 1)


REFUSED = (
    ({"service": "unknown"}, (409, "no-such-slot")),
    ({"start": "09:10"}, (409, "no-such-slot")),
    ({"start": "12:00", "service": "long"}, (409, "no-such-slot")),
    ({"date": "2026-02-21"}, (409, "no-such-slot")),
    ({"date": "2026-02-27"}, (409, "not-yet-open")),
    ({"date": "2026-02-12", "start": "10:00"}, (409, "cutoff-passed")),
    ({"date": "2026-02-11"}, (409, "cutoff-passed")),
    ({"unit_code": cast.FAR_TOWNSHIP}, (422, "invalid-input")),
    ({"start": "9:00"}, (422, "invalid-input")),
    ({"person": {"name": "王桂香", "phone": "123"}}, (422, "invalid-input")),
    ({"person": {"name": "王桂香"}}, (422, "invalid-input")),
)


def test_what_cannot_be_booked_is_refused_by_name(operator):
    for changes, told in REFUSED:
        assert slug(operator.post("/appointments", appointment(**changes))) == told, changes
    assert sql.value("SELECT count(*) FROM appointment") == 0


def test_a_unit_without_rules_offers_nothing(stranger):
    body = appointment(channel="self", unit_code=cast.FAR_TOWNSHIP)
    assert slug(stranger.post("/appointments", body)) == (409, "no-such-slot")


def test_without_account_only_for_oneself(stranger, agent):
    assert slug(stranger.post("/appointments", appointment())) == (401, "not-signed-in")
    assert slug(agent.post("/appointments", appointment(unit_code=cast.VILLAGE))) == (403, "forbidden")


def test_an_address_books_so_many_by_itself_and_not_more(stranger, operator, monkeypatch):
    monkeypatch.setattr(channels, "MADE_BY_SOURCE", Limit("booking-source", 2))
    assert stranger.post("/appointments", appointment(1, channel="self")).status_code == 201
    again = stranger.post("/appointments", appointment(1, channel="self", start="10:00"))
    assert slug(again) == (409, "already-booked")
    slowed = stranger.post("/appointments", appointment(2, channel="self", start="10:00"))
    assert slug(slowed) == (429, "too-many-requests") and "Retry-After" in slowed.headers
    assert operator.post("/appointments", appointment(2)).status_code == 201


def test_a_hold_keeps_its_seat_for_five_minutes(operator, fixed_clock):
    held = operator.post("/appointments", appointment(1, hold=True)).json
    assert (held["state"], held["held_until"]) == ("held", "2026-02-12T10:05:00+08:00")
    fixed_clock.advance(minutes=4, seconds=59)
    confirmed = operator.put(f"/appointments/{held['id']}/confirmation")
    assert (confirmed.status_code, confirmed.json["state"], confirmed.json["held_until"]) == (200, "booked", None)
    assert slug(operator.put(f"/appointments/{held['id']}/confirmation")) == (409, "illegal-move")


def test_a_lapsed_hold_is_gone_by_the_clock_and_its_seat_is_sold(operator, fixed_clock):
    held = [operator.post("/appointments", appointment(serial, hold=True)).json["id"] for serial in (1, 2)]
    assert slug(operator.post("/appointments", appointment(3))) == (409, "slot-full")
    fixed_clock.advance(minutes=5)
    assert slug(operator.put(f"/appointments/{held[0]}/confirmation")) == (410, "hold-lapsed")
    assert slug(operator.put(f"/appointments/{held[0]}/rescheduling", {"date": "2026-02-13", "start": "10:00"})) == (
        410, "hold-lapsed"
    )
    assert operator.post("/appointments", appointment(3)).status_code == 201
    assert operator.post("/appointments", appointment(1, start="11:00")).status_code == 201
    assert sql.value("SELECT count(*) FROM appointment WHERE state = 'expired'") == 2
    assert slug(operator.put(f"/appointments/{held[0]}/confirmation")) == (410, "hold-lapsed")


def test_who_holds_by_himself_confirms_by_the_id(stranger, operator):
    held = stranger.post("/appointments", appointment(1, channel="self", hold=True)).json["id"]
    assert stranger.put(f"/appointments/{held}/confirmation").json["state"] == "booked"
    other = operator.post("/appointments", appointment(2, hold=True)).json["id"]
    assert slug(stranger.put(f"/appointments/{other}/confirmation")) == (404, "not-found")
    assert slug(stranger.put(f"/appointments/{other}/confirmation", etag=None)) == (404, "not-found")


def test_an_account_that_holds_for_itself_elsewhere_confirms_what_it_made_and_nothing_else(agent, neighbour, operator):
    held = agent.post("/appointments", appointment(1, channel="self", hold=True))
    path = f"/appointments/{held.json['id']}/confirmation"
    assert slug(neighbour.put(path)) == (403, "forbidden")
    assert slug(agent.put(path, etag=None)) == (428, "if-match-required")
    taken = agent.put(path, etag=held.headers["ETag"])
    assert (taken.status_code, taken.json["state"]) == (200, "booked")
    other = operator.post("/appointments", appointment(2, hold=True)).json["id"]
    assert slug(agent.put(f"/appointments/{other}/confirmation")) == (403, "forbidden")


def test_moving_claims_the_new_and_frees_the_old(operator):
    made = operator.post("/appointments", appointment(1, service="long"))
    moved = operator.put(
        f"/appointments/{made.json['id']}/rescheduling", {"date": "2026-02-13", "start": "09:30"},
        etag=made.headers["ETag"],
    )
    assert (moved.status_code, moved.json["start"], moved.json["end"]) == (200, "09:30", "10:30")
    assert moved.json["moves"] == 1
    assert moved.headers["ETag"] != made.headers["ETag"]
    assert [minute for minute, (booked, _) in cells().items() if booked] == [570, 600, 630]
    again = operator.put(
        f"/appointments/{made.json['id']}/rescheduling", {"date": "2026-02-14", "start": "09:30"},
        etag=made.headers["ETag"],
    )
    assert slug(again) == (412, "stale-version")


def test_where_the_new_time_is_full_the_old_one_stays(operator):
    for serial in (1, 2):
        operator.post("/appointments", appointment(serial, start="10:00"))
    made = operator.post("/appointments", appointment(3)).json
    refused = operator.put(f"/appointments/{made['id']}/rescheduling", {"date": made["date"], "start": "10:00"})
    assert slug(refused) == (409, "slot-full") and len(refused.json["alternatives"]) == 3
    assert operator.get(f"/appointments/{made['id']}").json["start"] == "09:00"
    assert cells()[NINE] == (1, 0)


def test_staff_may_move_who_booked_by_himself_to_any_seat(stranger, operator):
    made = stranger.post("/appointments", appointment(1, channel="self")).json
    stranger.post("/appointments", appointment(2, channel="self", start="10:00"))
    moved = operator.put(f"/appointments/{made['id']}/rescheduling", {"date": made["date"], "start": "10:00"})
    assert (moved.status_code, moved.json["channel"]) == (200, "phone")
    assert (cells()[NINE], cells()[600]) == ((0, 0), (2, 1))


def test_moving_to_a_day_on_which_she_has_one_is_refused(operator):
    operator.post("/appointments", appointment(1, date="2026-02-24"))
    made = operator.post("/appointments", appointment(1)).json
    refused = operator.put(f"/appointments/{made['id']}/rescheduling", {"date": "2026-02-24", "start": "11:00"})
    assert slug(refused) == (409, "already-booked")


def test_cancelling_gives_the_seat_back_and_lets_her_book_anew(operator):
    made = operator.post("/appointments", appointment(1))
    etag = made.headers["ETag"]
    path = f"/appointments/{made.json['id']}/cancellation"
    assert slug(operator.put(path, {"reason": "家里有事"}, etag=None)) == (428, "if-match-required")
    gone = operator.put(path, {"reason": "家里有事"}, etag=etag)
    assert (gone.status_code, gone.json["state"], gone.json["reason"]) == (200, "cancelled", "家里有事")
    assert slug(operator.put(path, etag=etag)) == (409, "illegal-move")
    assert cells()[NINE] == (0, 0)
    assert operator.post("/appointments", appointment(1)).status_code == 201


def test_she_comes_and_is_served(operator, fixed_clock):
    made = operator.post("/appointments", appointment(1)).json
    fixed_clock.set("2026-02-13 08:55")
    operator = cast.sign_in(operator.client, cast.OPERATOR)
    path = f"/appointments/{made['id']}"
    assert slug(operator.put(f"{path}/completion")) == (409, "illegal-move")
    assert operator.put(f"{path}/check-in").json["state"] == "checked_in"
    done = operator.put(f"{path}/completion").json
    assert (done["state"], done["ended_at"]) == ("done", "2026-02-13T08:55:00+08:00")
    told = [event["action"] for event in operator.get(f"{path}/events").json["items"]]
    assert told == ["book", "check_in", "complete"]


def test_a_no_show_is_confirmed_after_a_grace_of_fifteen_minutes(operator, fixed_clock):
    made = operator.post("/appointments", appointment(1)).json
    fixed_clock.set("2026-02-13 09:14:59")
    operator = cast.sign_in(operator.client, cast.OPERATOR)
    path = f"/appointments/{made['id']}/no-show"
    early = operator.put(path)
    assert slug(early) == (409, "grace-runs") and early.json["until"] == "2026-02-13T09:15:00+08:00"
    fixed_clock.set("2026-02-13 09:15")
    assert operator.put(path).json["state"] == "no_show"
    assert cells()[NINE] == (0, 0)


def test_who_may_see_it(operator, agent, township, stranger, district_app):
    made = operator.post("/appointments", appointment(1)).json["id"]
    for caller in (agent, cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)):
        assert slug(caller.get(f"/appointments/{made}")) == (404, "not-found")
        assert caller.get("/appointments").status_code == 200
        assert caller.get("/appointments").json["items"] == []
    assert township.get(f"/appointments/{made}").status_code == 200
    assert slug(stranger.get(f"/appointments/{made}")) == (401, "not-signed-in")
    assert UNIT in str(township.get("/appointments").json)


def test_the_full_numbers_are_another_act(operator):
    body = appointment(caller={"name": "李四", "phone": "0576-84110001"})
    made = operator.post("/appointments", body).json["id"]
    shown = operator.post(f"/appointments/{made}/full-view", {"reason": "核对电话"})
    assert (shown.status_code, shown.json["full"]) == (201, True)
    assert (shown.json["person"]["phone"], shown.json["caller"]["phone"]) == ("13857610001", "057684110001")
    assert operator.get(f"/appointments/{made}/events").json["items"][-1]["detail"]["reason"] == "核对电话"
    assert sql.value("SELECT count(*) FROM full_view WHERE resident_id = ?", (made,)) == 1
