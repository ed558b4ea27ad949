"""Months by their names, ``2026-02``, which sort as they follow one another. Pure."""
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from backend.core import clock

_MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


def of(day: date) -> str:
    """The month of a day."""
    return day.isoformat()[:7]


def first_on(month: str) -> date:
    """Its first day; ValueError for what is no month."""
    if not _MONTH.fullmatch(month):
        raise ValueError(f"no month {month}")
    return date.fromisoformat(f"{month}-01")


def following(month: str) -> str:
    """The next month."""
    return of(first_on(month) + timedelta(days=31))


def preceding(month: str) -> str:
    """The month before."""
    return of(first_on(month) - timedelta(days=1))


def between(first: str, last: str) -> Iterator[str]:
    """All months from the first to the last; none where the last is earlier."""
    while first <= last:
        yield first
        first = following(first)


def span(month: str) -> tuple[datetime, datetime]:
    """The moments from which and until which (not inclusive) it lasts."""
    return clock.at_local(first_on(month), 0), clock.at_local(first_on(following(month)), 0)
