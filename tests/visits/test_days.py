"""An agent's day over the API: what is booked stands, what waits is proposed where it costs least."""
import pytest

from backend.core import sql
from tests import cast
from tests.visits.calls import DAY, asked, me, scheduled, sent, time, wish

WEST, NEAR, EAST = (28.60, 121.20), (28.65, 121.26), (28.70, 121.32)


@pytest.fixture(autouse=True)
def autumn(district_app, fixed_clock):
    sql.execute("UPDATE unit SET latitude = ?, longitude = ? WHERE code = ?", (*NEAR, cast.VILLAGE))
    return fixed_clock.set("2026-10-09 10:00")


def at(place):
    return {"latitude": place[0], "longitude": place[1]}


def day_of(caller, account_id, day=DAY):
    return sent(caller.get(f"/agents/{account_id}/day-plan?date={day}"))


def test_a_day_has_what_is_booked_and_proposes_what_waits(agent):
    booked = scheduled(agent, "10:00", **at(NEAR))
    near = asked(agent, **at(NEAR))
    far = asked(agent, **at(EAST), window={"date": DAY, "from": "14:00", "to": "17:00"})
    none = asked(agent, **at(WEST), window={"date": DAY, "from": "10:00", "to": "11:00"})
    plan = day_of(agent, me(agent))
    told = [(stop["visit_id"], stop["kind"], stop["start"], stop["travel_minutes"]) for stop in plan["stops"]]
    assert told[:2] == [(near["id"], "proposed", "09:00", 0), (booked["id"], "booked", "10:00", 0)]
    assert told[2][:3] == (far["id"], "proposed", "14:00") and told[2][3] > 20
    assert [(one["visit_id"], one["why"]) for one in plan["unplanned"]] == [(none["id"], "no_room")]
    assert plan["travel_minutes"] == 2 * told[2][3]
    assert "28.7" not in str(plan)
    assert day_of(agent, me(agent), "2026-10-13")["stops"] == []
    assert sent(agent.get("/visits?state=requested"))["items"]


def test_a_way_that_is_not_known_takes_as_long_as_was_said(agent):
    scheduled(agent, "09:00")
    asked(agent, window={"date": DAY, "from": "10:00", "to": "12:00"})
    stops = day_of(agent, me(agent))["stops"]
    assert [(stop["start"], stop["travel_minutes"]) for stop in stops] == [("09:00", 20), ("10:40", 40)]


def test_a_colleagues_visit_elsewhere_is_a_time_only(agent, township, operator, district_app):
    visit = asked(agent)
    sent(township.put(f"/visits/{visit['id']}/schedule", time(operator)))
    own = day_of(operator, me(operator))["stops"]
    assert [stop["visit_id"] for stop in own] == [visit["id"]]
    sql.execute("UPDATE account SET unit_code = ? WHERE username = ?", (cast.TOWNSHIP, cast.NEIGHBOUR_AGENT))
    colleague = cast.sign_in(district_app.test_client(), cast.NEIGHBOUR_AGENT)
    told = day_of(colleague, me(operator))["stops"]
    assert [(stop["start"], stop["visit_id"], stop["resident"]) for stop in told] == [("09:00", None, None)]
    assert day_of(township, me(operator))["stops"][0]["resident"]["name"] == wish()["resident"]["name"]
    assert agent.get(f"/agents/{me(operator)}/day-plan?date={DAY}").status_code == 404
    assert agent.get(f"/agents/{me(agent)}/day-plan").status_code == 422
