"""Findings, the zero-refusal register, work outside office hours: who sees what, and that nothing is lost."""
import pytest

from backend.core import sql
from backend.core.actor import system
from backend.errands.jobs import diligence
from tests import cast
from tests.errands.paper import book, hand_in, line
from tests.errands.test_notices import MISSING, PART, job, tell
from tests.errands.test_story import accepted, path, registered

REFERRAL = {"where": "临海市民政局", "phone": "0576-85111111", "bring": ["户口簿"], "whom": "低保窗口"}
DECLINE = {"reason": "户籍不在本区", "referral": REFERRAL}


def items(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json["items"]


def silent(caller, fixed_clock, **more):
    case = registered(caller, **PART, **more)
    fixed_clock.set("2026-02-27 09:00")
    job(fixed_clock)
    return case


def test_an_officer_sees_his_own_findings_the_township_its_subtrees_supervision_the_districts(
    agent, neighbour, township, admin, district_app, fixed_clock
):
    case = silent(agent, fixed_clock)
    (found,) = items(agent.get("/findings"))
    assert (found["errand_number"], found["officer"]) == (case["number"], case["agent"])
    for who in ("supervisor", "admin", cast.OFFICE_OF_TOWNSHIP):
        assert items(cast.sign_in(district_app.test_client(), who).get("/findings")) == [found]
    assert agent.get(f"/findings/{found['id']}").json == found
    for stranger in (neighbour, cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)):
        assert items(stranger.get("/findings")) == []
        absent = stranger.get("/findings/0190aaaa-0000-7000-8000-000000000000")
        foreign = stranger.get(f"/findings/{found['id']}")
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json | {"instance": ""} == absent.json | {"instance": ""}
    for who in (cast.HANDLER, "office", "project-agent"):
        assert cast.sign_in(district_app.test_client(), who).get("/findings").status_code == 403


def test_findings_are_filtered_by_unit_and_officer_and_come_latest_first(agent, township, fixed_clock):
    case = registered(agent, **PART)
    other = registered(township, unit_code=cast.TOWNSHIP, agent_id=township.get("/me").json["id"], **PART)
    tell(agent, case)
    second = tell(agent, case, legal_basis="某法第一条")
    fixed_clock.set("2026-02-27 09:00")
    job(fixed_clock)
    found = items(township.get("/findings"))
    assert [one["kind"] for one in found] == ["no_one_time_notice", "second_notice"]
    assert [one["errand_id"] for one in found] == [other["id"], second.json["id"]]
    assert items(township.get(f"/findings?unit_code={cast.VILLAGE}")) == found[1:]
    assert items(township.get(f"/findings?unit_code={cast.TOWNSHIP}")) == found
    assert items(township.get(f"/findings?account_id={case['agent']['id']}")) == found[1:]
    assert items(agent.get(f"/findings?unit_code={cast.VILLAGE}")) == found[1:]
    assert items(township.get(f"/findings?unit_code={cast.FAR_VILLAGE}")) == []
    first = township.get("/findings?limit=1").json
    assert items(township.get(f"/findings?limit=1&cursor={first['next_cursor']}")) == found[1:]


def test_every_no_stands_in_the_register_with_reason_way_on_who_and_when(agent, township, neighbour, fixed_clock):
    declined = registered(agent)
    agent.put(path(declined, "declination"), DECLINE)
    for outcome in ("refused", "returned", "granted", "advised"):
        case = accepted(agent)
        fixed_clock.advance(minutes=1)
        agent.put(path(case, "completion"), {"outcome": outcome, "result": "如下", "reason": f"因{outcome}"})
    found = items(township.get("/refusals"))
    assert [entry["kind"] for entry in found] == ["returned", "refused", "declined"]
    assert [entry["reason"] for entry in found] == ["因returned", "因refused", "户籍不在本区"]
    assert found[-1] == {
        "id": found[-1]["id"], "errand_id": declined["id"], "errand_number": declined["number"],
        "errand_state": "declined", "item": {"code": "MZ-003", "version": 1, "name": "临时救助"},
        "unit_code": cast.VILLAGE, "kind": "declined", "reason": "户籍不在本区", "referral": REFERRAL,
        "made_at": "2026-02-12T10:00:00+08:00", "by": declined["agent"],
    }
    assert items(agent.get("/refusals")) == found
    assert items(neighbour.get("/refusals")) == []
    first = township.get("/refusals?limit=2").json
    assert first["items"] + items(township.get(f"/refusals?limit=2&cursor={first['next_cursor']}")) == found


