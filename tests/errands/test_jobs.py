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


NEW_YEAR = {"year": 2027, "papers": [], "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True}, {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
]}


def test_an_announced_year_moves_stopped_and_extended_clocks_and_leaves_finished_ones(
    district_app, fixed_clock
):
    """Rules 1.1: 7 + 6 WD from Tue 15 Dec 2026, stood Thu 17 to Mon 21; 1 and 4 Jan 2027 become days off."""
    fixed_clock.set("2026-12-15 09:00")
    agent, township = (
        cast.sign_in(district_app.test_client(), who) for who in (cast.AGENT, cast.OFFICE_OF_TOWNSHIP)
    )
    mandate = {"given_by": "voice", "expires_on": "2027-06-30"}
    cases = [accepted(agent, mandate=mandate) for _ in range(3)]
    for case in cases:
        extension = {"working_days": 6, "reason": "案情复杂"}
        assert township.put(f"/errands/{case['id']}/extension", extension).status_code == 200
    fixed_clock.set("2026-12-17 09:00")
    for case in cases:
        agent.post(f"/errands/{case['id']}/suspensions", {"reason": "testing", "notice": "送检"})
    fixed_clock.set("2026-12-21 09:00")
    for case in cases[:2]:
        agent.put(f"/errands/{case['id']}/suspensions/current/end", {"mode": "resume"})
    agent.put(f"/errands/{cases[1]['id']}/completion", {"outcome": "granted", "result": "已办"})
    reproject(fixed_clock)
    before = [agent.get(f"/errands/{case['id']}").json for case in cases]
    assert [one["due_at"] and one["due_at"][:10] for one in before] == ["2027-01-06", "2027-01-06", None]
    admin = cast.sign_in(district_app.test_client(), "admin")
    assert admin.post("/calendar/years", NEW_YEAR).status_code == 201
    assert reproject(fixed_clock) == 2
    moved = [agent.get(f"/errands/{case['id']}").json for case in cases]
    assert moved[0]["due_at"] == "2027-01-08T17:30:00+08:00" and not moved[0]["provisional"]
    assert moved[1] == before[1]
    assert moved[2] == before[2] | {"provisional": False, "version": before[2]["version"] + 1}
    told = agent.get(f"/errands/{cases[0]['id']}/events").json["items"][-1]["detail"]
    assert told == {"from": before[0]["due_at"], "to": moved[0]["due_at"]}
    assert projections.wrong() == []
