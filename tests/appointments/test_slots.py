"""Free slots over HTTP: the worked examples, and that a stale day is shown as it will be laid."""
import pytest

from backend.appointments.actions import building
from backend.core import sql
from backend.core.actor import system
from tests import cast
from tests.appointments.offers import body, rule, service_body
from tests.statements import count_statements

RULES, SLOTS = f"/units/{cast.VILLAGE}/booking-rules", f"/units/{cast.VILLAGE}/slots"
HOURS = [rule("08:30", "12:00"), rule("14:00", "17:30"), rule("09:00", "11:00", kind="weekend_duty")]


@pytest.fixture
def unit(township, fixed_clock):
    """A village's rules, set at some moment of 2026."""
    def set_rules(at, *rules, **more):
        fixed_clock.set(at)
        fresh = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
        answer = fresh.put(RULES, body(*rules, **more))
        assert answer.status_code == 200, answer.json
        return fresh
    return set_rules


def starts(caller, service="a", **query):
    text = "&".join(f"{name.rstrip('_')}={value}" for name, value in ({"service": service} | query).items())
    answer = caller.get(f"{SLOTS}?{text}")
    assert answer.status_code == 200, answer.json
    return [f"{one['date']} {one['start']}" for one in answer.json["items"]]


def days(caller, **query):
    return sorted({start[:10] for start in starts(caller, **query)})


def test_the_horizon_opens_at_opening_time(unit, stranger, fixed_clock):
    unit("2026-11-02 08:29", *HOURS[:2])
    assert days(stranger)[-1] == "2026-11-13"
    fixed_clock.set("2026-11-02 08:30")
    assert days(stranger)[-1] == "2026-11-16"


def test_holidays_make_up_days_and_weekend_duty(unit, stranger):
    unit("2026-09-19 12:00", *HOURS, horizon_days=30)
    found = starts(stranger)
    assert not [start for start in found if "2026-10-01" <= start < "2026-10-08"]
    for full, count in (("2026-09-20", 14), ("2026-10-10", 14), ("2026-10-17", 4)):
        assert len([start for start in found if start.startswith(full)]) == count, full
    assert [start[11:] for start in found if start.startswith("2026-10-17")] == ["09:00", "09:30", "10:00", "10:30"]


def test_a_cutoff_at_close_of_business_of_the_working_day_before(unit, stranger, fixed_clock):
    services = [service_body("a", cutoff={"kind": "working_day_close", "value": 1})]
    unit("2026-09-30 17:29", *HOURS, services=services)
    assert "2026-10-08" in days(stranger)
    fixed_clock.set("2026-09-30 17:30")
    assert days(stranger, to="2026-10-08") == []


def roster(caller, month, *shifts):
    for who, day, start, end in shifts:
        sql.execute("INSERT INTO roster_stamp (unit_code, version) VALUES (?, 1) ON CONFLICT (unit_code) "
                    "DO UPDATE SET version = roster_stamp.version + 1", (cast.VILLAGE,))
        account = sql.value("SELECT id FROM account WHERE username = ?", (who,))
        sql.execute(
            "INSERT INTO shift (id, roster_id, unit_code, day_on, account_id, desk, from_minute, to_minute, services, "
            "kind, place) VALUES (?, 'r', ?, ?, ?, '', ?, ?, '[]', 'duty', 0)",
            (f"{who[-6:]}{day}{start}", cast.VILLAGE, day, account, start, end),
        )


def test_capacity_follows_the_roster_at_once(unit, stranger):
    unit("2026-11-02 08:00", rule("08:30", "18:30", capacity=9), roster_required=True)
    assert starts(stranger) == []
    day, clerk = "2026-11-03", cast.AGENT
    roster(stranger, "2026-11", (clerk, day, 510, 690), (clerk, day, 870, 1050),
           (cast.OFFICE_OF_TOWNSHIP, day, 570, 750), (cast.OFFICE_OF_TOWNSHIP, day, 930, 1110))
    slots = stranger.get(f"{SLOTS}?service=a&from={day}&to={day}").json["items"]
    found = {one["start"]: one["capacity"] for one in slots}
    assert [found.get(at, 0) for at in ("08:30", "10:00", "12:00", "13:00", "18:00")] == [1, 2, 1, 0, 1]


