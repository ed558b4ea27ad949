"""Rosters (值班表): who may stand on one, and who is on duty on a day (rules 5.1, 5.7).

A shift is its account's while he is of the unit's township, enabled and not on leave. Then it is his
stand-in's (A/B 岗), for the minutes in which the stand-in is not on duty himself: nobody sits at two desks.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from backend.core.actor import AGENT, OPERATOR, TOWNSHIP
from backend.org import rules as tree

DUTY, EXTENDED, WEEKEND = "duty", "extended", "weekend"
KINDS = (DUTY, EXTENDED, WEEKEND)
ROLES = (AGENT, OPERATOR, TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Duty:
    """One person at one desk, from one minute of the day to another; ``services`` empty: all."""

    account_id: str
    desk: str
    from_minute: int
    to_minute: int
    services: frozenset[str]
    kind: str


class Planned(NamedTuple):
    """A shift of a day as the roster has it."""

    account_id: str
    stand_in_id: str | None
    desk: str
    from_minute: int
    to_minute: int
    services: frozenset[str]
    kind: str


Span = tuple[int, int]


def belongs(unit_code: str, role: str, own_unit: str | None) -> bool:
    """Whether an account may stand on the unit's roster: of its township, or (an operator) of a unit above it."""
    if role not in ROLES or not own_unit:
        return False
    return tree.contains(tree.township_of(unit_code), own_unit) or tree.contains(own_unit, unit_code)


def present(shifts: Iterable[Planned], able: Callable[[str], bool]) -> list[Duty]:
    """Who is on duty on a day: owners first, then stand-ins, each with the minutes he is not taken already."""
    planned = sorted(shifts, key=lambda one: (one.from_minute, one.desk, one.account_id))
    owned = [(one.account_id, one) for one in planned if able(one.account_id)]
    stood_in = [
        (one.stand_in_id, one) for one in planned
        if one.stand_in_id and not able(one.account_id) and able(one.stand_in_id)
    ]
    taken: dict[str, list[Span]] = {}
    found = []
    for who, one in owned + stood_in:
        spans = taken.setdefault(who, [])
        for start, end in without((one.from_minute, one.to_minute), spans):
            found.append(Duty(who, one.desk, start, end, one.services, one.kind))
            spans.append((start, end))
    return sorted(found, key=lambda duty: (duty.from_minute, duty.desk, duty.account_id))


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span of minutes once others are taken out of it."""
    left, start = [], span[0]
    for from_minute, to_minute in sorted(taken):
        if from_minute >= span[1] or to_minute <= start:
            continue
        if from_minute > start:
            left.append((start, from_minute))
        start = to_minute
    return [*left, (start, span[1])] if start < span[1] else left
