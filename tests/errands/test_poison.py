"""One errand that no job can deal with keeps no other waiting."""
import pytest

from backend.clocks.actions import giving
from backend.core import sql
from backend.core.actor import system
from backend.errands.actions import inheriting, silence, timing, warning
from backend.errands.jobs import following
from backend.errands.jobs import inheriting as heirs
from backend.errands.jobs import silence as silent
from backend.errands.jobs import warning as telling
from tests import cast
from tests.clocks.watched import account, tick


@pytest.fixture
def cases(agent):
    return [agent.post("/errands", cast.errand()).json for _ in range(3)]


@pytest.fixture
def accept(agent, cases):
    return lambda: [agent.put(f"/errands/{case['id']}/acceptance") for case in cases]


@pytest.fixture
def poison(monkeypatch, cases):
    """Make an action fail for whatever has to do with the first errand."""
    def of(module, name, bad):
        real = getattr(module, name)

        def work(asked, *args, **more):
            if bad in (asked if isinstance(asked, list) else [asked]):
                raise RuntimeError
            return real(asked, *args, **more)

        monkeypatch.setattr(module, name, work)

    return of


def run(job, fixed_clock):
    return job(actor=system("test"), now=fixed_clock.now())


def test_silence_accepts_the_others(cases, poison, fixed_clock):
    poison(silence, "accept", cases[0]["id"])
    fixed_clock.set("2026-03-10 10:00")
    assert [run(silent.accept_in_silence, fixed_clock) for _ in range(2)] == [2, 0]


def test_cards_of_the_others_are_given_and_told(cases, accept, poison, fixed_clock):
    accept()
    first = sql.value("SELECT id FROM clock WHERE subject_id = ?", (cases[0]["id"],))
    poison(giving, "give_due", first)
    assert [tick(fixed_clock.set("2026-02-26 17:31")) for _ in range(2)] == [2, 0]
    fixed_clock.set("2026-02-27 08:30")
    poison(warning, "tell", sql.value("SELECT min(id) FROM card"))
    assert [run(telling.tell_cards, fixed_clock) for _ in range(2)] == [1, 0]


def test_the_others_are_inherited(cases, admin, poison, fixed_clock):
    admin.put(f"/accounts/{account(cast.AGENT)}/disabling", {"reason": "调离"})
    poison(inheriting, "inherit", cases[0]["id"])
    assert [run(heirs.inherit, fixed_clock) for _ in range(2)] == [2, 0]


def test_the_others_follow_the_calendar_and_the_one_left_out_is_tried_again(
    cases, accept, admin, poison, fixed_clock, monkeypatch
):
    accept()
    run(following.reproject, fixed_clock)
    admin.post("/calendar/closures", {"date": "2026-02-25", "unit_code": cast.TOWNSHIP, "reason": "台风停工"})
    poison(timing, "reproject", cases[0]["id"])
    assert [run(following.reproject, fixed_clock) for _ in range(2)] == [2, 0]
    monkeypatch.undo()
    assert [run(following.reproject, fixed_clock) for _ in range(2)] == [1, 0]
