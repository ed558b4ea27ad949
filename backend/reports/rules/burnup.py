"""How many sites were planned and built on given days, from the stretches in which each was. Pure."""
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from backend.reports.rules import weeks

Key = TypeVar("Key", bound=Hashable)


class Span(NamedTuple):
    """So many sites that counted from a day on (None: always) until another one, on which they no longer did."""

    from_on: date | None
    to_on: date | None
    sites: int


def totals(spans: Iterable[tuple[Key, Span]], days: Sequence[date]) -> dict[Key, list[int]]:
    """How many counted on each of ``days``, which are in order, by key."""
    steps: dict[Key, list[int]] = {}
    for key, span in spans:
        first = 0 if span.from_on is None else bisect_left(days, span.from_on)
        after = len(days) if span.to_on is None else bisect_left(days, span.to_on)
        if first < after:
            found = steps.setdefault(key, [0] * (len(days) + 1))
            found[first] += span.sites
            found[after] -= span.sites
    return {key: _summed(found) for key, found in steps.items()}


def _summed(steps: list[int]) -> list[int]:
    running, told = 0, []
    for step in steps[:-1]:
        running += step
        told.append(running)
    return told


def sundays(year: int, until: date) -> list[tuple[str, date]]:
    """The weeks of an ISO year and their last days; the one in which ``until`` lies ends with it."""
    day, found = date.fromisocalendar(year, 1, 7), []
    while day.isocalendar().year == year and day - timedelta(days=6) <= until:
        found.append((weeks.week_of(day), min(day, until)))
        day += timedelta(days=7)
    return found


def weeks_in(year: int) -> int:
    """52 or 53: the ISO weeks of a year."""
    return date(year, 12, 28).isocalendar().week
