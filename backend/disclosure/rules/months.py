"""Months that are told to the public: which are over, what one is called. Pure."""
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from backend.core import clock

FROM_HOUR = 6
"""A month is told from this hour of the first day after it."""


def of(day: date) -> str:
    """The month of a day, ``2026-02``."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> date | None:
    """The first day of a month; None for what is none."""
    try:
        return date.fromisoformat(f"{month}-01") if len(month) == 7 else None
    except ValueError:
        return None


def following(month: str) -> str:
    """The month after."""
    day = first_day(month)
    if day is None:
        raise ValueError(month)
    return of(day + timedelta(days=32))


def span(month: str) -> tuple[datetime, datetime]:
    """The moments between which a month lies."""
    begin, end = first_day(month), first_day(following(month))
    if begin is None or end is None:
        raise ValueError(month)
    return clock.at_local(begin, 0), clock.at_local(end, 0)


def latest_over(now: datetime) -> str:
    """The latest month that may be told."""
    day = clock.local_date(now - timedelta(hours=FROM_HOUR))
    return of(day.replace(day=1) - timedelta(days=1))


def between(first: str, last: str) -> Iterator[str]:
    """All months from the first to the last."""
    month = first
    while month <= last:
        yield month
        month = following(month)
