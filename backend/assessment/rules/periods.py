"""Half-years, ``2026-H1``: scores are settled on 30 June and 31 December (rules 10.6). Pure."""
import re
from datetime import date, datetime, timedelta

from backend.core import clock

PATTERN = r"(19|20|21)[0-9]{2}-H[12]"
_PERIOD = re.compile(PATTERN)
OPEN, SETTLED = "open", "settled"
STATES = (OPEN, SETTLED)


def is_period(text: str) -> bool:
    """Whether it names a half-year of the years 1900–2199."""
    return _PERIOD.fullmatch(text) is not None


def of(day: date) -> str:
    """The half-year of a day."""
    return f"{day.year:04d}-H{1 if day.month <= 6 else 2}"


def first_on(period: str) -> date:
    """1 January or 1 July."""
    return date(int(period[:4]), 1 if period[-1] == "1" else 7, 1)


def last_on(period: str) -> date:
    """30 June or 31 December."""
    return date(int(period[:4]), 6, 30) if period[-1] == "1" else date(int(period[:4]), 12, 31)


def following(period: str) -> str:
    """The next half-year."""
    return of(last_on(period) + timedelta(days=1))


def over_at(period: str) -> datetime:
    """The midnight with which the half-year is over."""
    return clock.at_local(last_on(period) + timedelta(days=1), 0)


def between(first: str, until: str) -> list[str]:
    """The half-years from one to another, both inclusive."""
    found = []
    while first <= until:
        found.append(first)
        first = following(first)
    return found


def counting(effective_on: date, today: date, settled: frozenset[str], begun: str) -> str | None:
    """In which half-year a fact counts: its own; the present one where its own is settled; None before the first.

    What is settled is changed by reversing lines only: a fact that came to light later counts where it was found.
    """
    own = of(effective_on)
    if own < begun:
        return None
    return of(today) if own in settled else min(own, of(today))
