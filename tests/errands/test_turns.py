"""Who may extend, what may be taken back, and which clocks then run on: table by table."""
from datetime import datetime, timedelta

import pytest

from backend.core import clock
from backend.core.problems import Forbidden, Invalid
from backend.errands import rules
from backend.errands.rules import turns

NOW = datetime(2026, 3, 11, 17, 30, tzinfo=clock.ZONE)


def ticking(kind=rules.PROMISE, ended=None, **more):
    return {"kind": kind, "ended_at": ended, "budget_days": 7, "extended_days": 0, "due_at": NOW,
            "department_code": None, "started_at": NOW - timedelta(days=5), "part": 0} | more


@pytest.mark.parametrize(("role", "account", "heads", "allowed"), [
    ("township", "t", (), True), ("township", "a", (), False), ("agent", "a", (), False), ("agent", "b", (), False),
    ("operator", "o", (), False), ("handler", "h", ("h",), True), ("handler", "h", (), False),
    ("handler", "h", ("g",), False), ("handler", "a", ("a",), False), ("supervisor", "s", ("s",), False),
])
def test_the_township_or_the_head_of_the_steps_department_extends_and_never_the_cases_own_agent(
    role, account, heads, allowed
):
    """Rules 1.4; Administrative Licensing Law art. 42."""
    if allowed:
        turns.check_extender(role, account, "a", set(heads))
    else:
        with pytest.raises(Forbidden):
            turns.check_extender(role, account, "a", set(heads))


@pytest.mark.parametrize(("found", "refusal"), [
    ([ticking()], None),
    ([], turns.NotExtendable),
    ([ticking(budget_days=0)], turns.NotExtendable),
    ([ticking(rules.SENDING_UP)], turns.NotExtendable),
    ([ticking(rules.TELLING)], turns.NotExtendable),
    ([ticking(ended=NOW)], turns.NotExtendable),
    ([ticking(ended=NOW), ticking()], None),
    ([ticking(extended_days=1)], turns.AlreadyExtended),
    ([ticking(due_at=NOW - timedelta(seconds=1))], turns.LimitPassed),
    ([ticking(due_at=NOW - timedelta(seconds=1), extended_days=1)], turns.AlreadyExtended),
])
def test_a_running_promise_is_extended_once_and_in_time(found, refusal):
    def check():
        turns.check_extension(turns.promise_of(found), NOW)

    if refusal is None:
        check()
    else:
        with pytest.raises(refusal):
            check()


def step(department, ended=None):
    return ticking(rules.STEP, ended, department_code=department)


@pytest.mark.parametrize(("days", "departments", "allowed"), [
    (1, (), True), (10, (), True), (11, (), False), (11, ("MZ",), False), (15, ("MZ", "RS"), True),
    (11, ("MZ", "RS", "GY"), True), (10, ("MZ", "RS"), True),
])
def test_more_than_ten_days_take_two_departments(days, departments, allowed):
    if allowed:
        turns.check_length(days, departments)
    else:
        with pytest.raises(Invalid) as refused:
            turns.check_length(days, departments)
        assert list(refused.value.errors) == ["working_days"]


@pytest.mark.parametrize("verb", [*sorted({verb for _, verb in rules.MOVES}), None])
def test_only_the_five_steps_are_taken_back(verb):
    """Rules 3.1: before delivery; a step taken back is none that could be taken back again."""
    allowed = verb in ("accept", "accept_by_silence", "decline", "withdraw", "complete")
    assert allowed == (verb in turns.TAKEN_BACK)
    if allowed:
        turns.check_reversible(rules.ACCEPTED, verb)
    else:
        with pytest.raises(turns.NothingToReverse) as refused:
            turns.check_reversible(rules.ACCEPTED, verb)
        assert refused.value.extra["possible"] == ["forward", "suspend", "extend", "complete", "withdraw"]


@pytest.mark.parametrize("role", ["agent", "operator", "handler", "office", "supervisor", "admin"])
def test_only_the_township_takes_back(role):
    turns.check_reverser("township")
    with pytest.raises(Forbidden):
        turns.check_reverser(role)


EARLIER = NOW - timedelta(days=2)
HAND_IN, OLD = ticking(rules.HAND_IN, EARLIER), ticking(ended=EARLIER)
DUTY, STEPPED, ANSWERED = ticking(ended=NOW), step("MZ", NOW), step("RS", EARLIER)
RUNS, SENT = ticking(), ticking(rules.SENDING_UP, NOW)
TOLD = ticking(rules.TELLING, NOW, part=1)


@pytest.mark.parametrize(("found", "state", "finished", "handed_in", "again"), [
    ([HAND_IN, OLD, DUTY], rules.REGISTERED, None, None, [HAND_IN]),
    ([HAND_IN, DUTY], rules.AWAITING, NOW, None, [HAND_IN]),
    ([HAND_IN, DUTY], rules.REGISTERED, NOW, EARLIER, []),
    ([HAND_IN, OLD, DUTY], rules.ACCEPTED, NOW, None, [DUTY]),
    ([HAND_IN, DUTY, ANSWERED, STEPPED], rules.FORWARDED, NOW, EARLIER, [DUTY, STEPPED]),
    ([DUTY, STEPPED], rules.ACCEPTED, NOW, None, [DUTY]),
    ([DUTY, STEPPED], rules.SUSPENDED, NOW, None, [DUTY, STEPPED]),
    ([OLD], rules.ACCEPTED, NOW, None, []),
    ([RUNS], rules.ACCEPTED, NOW, None, []),
    ([TOLD, SENT], rules.ACCEPTED, NOW, None, [TOLD]),
], ids=str)
def test_the_clocks_that_a_step_ended_run_on_and_no_others(found, state, finished, handed_in, again):
    assert turns.taken_up(found, state, finished, handed_in) == again


@pytest.mark.parametrize(("state", "steps", "back"), [
    ("suspended", ["errand.forward"], "forwarded"), ("suspended", [], "accepted"),
    ("suspended", ["errand.forward", "errand.answer"], "accepted"), ("accepted", ["errand.forward"], None),
    ("suspended", ["errand.forward", "errand.recall"], "accepted"),
    ("suspended", ["errand.forward", "errand.answer", "errand.forward"], "forwarded"),
])
def test_a_suspension_leads_back_to_where_its_step_lies(state, steps, back):
    assert turns.returned_from(state, steps) == back


def test_a_step_lies_where_its_clock_runs():
    assert turns.stepping([RUNS, step("MZ"), ANSWERED]) == {"MZ"}


@pytest.mark.parametrize(("verb", "silence", "after"), [
    ("accept", NOW + timedelta(1), NOW + timedelta(1)), ("accept", NOW, None), ("accept_by_silence", EARLIER, None),
    ("decline", EARLIER, None), ("decline", NOW + timedelta(1), NOW + timedelta(1)), ("withdraw", EARLIER, EARLIER),
    ("accept", None, None),
])
def test_silence_that_a_person_ended_or_took_back_decides_no_second_time(verb, silence, after):
    """Rules 3.4."""
    assert turns.silence_after(verb, silence, NOW) == after
