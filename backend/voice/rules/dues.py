"""When a call, a rectification, an answer, a complaint is due (rules 10.2, 10.3, 1.2, 1.3). Pure."""
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from backend.clocks import rules as clocks
from backend.core import clock, workdays
from backend.core.workdays import Calendar

CALLBACK_WORKING_DAYS, RECTIFY_WORKING_DAYS = 1, 15
ANSWER_WORKING_DAYS = 3
FINISH_DAYS = 30


class Dues(NamedTuple):
    """Two due moments; ``provisional`` where a day between is of a year not announced yet."""

    first_at: datetime
    last_at: datetime
    provisional: bool


def rectification(began_at: datetime, calendar: Calendar, closed: Collection[date] = frozenset()) -> Dues:
    """Close of business of the first and of the fifteenth working day after a low rating (rules 10.3)."""
    first = clocks.limit_of(began_at, CALLBACK_WORKING_DAYS, calendar, (), closed)
    last = clocks.limit_of(began_at, RECTIFY_WORKING_DAYS, calendar, (), closed)
    return Dues(_close(first.due_on), _close(last.due_on), last.provisional)


def complaint(began_at: datetime, calendar: Calendar, closed: Collection[date] = frozenset()) -> Dues:
    """Accept-or-not within 3 working days, done in 30 days, moved off a day off (rules 10.2, 1.3)."""
    first = clocks.limit_of(began_at, ANSWER_WORKING_DAYS, calendar, (), closed)
    began_on = clock.local_date(began_at)
    last = workdays.calendar_limit(calendar, began_on, FINISH_DAYS, closed=closed)
    return Dues(_close(first.due_on), _close(last), first.provisional or calendar.provisional_between(began_on, last))


def _close(day: date | None) -> datetime:
    if day is None:
        raise ValueError("a limit that nothing stops has an end")
    return clocks.close_of(day)
