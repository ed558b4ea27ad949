"""What an errand shows of its clock at the very edges: close of business, days off, new year, closures."""
import pytest

from tests import cast
from tests.errands.test_story import path, registered


def papers(agent, code):
    return [{"name": paper["name"], "received": True} for paper in agent.get(f"/items/{code}").json["materials"]]


INSTANT, ONE_DAY, PROMISE, REPORT = "GY-001", "GY-003", "MZ-003", "RS-005"


@pytest.mark.parametrize(("code", "accepted", "due", "why"), [
    (INSTANT, "2026-02-12 10:00", "2026-02-12T17:30", "the same day"),
    (INSTANT, "2026-02-12 17:30", "2026-02-12T17:30", "exactly at close is in time"),
    (INSTANT, "2026-02-12 17:30:01", "2026-02-13T17:30", "after close: the next working day"),
    (INSTANT, "2026-02-14 09:00", "2026-02-14T17:30", "a make-up Saturday is a working day"),
    (INSTANT, "2026-02-14 18:00", "2026-02-24T17:30", "over the whole Spring Festival"),
    (INSTANT, "2026-02-17 09:00", "2026-02-24T17:30", "on a holiday"),
    (INSTANT, "2026-02-12 00:00", "2026-02-12T17:30", "before opening"),
    (ONE_DAY, "2026-02-12 23:59:59", "2026-02-13T17:30", "the day of acceptance is never counted"),
    (ONE_DAY, "2026-02-14 09:00", "2026-02-24T17:30", "1 WD over the festival"),
    (REPORT, "2026-02-12 10:00", "2026-02-24T17:30", "sent up within 3 WD, whatever the promise"),
    (PROMISE, "2026-02-15 12:00", "2026-03-03T17:30", "accepted on a holiday: 7 WD after it; 28 Feb is worked"),
])
def test_an_errand_is_due_where_the_law_says(agent, fixed_clock, code, accepted, due, why):
    """Rules 1.2, 1.3."""
    fixed_clock.set(accepted)
    case = registered(agent, item_code=code, materials=papers(agent, code))
    assert case["due_at"] is None and case["light"] == "none"
    case = agent.put(path(case, "acceptance")).json
    assert case["due_at"] == f"{due}:00+08:00", why
    assert not case["provisional"]
    clock = agent.get(path(case, "clock")).json
    assert clock["due_at"] == case["due_at"]


def test_at_close_of_the_due_day_it_is_in_time_and_a_second_later_it_is_not(agent, fixed_clock):
    case = registered(agent, item_code=ONE_DAY, materials=papers(agent, ONE_DAY))
    agent.put(path(case, "acceptance"))
    told = {}
    for moment in ("2026-02-12 17:31", "2026-02-13 17:30:00", "2026-02-13 17:30:01", "2026-02-14 17:31"):
        fixed_clock.set(moment)
        shown = agent.get(path(case)).json
        told[moment] = shown["light"], shown["used_working_days"], shown["remaining_working_days"]
        assert [i["light"] for i in agent.get(f"/errands?light={shown['light']}").json["items"]] == [shown["light"]]
    assert told == {
        "2026-02-12 17:31": ("none", 0, 1), "2026-02-13 17:30:00": ("none", 0, 1),
        "2026-02-13 17:30:01": ("red", 1, -1), "2026-02-14 17:31": ("red", 2, -1),
    }


@pytest.mark.parametrize(("moment", "light"), [("2026-02-13 17:30:00", "none"), ("2026-02-13 17:30:01", "red")])
def test_what_was_completed_keeps_the_light_it_had(agent, fixed_clock, moment, light):
    """Rules 4: a finished case never turns red afterwards, and a late one never turns back."""
    case = registered(agent, item_code=ONE_DAY, materials=papers(agent, ONE_DAY))
    agent.put(path(case, "acceptance"))
    fixed_clock.set(moment)
    agent.put(path(case, "completion"), {"outcome": "granted", "result": "已办"})
    fixed_clock.set("2026-03-12 09:00")
    shown = agent.get(path(case)).json
    assert (shown["light"], shown["remaining_working_days"]) == (light, None)


def test_a_due_date_in_a_year_not_announced_is_provisional(district_app, fixed_clock):
    fixed_clock.set("2026-12-28 10:00")
    agent = cast.sign_in(district_app.test_client(), cast.AGENT)
    case = registered(agent, mandate={"given_by": "voice", "expires_on": "2027-06-30"})
    case = agent.put(path(case, "acceptance")).json
    assert case["due_at"] == "2027-01-06T17:30:00+08:00"
    assert case["provisional"] is True


def test_a_day_lost_to_a_typhoon_is_not_counted_where_it_was_lost(agent, admin, district_app):
    body = {"date": "2026-02-13", "unit_code": cast.TOWNSHIP, "reason": "台风"}
    assert admin.post("/calendar/closures", body).status_code == 201
    far = cast.sign_in(district_app.test_client(), f"agent-{cast.FAR_VILLAGE}")
    due = []
    for caller in (agent, far):
        case = registered(caller, item_code=ONE_DAY, materials=papers(caller, ONE_DAY))
        due.append(caller.put(path(case, "acceptance")).json["due_at"])
    assert due == ["2026-02-14T17:30:00+08:00", "2026-02-13T17:30:00+08:00"]


@pytest.mark.parametrize(("claimed", "version"), [
    ("2026-02-12T23:59:59+08:00", 1), ("2026-02-13T00:00:00+08:00", 2), (None, 2),
    ("2026-02-13T10:04:00+08:00", 2), ("2027-02-12T10:00:00+08:00", 2), ("2025-02-12T10:00:00+08:00", 2),
    ("2026-02-11T10:00:00+08:00", 2),
])
def test_the_version_is_that_of_a_credible_claim_else_of_receipt(agent, admin, fixed_clock, claimed, version):
    """Rules 2.1; the clock runs from receipt whatever was claimed."""
    item = admin.get("/items/MZ-003").json
    draft = {name: item[name] for name in (
        "name", "kind", "legal_days", "process", "materials", "fee", "intake_levels", "department",
    ) if name in item} | {"code": "MZ-003", "promised_days": 5}
    made = admin.post("/items/MZ-003/versions", draft)
    assert made.status_code == 201, made.get_data(as_text=True)
    put = admin.put("/items/MZ-003/versions/2/publication", {"valid_from": "2026-02-13"})
    assert put.status_code == 200, put.get_data(as_text=True)
    fixed_clock.set("2026-02-13 10:00")
    case = registered(agent, **({"claimed_at": claimed} if claimed else {}))
    assert case["item"]["version"] == version
    assert case["received_at"] == "2026-02-13T10:00:00+08:00"
    admin.put("/items/MZ-003/versions/2/withdrawal", {"reason": "事项取消"})
    case = agent.put(path(case, "acceptance")).json
    assert case["due_at"] == {1: "2026-03-02T17:30:00+08:00", 2: "2026-02-27T17:30:00+08:00"}[version]