def test_slots_take_at_most_three_statements_and_a_stale_day_looks_as_it_will_be_laid(unit, stranger, fixed_clock):
    unit("2026-11-02 09:00", rule("08:30", "18:30", capacity=9, self_capacity=1), roster_required=True)
    stranger.get(SLOTS)
    roster(stranger, "2026-11", (cast.AGENT, "2026-11-03", 510, 690), (cast.AGENT, "2026-11-05", 510, 690))
    with count_statements() as seen:
        stale = stranger.get(SLOTS).json
    assert len(seen) <= 3 and len(stale["items"]) == 24
    for day in ("2026-11-03", "2026-11-05"):
        building.ensure(cast.VILLAGE, fixed_clock.now().replace(day=int(day[-2:])).date(), actor=system("t"),
                        now=fixed_clock.now())
    assert stranger.get(SLOTS).json == stale


def test_pages_bounds_and_filters(unit, stranger):
    unit("2026-11-02 08:00", *HOURS)
    whole = stranger.get(SLOTS).json["items"]
    seen, cursor = [], ""
    while cursor is not None:
        page = stranger.get(f"{SLOTS}?limit=200{cursor and f'&cursor={cursor}'}").json
        seen, cursor = seen + page["items"], page["next_cursor"]
    assert seen == whole and len(whole) > 200
    assert {one["service"] for one in whole} == {"a", "b"}
    assert stranger.get(f"{SLOTS}?service=zz").json["items"] == []
    assert stranger.get(f"{SLOTS}?from=2026-11-03&to=2026-11-02").status_code == 422
    assert stranger.get(f"{SLOTS}?from=2026-11-03&to=2027-11-02").status_code == 422
    assert stranger.get("/units/999999999999/slots").status_code == 404
    assert stranger.get(f"/units/{cast.NEIGHBOUR}/slots").json == {"items": [], "next_cursor": None}


def test_booking_rules_are_a_singleton_of_the_townships(unit, agent, neighbour, operator, district_app):
    office = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    first = office.get(RULES)
    assert first.status_code == 200 and first.json["rules"] == [] and first.headers["ETag"]
    given = body(*HOURS)
    put = office.put(RULES, given, etag=first.headers["ETag"])
    assert put.status_code == 200 and put.json == given == agent.get(RULES).json
    assert office.put(RULES, given, etag=first.headers["ETag"]).status_code == 412
    assert office.put(RULES, put.json, etag=put.headers["ETag"]).status_code == 200
    assert neighbour.get(RULES).status_code == 404 and operator.put(RULES, given).status_code == 403
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    assert far.put(RULES, given).status_code == 404
    wrong = office.put(RULES, body(rule("09:00", "10:15"), rule("25:00", "26:00")))
    assert wrong.status_code == 422 and "rules.1.from" in wrong.json["errors"]
    assert "rules.0.to" in office.put(RULES, body(rule("09:00", "10:15"))).json["errors"]
    odd = [service_body("a", cutoff={"kind": "minutes_before", "value": True})]
    assert office.put(RULES, body(services=odd)).status_code == 422


def test_a_holiday_announced_or_an_office_closed_is_followed_without_anybody_writing(unit, stranger, admin):
    unit("2026-11-02 08:00", *HOURS)
    assert "2026-11-04" in days(stranger)
    day = {"date": "2026-11-04", "unit_code": cast.TOWNSHIP, "reason": "台风"}
    admin = cast.sign_in(admin.client, "admin")
    assert admin.post("/calendar/closures", day).status_code == 201
    assert "2026-11-04" not in days(stranger) and "2026-11-05" in days(stranger)


def test_the_sample_district_has_a_centre_that_can_be_booked(stranger):
    found = stranger.get("/units/331003003000/slots?service=pension").json["items"]
    assert found[0] == {"date": "2026-02-13", "start": "08:30", "end": "09:30", "service": "pension", "capacity": 3,
                        "free": 3, "free_self": 2}