@pytest.mark.parametrize(("query", "count"), [
    ("from=2026-02-12&to=2026-02-12", 1), ("from=2026-02-13", 0), ("to=2026-02-11", 0), ("from=2026-02-12", 1),
    (f"unit_code={cast.VILLAGE}", 1), (f"unit_code={cast.DISTRICT}", 1), (f"unit_code={cast.NEIGHBOUR}", 0),
    (f"unit_code={cast.NEIGHBOUR}&unit_code={cast.VILLAGE}", 1),
])
def test_the_register_is_asked_by_unit_and_days(agent, township, query, count):
    agent.put(path(registered(agent), "declination"), DECLINE)
    assert len(items(township.get(f"/refusals?{query}"))) == count


def test_a_declination_that_was_lost_to_a_race_is_not_entered(agent):
    case = registered(agent)
    agent.put(path(case, "acceptance"))
    assert agent.put(path(case, "declination"), DECLINE).status_code == 409
    assert sql.value("SELECT count(*) FROM refusal") == 0


def count(fixed_clock):
    return diligence.count_off_hours(actor=system("count-off-hours"), now=fixed_clock.now())


def test_work_outside_office_hours_shows_on_each_event_and_is_counted_once_by_account(
    agent, township, neighbour, fixed_clock
):
    case = registered(agent)
    for moment in ("2026-02-12 12:30", "2026-02-12 19:00", "2026-02-14 10:00", "2026-02-15 10:00"):
        fixed_clock.set(moment)
        agent.post(path(case, "notes"), {"text": "上门"})
    events = items(agent.get(path(case, "events")))
    assert [event["off_hours"] for event in events] == [False, True, True, False, True]
    count(fixed_clock)
    assert count(fixed_clock) == 0
    expected = {"account": case["agent"], "unit_code": cast.VILLAGE, "acts": 3, "days": 2}
    assert items(agent.get("/off-hours-work")) == items(township.get("/off-hours-work")) == [expected]
    assert items(township.get("/off-hours-work?from=2026-02-13&to=2026-02-20")) == [
        expected | {"acts": 1, "days": 1}
    ]
    assert items(township.get(f"/off-hours-work?unit_code={cast.NEIGHBOUR}")) == []
    assert items(neighbour.get("/off-hours-work")) == []
    fixed_clock.advance(minutes=1)
    agent.post(path(case, "notes"), {"text": "又上门"})
    count(fixed_clock)
    assert items(agent.get("/off-hours-work"))[0]["acts"] == 4


def test_three_schedulers_count_an_act_once(agent, together, fixed_clock):
    fixed_clock.set("2026-02-15 10:00")
    registered(agent)
    answers = together(lambda _: count(fixed_clock), 3)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert sql.rows("SELECT acts FROM off_hours") == [{"acts": 1}]


def test_what_the_product_does_at_night_is_nobodys_work(agent, fixed_clock):
    case = silent(agent, fixed_clock)
    assert [event["off_hours"] for event in items(agent.get(path(case, "events")))] == [False, False]
    count(fixed_clock)
    assert sql.value("SELECT count(*) FROM off_hours") == 0


@pytest.mark.parametrize("query", ["from=2026-02-02&to=2026-02-01", "from=2024-01-01&to=2026-01-01", "from=x"])
def test_days_that_make_no_sense_are_refused(agent, query):
    assert agent.get(f"/off-hours-work?{query}").status_code == 422


def test_a_notice_is_an_act_outside_hours_as_any_other(agent, fixed_clock):
    case = registered(agent, **PART)
    fixed_clock.set("2026-02-12 18:00")
    tell(agent, case, MISSING)
    assert items(agent.get(path(case, "events")))[-1]["off_hours"] is True


def test_what_a_paper_register_says_of_a_sunday_long_ago_is_no_work_of_who_imports_it(agent, fixed_clock):
    answer = hand_in(agent, book(line(1, received="2024-03-17")), "0001")
    assert agent.put(f"/errands/imports/{answer.json['id']}/confirmation").status_code == 200
    case = items(agent.get("/errands?state=closed"))[0]
    assert case["received_at"].startswith("2024-03-17")
    assert [event["off_hours"] for event in items(agent.get(path(case, "events")))] == [False]
    count(fixed_clock)
    assert sql.value("SELECT count(*) FROM off_hours") == 0
