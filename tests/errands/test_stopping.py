"""Suspensions, interruptions and extensions of an errand, as those at the desk and the resident meet them."""
import pytest

from tests import cast
from tests.cast import errand
from tests.errands import projections
from tests.errands.test_story import accepted, completed, path, registered

HEARING = {"reason": "hearing", "notice": "因听证暂停计时，听证预计需五个工作日。"}
TEN_DAYS = "RS-002"
"""A promise of 11 WD, and papers that are all there."""


def suspend(caller, case, **more):
    return caller.post(path(case, "suspensions"), HEARING | more)


def resume(caller, case, mode="resume", **more):
    return caller.put(path(case, "suspensions/current/end"), {"mode": mode}, **more)


def extend(caller, case, days=5, **more):
    return caller.put(path(case, "extension"), {"working_days": days, "reason": "案情复杂"}, **more)


def reason_of(answer):
    return answer.status_code, answer.json["type"].removeprefix("/problems/")


@pytest.fixture
def case(agent, fixed_clock):
    """A promise of 7 WD accepted Mon 2 March 2026 10:00: due Wed 11 March."""
    fixed_clock.set("2026-03-02 10:00")
    return accepted(agent)


@pytest.mark.parametrize(("mode", "due", "used", "left"), [
    ("resume", "2026-03-17", 2, 5), ("restart", "2026-03-19", 0, 7),
])
def test_a_suspended_errand_stands_and_runs_on_or_begins_anew(
    agent, case, fixed_clock, mode, due, used, left, stranger
):
    """Rules 1.4: suspended Thu 5, resumed Tue 10 March; neither day counts."""
    assert case["due_at"] == "2026-03-11T17:30:00+08:00"
    fixed_clock.set("2026-03-05 10:00")
    answer = suspend(agent, case)
    assert answer.status_code == 201 and answer.headers["ETag"] == agent.get(path(case)).headers["ETag"]
    stands = answer.json
    assert (stands["state"], stands["due_at"], stands["light"]) == ("suspended", None, "none")
    assert (stands["used_working_days"], stands["remaining_working_days"]) == (2, 5)
    fixed_clock.set("2026-03-10 09:00")
    days = agent.get(path(case, "clock")).json["days"]
    assert (days[-1]["date"], days[-1]["reason"]) == ("2026-03-10", "suspended")
    back = resume(agent, case, mode).json
    assert (back["state"], back["due_at"]) == ("accepted", f"{due}T17:30:00+08:00")
    assert (back["used_working_days"], back["remaining_working_days"]) == (used, left)
    why = {"resume": "suspended", "restart": "interrupted"}[mode]
    told = agent.get(path(case, "clock")).json
    assert [day["date"] for day in told["days"] if day["reason"] == why] == [f"2026-03-{n:02d}" for n in range(5, 11)]
    assert sum(day["counted"] for day in told["days"]) == 7 and told["days"][-1]["date"] == due
    steps = stranger.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json["steps"]
    assert [step["what"] for step in steps[2:]] == ["暂停计时", {
        "resume": "恢复计时", "restart": "恢复办理，重新计时"}[mode]]
    assert projections.wrong() == []


def test_what_stopped_an_errand_is_listed_with_its_notice(agent, case, fixed_clock, neighbour):
    suspend(agent, case)
    fixed_clock.set("2026-03-04 09:00")
    resume(agent, case, "restart")
    suspend(agent, case, reason="testing", notice="送检")
    first, second = agent.get(path(case, "suspensions")).json["items"]
    assert first == {
        "n": 1, "errand_id": case["id"], **HEARING, "from_at": "2026-03-02T10:00:00+08:00",
        "to_at": "2026-03-04T09:00:00+08:00", "mode": "restart", "by": case["agent"], "version": 2,
    }
    assert (second["n"], second["reason"], second["to_at"], second["mode"]) == (2, "testing", None, None)
    assert agent.get(path(case, "suspensions/2")).json == second
    page = agent.get(path(case, "suspensions?limit=1")).json
    assert agent.get(path(case, f"suspensions?cursor={page['next_cursor']}")).json["items"] == [second]
    assert agent.get(path(case, "suspensions/3")).status_code == 404
    assert neighbour.get(path(case, "suspensions")).status_code == 404
    assert neighbour.get(path(case, "suspensions/1")).status_code == 404


