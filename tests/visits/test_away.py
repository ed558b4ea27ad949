"""Visits whose agent will not come: told once, found by a filter, settled by giving them to somebody."""
import pytest

from backend.core import sql
from backend.core.actor import system
from backend.people.actions import accounts
from backend.visits import jobs
from tests import cast
from tests.visits.calls import DAY, me, moved, scheduled, sent, set_for, time


@pytest.fixture(autouse=True)
def autumn(fixed_clock):
    return fixed_clock.set("2026-10-09 10:00")


def warned(fixed_clock):
    return jobs.warn_of_absence(actor=system("test"), now=fixed_clock.now())


def away(caller):
    return [one["id"] for one in sent(caller.get("/visits?agent_away=true"))["items"]]


def tasks(caller):
    found = sent(caller.get("/call-tasks"))["items"]
    return [one["subject_id"] for one in found if one["reason"] == "visit_agent_away"]


def told():
    return sql.value("SELECT count(*) FROM notice WHERE template = 'visit_agent_away'")


def off(account_id, state="approved"):
    sql.execute(
        "INSERT INTO leave (id, unit_code, township_code, district_code, account_id, from_on, to_on, reason, state, "
        "asked_by, asked_at, version) VALUES ('1', ?, ?, ?, ?, ?, ?, '', ?, '', 0, 1)",
        (cast.VILLAGE, cast.TOWNSHIP, cast.DISTRICT, account_id, DAY, DAY, state),
    )


def test_a_leave_approved_later_is_told_once_and_settled_by_giving_the_visit_away(agent, operator, fixed_clock):
    visit, other = scheduled(agent), sent(set_for(agent, scheduled(agent, "14:00"), "09:00", date="2026-10-13"))
    off(me(agent), "asked")
    assert warned(fixed_clock) == 0
    sql.execute("UPDATE leave SET state = 'approved'")
    assert [warned(fixed_clock), warned(fixed_clock)] == [1, 0]
    assert (away(agent), tasks(agent), told()) == ([visit["id"]], [visit["id"]], 1)
    sent(agent.put(f"/visits/{visit['id']}/schedule", time(operator)))
    assert (away(agent), tasks(agent), warned(fixed_clock)) == ([], [], 0)
    assert other["state"] == "scheduled"


def test_who_comes_after_all_is_not_reported_any_more(agent, fixed_clock):
    visit = scheduled(agent)
    off(me(agent))
    assert warned(fixed_clock) == 1
    sql.execute("UPDATE leave SET state = 'withdrawn'")
    assert warned(fixed_clock) == 0
    assert (away(agent), tasks(agent)) == ([], [])
    assert moved(agent, visit, "departure")["state"] == "en_route"


def test_visits_of_a_disabled_and_of_a_moved_account_are_told(agent, township, fixed_clock):
    here, own = scheduled(agent), me(agent)
    sql.execute("UPDATE account SET unit_code = ? WHERE id = ?", (cast.NEIGHBOUR, own))
    assert warned(fixed_clock) == 1 and away(township) == [here["id"]]
    sql.execute("UPDATE account SET unit_code = ? WHERE id = ?", (cast.VILLAGE, own))
    assert warned(fixed_clock) == 0 and away(township) == []
    later = scheduled(agent, "14:00")
    accounts.disable(own, reason="离职", actor=system("test"), now=fixed_clock.now())
    assert warned(fixed_clock) == 2 and set(away(township)) == {here["id"], later["id"]}
    sent(township.put(f"/visits/{later['id']}/cancellation", {}))
    assert later["id"] not in away(township) + tasks(township)
