"""Hours are cut, seats added: nothing is cancelled silently, and each conflict ends."""
from datetime import date, timedelta

import pytest

from backend.appointments.actions import conflicts, freeing, offers
from backend.appointments.jobs import laying
from backend.core import clock, sql
from tests import cast
from tests.appointments.offers import body, rule
from tests.appointments.seats import ACTOR, booked

DAY, LATER = date(2026, 11, 4), date(2026, 11, 5)
CONFLICTS, RULES = "/booking-conflicts", f"/units/{cast.VILLAGE}/booking-rules"
OVERRIDES = f"/units/{cast.VILLAGE}/seat-overrides"


@pytest.fixture
def office(district_app, fixed_clock):
    """The township's office on Monday 2 November, with three seats an hour in the morning."""
    fixed_clock.set("2026-11-02 09:00")
    caller = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    assert caller.put(RULES, body(rule("09:00", "12:00", capacity=3))).status_code == 200
    sql.execute("DELETE FROM booking_rules WHERE unit_code <> ?", (cast.VILLAGE,))
    return caller


def cells(column="booked"):
    found = sql.plain(f"SELECT minute, {column} AS v, booked, capacity, wanted FROM cell WHERE day_on = '2026-11-04'")
    assert sum(cell["booked"] for cell in found) == sql.value("SELECT count(*) FROM allocation")
    return {cell["minute"]: cell["v"] for cell in found}


def test_cut_hours_make_conflicts_of_the_latest_and_call_tasks(office, fixed_clock):
    made = [booked(DAY, 540, who, now=fixed_clock.advance(minutes=1)) for who in ("赵一", "钱二", "孙三")]
    assert office.put(RULES, body(rule("09:00", "12:00", capacity=1))).status_code == 200
    found = office.get(CONFLICTS).json["items"]
    assert {one["appointment_id"] for one in found} == set(made[1:])
    assert {(one["start"], one["date"], one["cause"], one["state"]) for one in found} == {
        ("09:00", "2026-11-04", "rules", "open")
    }
    assert cells("capacity")[540] == 3 and cells("wanted")[540] == 1
    tasks = office.get("/call-tasks").json["items"]
    assert {task["subject_id"] for task in tasks if task["reason"] == "booking_conflict"} == set(made[1:])
    assert conflicts.look_again(cast.VILLAGE, DAY, actor=ACTOR, now=fixed_clock.now()) == 0


def test_a_conflict_ends_when_its_appointment_leaves_or_its_seat_is_back(office, fixed_clock):
    first, second = (booked(DAY, 540, who, now=fixed_clock.advance(minutes=1)) for who in ("赵一", "钱二"))
    office.put(RULES, body(rule("09:00", "12:00", capacity=1)))
    assert len(office.get(CONFLICTS).json["items"]) == 1
    freeing.free(first, actor=ACTOR, now=fixed_clock.now())
    assert office.get(f"{CONFLICTS}?state=settled").json["items"][0]["how"] == "seat_back"
    office.put(RULES, body())
    (one,) = office.get(CONFLICTS).json["items"]
    assert one["appointment_id"] == second and cells() == {540: 1}
    freeing.free(second, actor=ACTOR, now=fixed_clock.now())
    assert office.get(f"{CONFLICTS}/{one['id']}").json["how"] == "left"
    assert [task["state"] for task in office.get("/call-tasks?state=all").json["items"]] == ["done", "done"]


def test_a_conflict_ends_as_left_when_she_is_moved_within_the_day(office, fixed_clock):
    made = booked(DAY, 660, "赵一", now=fixed_clock.now())
    office.put(RULES, body(rule("09:00", "10:00", capacity=3)))
    moved = office.put(f"/appointments/{made}/rescheduling", {"date": DAY.isoformat(), "start": "09:00"})
    assert moved.status_code == 200
    assert [one["how"] for one in office.get(f"{CONFLICTS}?state=settled").json["items"]] == ["left"]


def test_a_seat_that_came_back_by_itself_is_seen_by_the_job(office, fixed_clock):
    first = booked(DAY, 540, "赵一", now=fixed_clock.now())
    office.put(RULES, body())
    sql.execute("DELETE FROM allocation WHERE appointment_id = ?", (first,))
    sql.execute("UPDATE cell SET booked = 0 WHERE booked = 1")
    assert laying.settle_conflicts(actor=ACTOR, now=fixed_clock.now()) == 1
    assert laying.settle_conflicts(actor=ACTOR, now=fixed_clock.now()) == 0


def test_staff_settle_a_conflict_once_and_the_same_one_does_not_come_back(office, operator, fixed_clock, neighbour):
    booked(DAY, 540, "赵一", now=fixed_clock.now())
    office.put(RULES, body())
    (one,) = office.get(CONFLICTS).json["items"]
    path = f"{CONFLICTS}/{one['id']}/settlement"
    assert neighbour.get(f"{CONFLICTS}/{one['id']}").status_code in (401, 404)
    office_again = office.put(path, {"note": "改为上门办理"})
    assert office_again.status_code == 200 and office_again.json["how"] == "agreed"
    assert office.put(path, {"note": "改为上门办理"}).status_code == 409
    office.put(RULES, body(rule("14:00", "15:00")))
    assert office.get(CONFLICTS).json["items"] == []


def test_a_conflict_whose_time_is_over_ends_by_itself(office, fixed_clock):
    booked(DAY, 540, "赵一", now=fixed_clock.now())
    office.put(RULES, body())
    now = fixed_clock.set("2026-11-04 09:00")
    assert laying.settle_conflicts(actor=ACTOR, now=now) == 1
    assert sql.value("SELECT how FROM booking_conflict") == "over"


