"""ISO weeks, and when a report is due, reminded of, missing (rules 7.1, 7.4). Pure."""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.calendar import Calendar

DAY_BEFORE, NOON, DUE = "day_before", "noon", "due"
_WEEK = re.compile(r"(19|20|21)[0-9]{2}-W[0-9]{2}")


def monday_of(week: str) -> date | None:
    """The Monday of ``2026-W09``; None for what is no week of the years 1900–2199."""
    if not _WEEK.fullmatch(week):
        return None
    try:
        return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    except ValueError:
        return None


def week_of(day: date) -> str:
    """The ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def following(week: str) -> str:
    """The next week."""
    return week_of(_monday(week) + timedelta(days=7))


def preceding(week: str) -> str:
    """The week before."""
    return week_of(_monday(week) - timedelta(days=7))


def _monday(week: str) -> date:
    found = monday_of(week)
    if found is None:
        raise ValueError(f"no week {week}")
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """When a week's reports are due: ``on`` its last working day, None where it has none."""

    on: date | None
    over_on: date
    provisional: bool

    @property
    def at(self) -> datetime | None:
        """Close of business of that day; exactly then is in time."""
        return None if self.on is None else hours.close_of(self.on)

    @property
    def standing_on(self) -> date:
        """The day by which it is told who is in office: the due day, else the week's Sunday."""
        return self.on or self.over_on


def due_of(week: str, calendar: Calendar) -> Due:
    """The last working day of the week (rules 7.1). Closures of single offices move nothing (decision 0175)."""
    monday = _monday(week)
    days = [monday + timedelta(days=number) for number in range(7)]
    working = [day for day in days if calendar.is_working(day)]
    provisional = calendar.provisional_between(monday - timedelta(days=1), days[-1])
    return Due(working[-1] if working else None, days[-1], provisional)


def is_due(week: str, calendar: Calendar, now: datetime) -> bool:
    """Whether the week's due moment has passed; a week without working day is over with its Sunday."""
    due = due_of(week, calendar)
    if due.at is not None:
        return now > due.at
    return clock.local_date(now) > due.over_on


def latest_due(calendar: Calendar, now: datetime) -> str:
    """The last week whose due moment has passed."""
    week = week_of(clock.local_date(now))
    while not is_due(week, calendar, now):
        week = preceding(week)
    return week


def between(after: str, until: str) -> Iterator[str]:
    """The weeks later than ``after`` up to and including ``until``."""
    week = following(after)
    while week <= until:
        yield week
        week = following(week)


def reminder(week: str, calendar: Calendar, now: datetime) -> tuple[str, datetime] | None:
    """The reminder that is to be given ``now``, with the moment it became true; None for none.

    At opening of the working day before, where that day is in the same week, and at noon of the due day.
    Once noon has come the first is no longer given, and none once the week is due.
    """
    due = due_of(week, calendar)
    if due.on is None or due.at is None or now > due.at:
        return None
    noon = clock.at_local(due.on, hours.NOON_FROM.hour)
    if now >= noon:
        return NOON, noon
    before = workdays.previous_working(calendar, due.on)
    opening = hours.opening_of(before)
    return (DAY_BEFORE, opening) if before >= _monday(week) and now >= opening else None
