"""The head of the department where a step lies extends the errand's promise; the step's own limit stays."""
import pytest

from backend.core import sql
from backend.core.actor import HANDLER, Actor
from backend.core.problems import Forbidden, Invalid
from backend.errands.actions import stopping
from backend.errands.queries import scope, turns
from tests import cast
from tests.errands import projections
from tests.errands.test_story import accepted, path
from tests.errands.test_walks import answer, forward, person


@pytest.fixture
def seen(monkeypatch):
    """Handlers see what was forwarded to their department."""
    monkeypatch.setattr(scope, "condition", lambda actor, alias="e": (f"{alias}.id <> ?", [""]))


@pytest.fixture
def case(agent, fixed_clock, seen):
    """A promise of 7 WD, due Sat 28 Feb, whose step lies at department MZ."""
    found = accepted(agent)
    forward(found["id"], actor=person(cast.AGENT), now=fixed_clock.now())
    return found


def handler(account):
    return Actor(account["id"], account["name"], HANDLER, cast.DISTRICT, "MZ")


@pytest.fixture
def head(admin):
    """The handler of MZ, named its head."""
    account = sql.row("SELECT id, name FROM account WHERE username = ?", (cast.HANDLER.lower(),))
    assert admin.put("/posts/MZ/head", {"account_id": account["id"]}).status_code == 200
    return handler(account)


def test_the_head_of_the_department_extends_the_promise_and_not_the_step(agent, case, head, fixed_clock):
    step = sql.plain("SELECT * FROM clock WHERE kind = 'step'")
    stopping.extend(case["id"], working_days=2, reason="需部门会商", actor=head, now=fixed_clock.now())
    found = agent.get(path(case)).json
    assert (found["state"], found["due_at"]) == ("forwarded", "2026-03-03T17:30:00+08:00")
    assert sql.plain("SELECT * FROM clock WHERE kind = 'step'") == step
    assert projections.wrong() == []


def test_another_handler_and_the_head_after_the_answer_do_not(case, head, fixed_clock):
    other = Actor("0190aaaa-0000-7000-8000-000000000000", "某", HANDLER, cast.DISTRICT, "MZ")
    call = {"working_days": 2, "reason": "x", "now": fixed_clock.now()}
    with pytest.raises(Forbidden):
        stopping.extend(case["id"], actor=other, **call)
    answer(case["id"], actor=person(cast.AGENT), now=fixed_clock.now())
    with pytest.raises(Forbidden):
        stopping.extend(case["id"], actor=head, **call)


def test_two_departments_in_turn_are_joined(case, head, fixed_clock, township, agent):
    with pytest.raises(Invalid):
        stopping.extend(case["id"], working_days=11, reason="x", actor=head, now=fixed_clock.now())
    answer(case["id"], actor=person(cast.AGENT), now=fixed_clock.now())
    forward(case["id"], actor=person(cast.AGENT), now=fixed_clock.now(), department="RS")
    assert turns.departments(case["id"]) == {"MZ", "RS"}
    done = township.put(path(case, "extension"), {"working_days": 11, "reason": "两部门联合办理"})
    assert (done.status_code, done.json["due_at"]) == (200, "2026-03-16T17:30:00+08:00")
