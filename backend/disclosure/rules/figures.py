"""What the public is told of a month: how many errands were finished, how fast, how many late, how content people were.

Every figure is told of groups of persons that :mod:`backend.disclosure.rules.suppression` finds large enough, else it
is None. A month is told once, when it is over, and never again: so no two tellings can be compared.
"""
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from backend.catalogue.rules import figures as shares
from backend.disclosure.rules import suppression
from backend.disclosure.rules.suppression import Group, Sides

CONTENT = 3
"""基本满意: ratings of this level and above count as content."""


@dataclass(frozen=True, slots=True)
class Finished:
    """An errand that was finished in the month. ``days`` and ``legal`` are working days, None where not known."""

    township: str
    department: str
    person: str
    days: int | None
    legal: int | None
    late: bool
    trips: int


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating of the month by a resident."""

    township: str
    department: str
    person: str
    level: int


Fact = Finished | Rated


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a group: of whom it is told, on which side each stands, and how it comes about."""

    name: str
    kind: type
    is_with: Callable[[Any], bool]
    value: Callable[[Sequence[Any]], Any]


def _mean(values: Sequence[int]) -> float | None:
    return None if not values else (Fraction(sum(values), len(values)) * 10 + Fraction(1, 2)).__floor__() / 10


def _speed_up(found: Sequence[Finished]) -> float | None:
    timed = [one for one in found if one.days is not None and one.legal]
    legal = sum(one.legal or 0 for one in timed)
    return None if not legal else shares.percent(1 - Fraction(sum(one.days or 0 for one in timed), legal))


FIGURES = (
    Figure("average_working_days", Finished, lambda one: one.days is not None,
           lambda found: _mean([one.days for one in found if one.days is not None])),
    Figure("speed_up_percent", Finished, lambda one: one.days is not None and bool(one.legal), _speed_up),
    Figure("overdue", Finished, lambda one: one.late, lambda found: sum(one.late for one in found)),
    Figure("trips_per_errand", Finished, lambda one: True, lambda found: _mean([one.trips for one in found])),
    Figure("rated", Rated, lambda one: True, len),
    Figure("content_percent", Rated, lambda one: one.level >= CONTENT, lambda found: shares.percent(
        Fraction(sum(one.level >= CONTENT for one in found), len(found)))),
)
NAMES = ("finished", *(figure.name for figure in FIGURES))


def table(facts: Iterable[Fact], place: Callable[[Fact], str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures of all, and of the groups (``codes``) that ``place`` puts the facts into."""
    split: dict[type, dict[str, list[Any]]] = {Finished: {}, Rated: {}}
    for fact in facts:
        split[type(fact)].setdefault(place(fact), []).append(fact)
    groups = suppression.partition({code: (_persons(found),) for code, found in split[Finished].items()})
    lines: dict[Group, dict[str, Any]] = {group: {"codes": list(group)} for group in groups}
    total = _told("finished", split[Finished], groups, groups, lines, len)
    for figure in FIGURES:
        held = split[figure.kind]
        sides = {code: _sides(held.get(code, ()), figure) for code in held}
        base = groups if figure.kind is Finished else suppression.partition(
            {code: (_persons(found),) for code, found in held.items()}
        )
        parts = suppression.coarser(base, sides)
        total |= _told(figure.name, held, parts, groups, lines, figure.value)
    return total, list(lines.values())


def _told(
    name: str, held: Mapping[str, list[Any]], parts: Sequence[Group], groups: Sequence[Group],
    lines: dict[Group, dict[str, Any]], value: Callable[[Sequence[Any]], Any],
) -> dict[str, Any]:
    """Put a figure into the lines of the groups of which it may be told; and that of all."""
    for group in groups:
        lines[group][name] = value(_of(held, group)) if group in parts else None
    every = _of(held, [code for part in parts for code in part])
    return {name: value(every) if parts else None}


def _of(held: Mapping[str, list[Any]], codes: Iterable[str]) -> list[Any]:
    return [fact for code in codes for fact in held.get(code, ())]


def _persons(found: Iterable[Any]) -> frozenset[str]:
    return frozenset(one.person for one in found)


def _sides(found: Iterable[Any], figure: Figure) -> Sides:
    known = list(found)
    return (
        _persons(one for one in known if figure.is_with(one)), _persons(one for one in known if not figure.is_with(one))
    )