def test_a_closed_office_makes_conflicts_within_a_minute(office, fixed_clock, district_app):
    booked(DAY, 540, "赵一", now=fixed_clock.now())
    admin = cast.sign_in(district_app.test_client(), "admin")
    admin.post("/calendar/closures", {"date": "2026-11-04", "unit_code": cast.TOWNSHIP, "reason": "停电"})
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 1
    assert [one["cause"] for one in office.get(CONFLICTS).json["items"]] == ["closure"]
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 0


def test_a_unit_that_leaves_office_makes_conflicts_within_a_minute(office, fixed_clock, district_app):
    admin = cast.sign_in(district_app.test_client(), "admin")
    stays, goes = (booked(day, 540, who, now=fixed_clock.now()) for day, who in ((DAY, "赵一"), (LATER, "钱二")))
    leaving = {"valid_to": LATER.isoformat(), "successor_code": cast.NEIGHBOUR}
    assert admin.patch(f"/units/{cast.VILLAGE}", leaving).status_code == 200
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 12, "5 to 16 November"
    (one,) = office.get(CONFLICTS).json["items"]
    assert (one["appointment_id"], one["cause"]) == (goes, "closure") and stays != goes
    assert [task["subject_id"] for task in office.get("/call-tasks").json["items"]] == [goes]
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 0


def test_a_roster_or_an_approved_leave_that_takes_seats_makes_conflicts_at_once(office, agent, fixed_clock):
    agent = cast.sign_in(agent.client, cast.AGENT)
    both = [caller.get("/me").json["id"] for caller in (agent, office)]
    shifts = [
        {"date": DAY.isoformat(), "account_id": who, "desk": "1", "from": "09:00", "to": "12:00", "services": [],
         "kind": "duty"} for who in both
    ]
    office.put(RULES, body(rule("09:00", "12:00", capacity=3), roster_required=True))
    roster = f"/units/{cast.VILLAGE}/rosters/2026-11"
    assert office.put(roster, {"shifts": shifts}).status_code == 200
    first, second = (booked(DAY, 540, who, now=fixed_clock.advance(minutes=1)) for who in ("赵一", "钱二"))
    assert first and second and not booked(DAY, 540, "孙三", now=fixed_clock.now())
    leave = agent.post("/rosters/leaves", {"from": DAY.isoformat(), "to": DAY.isoformat(), "reason": "病假"}).json
    assert office.get(CONFLICTS).json["items"] == []
    assert office.put(f"/rosters/leaves/{leave['id']}/approval").status_code == 200
    (one,) = office.get(CONFLICTS).json["items"]
    assert (one["appointment_id"], one["cause"]) == (second, "roster")
    office.put(f"/rosters/leaves/{leave['id']}/withdrawal")
    assert office.get(CONFLICTS).json["items"] == []
    office.put(roster, {"shifts": shifts[:1]})
    assert len(office.get(CONFLICTS).json["items"]) == 1
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 0


def test_staff_add_seats_with_a_reason_and_take_them_back(office, fixed_clock):
    given = {"date": "2026-11-04", "from": "09:00", "to": "10:00", "seats": 2, "reason": "社保集中办理"}
    added = office.post(OVERRIDES, given)
    assert added.status_code == 201 and added.json["desk"] is None
    assert (cells("wanted")[540], cells("wanted")[570], cells("wanted")[600]) == (5, 5, 3)
    slots = office.get(f"/units/{cast.VILLAGE}/slots?service=a&from=2026-11-04&to=2026-11-04").json["items"]
    assert (slots[0]["free"], slots[0]["free_self"]) == (5, 3)
    for minute in range(4):
        booked(DAY, 540, f"赵{minute}", now=fixed_clock.advance(minutes=1))
    office.put(RULES, body(rule("09:00", "12:00", capacity=2)))
    assert office.get(CONFLICTS).json["items"] == [] and cells("wanted")[540] == 4
    path = f"{OVERRIDES}/{added.json['id']}"
    assert office.get(OVERRIDES).json["items"] == [office.get(path).json]
    assert office.delete(path, etag=added.headers["ETag"]).status_code == 204
    assert len(office.get(CONFLICTS).json["items"]) == 2 and office.get(path).status_code == 404
    for wrong in ({"date": "2026-11-01"}, {"from": "18:00", "to": "19:00"}, {"to": "09:00"}, {"desk": "9"}):
        assert office.post(OVERRIDES, given | wrong).status_code == 422


def test_the_job_reads_only_units_that_are_behind_and_lays_the_new_day(office, fixed_clock):
    assert laying.lay_days(actor=ACTOR, now=fixed_clock.now()) == 0
    before = sql.value("SELECT max(day_on) FROM cell_day")
    now = fixed_clock.set("2026-11-03 00:01")
    assert laying.lay_days(actor=ACTOR, now=now) == 1
    latest = date.fromisoformat(sql.value("SELECT max(day_on) FROM cell_day"))
    assert latest == date.fromisoformat(before) + timedelta(days=1) == clock.local_date(now) + timedelta(days=14)


def test_a_pass_of_the_job_is_bounded_and_the_next_one_goes_on(office, fixed_clock, monkeypatch):
    monkeypatch.setattr(laying, "MOST_DAYS", 4)
    sql.execute("DELETE FROM cell_day")
    sql.execute("UPDATE booking_rules SET laid_on = ''")
    assert [laying.lay_days(actor=ACTOR, now=fixed_clock.now()) for _ in range(5)] == [4, 4, 4, 3, 0]
    assert offers.lay(cast.VILLAGE, actor=ACTOR, now=fixed_clock.now()) == 0
