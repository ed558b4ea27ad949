"""Office hours: 08:30–12:00 and 14:00–17:30 of working days. Pure."""
from collections.abc import Collection
from datetime import date, datetime

from backend.clocks import rules
from backend.core import clock, workdays
from backend.core.workdays import Calendar


def is_off_hours(calendar: Calendar, instant: datetime, closed: Collection[date] = frozenset()) -> bool:
    """Whether somebody who worked at that instant worked outside office hours; opening and close are within."""
    at = clock.local(instant)
    day, time = at.date(), at.time()
    if not calendar.is_working(day) or day in closed:
        return True
    return not (rules.OPENING <= time <= rules.NOON_FROM or rules.NOON_TO <= time <= rules.CLOSE)


def close_before(
    calendar: Calendar, instant: datetime, working_days: int, closed: Collection[date] = frozenset()
) -> date:
    """The latest day after which so many working days have been used up by ``instant``.

    A day is used at its close of business. What happened on that day or earlier is so long ago.
    """
    day = clock.local_date(instant)
    if not (calendar.is_working(day) and day not in closed and instant >= rules.close_of(day)):
        day = workdays.previous_working(calendar, day, closed)
    for _ in range(working_days):
        day = workdays.previous_working(calendar, day, closed)
    following = workdays.next_working(calendar, day, closed)
    return date.fromordinal(following.toordinal() - 1)