def test_a_suspended_errand_is_not_suspended_again_and_one_that_runs_not_resumed(agent, case):
    assert reason_of(resume(agent, case)) == (409, "illegal-move")
    assert suspend(agent, case).status_code == 201
    refused = suspend(agent, case)
    assert reason_of(refused) == (409, "illegal-move")
    assert (refused.json["state"], refused.json["possible"]) == ("suspended", ["resume", "withdraw"])
    assert "已暂停" in refused.json["detail"]
    assert reason_of(agent.put(path(case, "completion"), {"outcome": "granted", "result": "已办"}))[0] == 409
    assert agent.get(path(case, "suspensions")).json["items"][0]["to_at"] is None


def test_touching_suspensions_and_one_within_a_day(agent, case, fixed_clock):
    """Tue 3 stopped and resumed; Thu 5 to Fri 6, and on that Friday again until Mon 9: 7 WD end on Tue 17."""
    for start, end in (("2026-03-03 09:00", "2026-03-03 16:00"), ("2026-03-05 09:00", "2026-03-06 09:00"),
                       ("2026-03-06 09:00", "2026-03-09 18:00")):
        fixed_clock.set(start)
        assert suspend(agent, case).status_code == 201
        fixed_clock.set(end)
        last = resume(agent, case).json
    assert last["due_at"] == "2026-03-17T17:30:00+08:00"
    assert projections.wrong() == []


def test_a_stop_before_close_of_the_due_day_moves_it_and_a_later_one_does_not(agent, case, fixed_clock):
    fixed_clock.set("2026-03-11 17:30:00")
    other = accepted(agent)
    late = suspend(agent, case).json
    assert (late["due_at"], late["state"]) == ("2026-03-11T17:30:00+08:00", "suspended")
    fixed_clock.set("2026-03-12 09:00")
    assert (resume(agent, case, "restart").json["due_at"], agent.get(path(case)).json["light"]) == (
        "2026-03-11T17:30:00+08:00", "red",
    )
    fixed_clock.set("2026-03-20 17:29:59")
    agent = cast.sign_in(agent.client, cast.AGENT)
    assert (agent.get(path(other)).json["due_at"], suspend(agent, other).json["due_at"]) == (
        "2026-03-20T17:30:00+08:00", None,
    )
    fixed_clock.set("2026-03-23 09:00")
    assert resume(agent, other).json["due_at"] == "2026-03-24T17:30:00+08:00"


@pytest.mark.parametrize(("change", "field"), [
    ({"reason": "holiday"}, "reason"), ({"notice": ""}, "notice"), ({"notice": "  "}, "notice"),
    ({"notice": None}, "notice"), ({"days": 5}, "days"),
])
def test_a_suspension_needs_its_legal_reason_and_a_written_notice(agent, case, change, field):
    """Administrative Licensing Law art. 45."""
    refused = suspend(agent, case, **change)
    assert refused.status_code == 422 and list(refused.json["errors"]) == [field]
    assert agent.get(path(case)).json["state"] == "accepted"


def test_before_acceptance_and_after_completion_nothing_is_suspended(agent):
    for case in (registered(agent), completed(agent)):
        assert reason_of(suspend(agent, case)) == (409, "illegal-move")
        assert reason_of(resume(agent, case)) == (409, "illegal-move")


def test_a_stale_caller_is_told_and_a_repeated_one_gets_the_same(agent, case):
    old = case["version"] - 1
    assert suspend_with(agent, case, f'"{old}-0"').status_code == 412
    first = agent.post(path(case, "suspensions"), HEARING, key="suspend-0001")
    again = agent.post(path(case, "suspensions"), HEARING, key="suspend-0001")
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert len(agent.get(path(case, "suspensions")).json["items"]) == 1
    assert resume(agent, case, etag=f'"{old}-0"').status_code == 412
    key = {"Idempotency-Key": "resume-0001"}
    etag = agent.get(path(case)).headers["ETag"]
    assert [resume(agent, case, etag=etag, headers=key).status_code for _ in range(2)] == [200, 200]
    assert resume(agent, case, etag=etag).status_code == 409


def suspend_with(caller, case, etag):
    return caller.post(path(case, "suspensions"), HEARING, headers={"If-Match": etag})


