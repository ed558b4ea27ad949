"""The graph of procedures: order, cycles, when each can finish, what it may slip, what decides the end. Pure.

Days are working-day numbers: a procedure that begins on day ``d`` with ``n`` working days finishes on ``d + n``,
since the day of the beginning is not counted (Civil Code art. 201). The critical path is every procedure with
float 0, ordered by finish, then code (rules 8.1).
"""
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from backend.core.problems import Invalid, Text

Arrows = Mapping[str, Sequence[str]]
"""Of each procedure, those that must have passed before it."""


class Cycle(Invalid):
    """Procedures wait for each other in a ring; ``cycle`` names them in order, the first one again at the end."""

    slug, title = "cycle", Text("手续之间互为前置，形成循环", "Procedures wait for each other in a ring")


class Step(NamedTuple):
    """One procedure as the plan sees it.

    ``finished_on``: it has passed, on that day. ``due_on``: its papers are with the department until then.
    ``waiting``: it could go on today, and does not; neither does what is behind it.
    """

    code: str
    days: int
    predecessors: Sequence[str] = ()
    finished_on: int | None = None
    due_on: int | None = None
    waiting: bool = False


class Slot(NamedTuple):
    """When a procedure begins and finishes, or is to, and how many working days it may slip."""

    starts: int
    finishes: int
    slack: int


class Plan(NamedTuple):
    """The plan of a project: slots by code, its end, and what decides it."""

    slots: dict[str, Slot]
    ends: int
    critical: list[str]


def order(arrows: Arrows) -> list[str]:
    """The procedures so that none stands before one it waits for, else as they were given; Cycle."""
    left = {code: len(set(before)) for code, before in arrows.items()}
    behind: dict[str, list[str]] = {code: [] for code in arrows}
    for code, before in arrows.items():
        for other in dict.fromkeys(before):
            behind[other].append(code)
    found = [code for code, count in left.items() if count == 0]
    for code in found:
        for other in behind[code]:
            left[other] -= 1
            if left[other] == 0:
                found.append(other)
    if len(found) < len(left):
        ring = _ring({code: arrows[code] for code, count in left.items() if count})
        told = " → ".join(ring)
        raise Cycle(
            f"循环：{told}", f"The cycle: {told}", cycle=ring,
            errors={"procedures": [Text(f"循环：{told}", f"A cycle: {told}.")]},
        )
    return found


def _ring(arrows: Arrows) -> list[str]:
    """One ring among procedures of which each waits for another of them, in the order of the work."""
    code, seen = next(iter(arrows)), {}
    walked: list[str] = []
    while code not in seen:
        seen[code] = len(walked)
        walked.append(code)
        code = next(other for other in arrows[code] if other in arrows)
    ring = walked[seen[code]:][::-1]
    first = ring.index(min(ring))
    ring = ring[first:] + ring[:first]
    return [*ring, ring[0]]


def plan(steps: Sequence[Step], started: int, today: int, ordered: Sequence[str] | None = None) -> Plan:
    """When everything begins and finishes, or is to, as of ``today``; Cycle.

    What has passed lies where it passed. What is with a department is expected on its due day, or today where that
    is over; what waits for papers cannot finish before a whole limit from today. A slip within float moves nothing.
    """
    known = {step.code: step for step in steps}
    in_order = ordered or order({step.code: step.predecessors for step in steps})
    starts: dict[str, int] = {}
    finishes: dict[str, int] = {}
    for code in in_order:
        step = known[code]
        ready = started
        for other in step.predecessors:
            if finishes[other] > ready:
                ready = finishes[other]
        finishes[code] = finish = _finish(step, ready, today)
        starts[code] = ready if ready < finish else finish
    ends = max(finishes.values(), default=started)
    latest = dict.fromkeys(in_order, ends)
    for code in reversed(in_order):
        free = latest[code] - finishes[code] + starts[code]
        for other in known[code].predecessors:
            if free < latest[other]:
                latest[other] = free
    slots = {
        code: Slot(starts[code], finishes[code], max(0, latest[code] - finishes[code])) for code in known
    }
    critical = sorted(code for code, slot in slots.items() if slot.slack == 0)
    critical.sort(key=finishes.__getitem__)
    return Plan(slots, ends, critical)


def _finish(step: Step, ready: int, today: int) -> int:
    if step.finished_on is not None:
        return step.finished_on
    if step.due_on is not None:
        return step.due_on if step.due_on > today else today
    if step.waiting and today > ready:
        return today + step.days
    return ready + step.days


def unplanned(limits: Mapping[str, int], arrows: Arrows) -> Plan:
    """The plan of a template: everything at its limit, from day 0."""
    return plan([Step(code, days, arrows[code]) for code, days in limits.items()], 0, 0)


def cut(days: int) -> int:
    """A limit cut by 30 %, in whole days: 7 × n ÷ 10; one day becomes an instant matter (rules 2.4)."""
    return 7 * days // 10
