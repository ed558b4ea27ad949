"""Open errands follow the calendar: closures and newly announced years move them, once, on record."""
from backend.core import clock, sql
from backend.core.actor import system
from backend.errands.jobs import following as jobs
from tests import cast
from tests.cast import errand
from tests.errands import projections


def accepted(agent, **changes):
    case = agent.post("/errands", errand(**changes)).json
    return agent.put(f"/errands/{case['id']}/acceptance").json


def reproject(fixed_clock):
    return jobs.reproject(actor=system("reproject-errands"), now=fixed_clock.now())


def close(admin, day, unit=cast.TOWNSHIP):
    answer = admin.post("/calendar/closures", {"date": day, "unit_code": unit, "reason": "台风停工"})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json


def test_a_closure_moves_the_open_errands_of_its_subtree_and_says_so(agent, admin, fixed_clock):
    """Rules 1.5: 7 WD accepted 12 Feb are due 28 Feb; a closed 25 Feb makes it Mon 2 Mar."""
    case = accepted(agent)
    assert case["due_at"] == "2026-02-28T17:30:00+08:00"
    reproject(fixed_clock)
    close(admin, "2026-02-25")
    assert reproject(fixed_clock) == 1
    moved = agent.get(f"/errands/{case['id']}").json
    assert moved["due_at"] == "2026-03-02T17:30:00+08:00"
    assert agent.get(f"/errands/{case['id']}/clock").json["days"][-1]["date"] == "2026-03-02"
    told = agent.get(f"/errands/{case['id']}/events").json["items"][-1]
    assert told["action"] == "reproject"
    assert told["detail"] == {"from": "2026-02-28T17:30:00+08:00", "to": "2026-03-02T17:30:00+08:00"}


def test_a_change_is_followed_once(agent, admin, fixed_clock):
    accepted(agent)
    close(admin, "2026-02-25")
    assert [reproject(fixed_clock), reproject(fixed_clock)] == [1, 0]


def test_finished_errands_and_other_subtrees_stay(agent, admin, fixed_clock):
    """Rules 1.1: only open clocks move."""
    done = accepted(agent)
    agent.put(f"/errands/{done['id']}/completion", {"outcome": "granted", "result": "已办结"})
    open_one = accepted(agent)
    close(admin, "2026-02-25", cast.FAR_TOWNSHIP)
    close(admin, "2026-02-26", cast.NEIGHBOUR)
    assert reproject(fixed_clock) == 0
    close(admin, "2026-02-27", cast.VILLAGE)
    assert reproject(fixed_clock) == 1
    assert agent.get(f"/errands/{done['id']}").json["due_at"] == "2026-02-28T17:30:00+08:00"
    assert agent.get(f"/errands/{open_one['id']}").json["due_at"] == "2026-03-02T17:30:00+08:00"


def test_a_closure_taken_back_moves_them_back(agent, admin, fixed_clock):
    case = accepted(agent)
    closure = close(admin, "2026-02-25")
    reproject(fixed_clock)
    assert admin.delete(f"/calendar/closures/{closure['id']}").status_code == 204
    assert reproject(fixed_clock) == 1
    assert agent.get(f"/errands/{case['id']}").json["due_at"] == "2026-02-28T17:30:00+08:00"


def test_what_was_accepted_before_there_were_clocks_gets_one(agent, fixed_clock):
    case = accepted(agent)
    new = agent.post("/errands", errand()).json
    sql.execute("DELETE FROM clock")
    sql.execute("UPDATE errand SET silence_at = NULL")
    sql.execute("UPDATE errand_calendar SET stamp = 0")
    reproject(fixed_clock)
    assert projections.wrong() == []
    kinds = sql.rows("SELECT subject_id, kind, budget_days FROM clock")
    assert [(row["subject_id"], row["kind"], row["budget_days"]) for row in kinds] == [(case["id"], "promise", 7)]
    silence = sql.value("SELECT silence_at FROM errand WHERE id = ?", (new["id"],))
    assert clock.wire_micros(silence) == "2026-02-26T17:30:00+08:00"