def test_a_withdrawn_suspension_taken_back_stands_again_and_leads_on(agent, township, case, fixed_clock):
    fixed_clock.set("2026-03-04 09:00")
    suspend(agent, case)
    agent.put(path(case, "withdrawal"), {"reason": "不办了"})
    assert township.post(path(case, "reversals"), {"reason": "误点"}).json["state"] == "suspended"
    fixed_clock.set("2026-03-06 09:00")
    back = resume(agent, case).json
    assert (back["state"], back["due_at"]) == ("accepted", "2026-03-16T17:30:00+08:00")
    assert projections.wrong() == []


def test_the_township_extends_once_before_the_limit_has_passed(agent, township, case, fixed_clock, stranger):
    """Administrative Licensing Law art. 42; the due moment itself is in time."""
    fixed_clock.set("2026-03-11 17:30:00")
    answer = extend(township, case, 10)
    assert answer.status_code == 200
    assert (answer.json["due_at"], answer.json["remaining_working_days"]) == ("2026-03-25T17:30:00+08:00", 11)
    told = agent.get(path(case, "clock")).json
    assert (told["budget_working_days"], sum(day["counted"] for day in told["days"])) == (17, 17)
    refused = extend(township, case, 1)
    assert reason_of(refused) == (409, "already-extended") and refused.json["extended_working_days"] == 10
    event = agent.get(path(case, "events")).json["items"][-1]
    assert event["detail"] == {
        "working_days": 10, "reason": "案情复杂",
        "from": "2026-03-11T17:30:00+08:00", "to": "2026-03-25T17:30:00+08:00",
    }
    steps = stranger.post("/progress", {"number": case["number"], "phone_last4": "1234"}).json["steps"]
    assert steps[-1]["what"] == "延长办理期限"
    assert projections.wrong() == []


def test_a_second_too_late_nothing_is_extended(township, case, fixed_clock):
    fixed_clock.set("2026-03-11 17:30:01")
    assert reason_of(extend(township, case)) == (409, "limit-passed")


@pytest.mark.parametrize(("days", "status"), [(0, 422), (16, 422), (11, 422), (15, 422), (10, 200), (1, 200)])
def test_at_most_ten_days_by_one_department(township, case, days, status):
    answer = extend(township, case, days)
    assert answer.status_code == status
    if status == 422:
        assert list(answer.json["errors"]) == ["working_days"]


def test_who_answers_for_an_errand_does_not_extend_it(agent, township, operator, case):
    assert extend(agent, case).status_code == 403
    assert extend(operator, case).status_code == 403
    me = township.get("/me").json["id"]
    own = township.post("/errands", errand(unit_code=cast.VILLAGE, agent_id=me)).json
    township.put(path(own, "acceptance"))
    assert reason_of(extend(township, own)) == (403, "forbidden")


def test_an_extension_of_what_stands_or_is_over_or_not_begun_is_refused(agent, township, case):
    for other in (registered(agent), completed(agent)):
        assert reason_of(extend(township, other)) == (409, "illegal-move")
    suspend(agent, case)
    assert reason_of(extend(township, case)) == (409, "illegal-move")


@pytest.mark.parametrize("code", ["GY-001", "RS-005"])
def test_only_a_promise_is_extended(agent, township, code):
    """An instant item, and a report item's sending up, have no limit that art. 42 could extend."""
    papers = [{"name": paper["name"], "received": True} for paper in agent.get(f"/items/{code}").json["materials"]]
    case = accepted(agent, item_code=code, materials=papers)
    assert reason_of(extend(township, case)) == (409, "not-extendable")


def test_an_extension_with_a_stale_version_or_without_is_refused(township, case):
    assert extend(township, case, etag='"1-0"').status_code == 412
    assert extend(township, case, etag=None).status_code == 428


def test_an_extended_errand_that_is_interrupted_begins_its_whole_budget_anew(agent, township, case, fixed_clock):
    extend(township, case, 3)
    fixed_clock.set("2026-03-04 09:00")
    suspend(agent, case)
    fixed_clock.set("2026-03-09 09:00")
    assert resume(agent, case, "restart").json["due_at"] == "2026-03-23T17:30:00+08:00"
    assert agent.get(path(case, "clock")).json["budget_working_days"] == 10
