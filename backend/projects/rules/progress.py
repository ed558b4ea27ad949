"""Which procedures open or are held back, what the plan is today, and what is next and whose it is. Pure."""
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from backend.core import clock
from backend.projects.rules import graph, states
from backend.projects.rules.days import Days

Procedure = dict[str, Any]
"""A procedure's row; its ``predecessors`` a list of codes."""


class Turned(NamedTuple):
    """What has to change: procedures that open, each with when; those that must wait again."""

    opened: list[tuple[Procedure, datetime | None]]
    blocked: list[Procedure]
    passed: int


def turned(procedures: Sequence[Procedure], ordered: Iterable[str]) -> Turned:
    """What follows from what has passed: nothing is open before all it waits for has passed (rules 8.1).

    A procedure opens at the moment at which the last of its predecessors finished, whenever that was noticed; one
    without any, with the project (None).
    """
    known = {each["code"]: each for each in procedures}
    passed: dict[str, datetime | None] = {}
    opened: list[tuple[Procedure, datetime | None]] = []
    blocked = []
    for code in ordered:
        each = known[code]
        if any(other not in passed for other in each["predecessors"]):
            if each["state"] != states.BLOCKED:
                blocked.append(each)
        elif each["state"] == states.BLOCKED:
            moments = [at for other in each["predecessors"] if (at := passed[other]) is not None]
            opened.append((each, max(moments, default=None)))
        elif states.passed(each["state"], each["outcome"]):
            passed[code] = each["finished_at"]
    return Turned(opened, blocked, len(passed))


def planned(
    procedures: Sequence[Procedure], started_on: date, today: date, days: Days, ordered: Sequence[str] | None = None
) -> graph.Plan:
    """The plan as of today."""
    return graph.plan([_step(each, days) for each in procedures], days.number(started_on), days.number(today), ordered)


def _step(found: Procedure, days: Days) -> graph.Step:
    state, done, due = found["state"], None, None
    if states.passed(state, found["outcome"]):
        done = days.number(clock.local_date(found["finished_at"]))
    elif state == states.SERVED and found["due_at"] is not None:
        due = days.number(clock.local_date(found["due_at"]))
    waiting = state != states.BLOCKED
    return graph.Step(found["code"], found["limit_working_days"], found["predecessors"], done, due, waiting)


SERVE, ANSWER, RESUME, IMPROVE = "serve", "answer", "resume", "improve"
ACTS = (SERVE, ANSWER, RESUME, IMPROVE)
_ACTS = {states.OPEN: SERVE, states.SERVED: ANSWER, states.SUSPENDED: RESUME}


def act_of(state: str, outcome: str | None) -> str | None:
    """What the procedure waits for now; None where it has passed or others must pass first."""
    if state == states.FINISHED:
        return IMPROVE if outcome == states.OBJECTED else None
    return _ACTS.get(state)


def is_agents(act: str) -> bool:
    """Whether the project's agent has to act: papers are his to bring, decisions the department's to make."""
    return act in (SERVE, IMPROVE)
