"""The duty of one visit a month, and when it is judged (rules 10.4). Pure."""
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.calendar import Calendar
from backend.core.problems import invalid

SETTING = "mystery-visits"
USUAL: dict[str, Any] = {"least_a_month": 1}
MOST = 100
REMINDED_WORKING_DAYS = 5
_MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


def check_setting(value: Any) -> None:
    """Invalid unless ``{"least_a_month": 1…100}``."""
    number = value.get("least_a_month") if isinstance(value, dict) and set(value) == set(USUAL) else None
    if type(number) is not int or not 1 <= number <= MOST:
        raise invalid("value", f"须为 least_a_month：1 至 {MOST}", f"Must be least_a_month, 1 to {MOST}.")


def month_of(day: date) -> str:
    """``2026-02``."""
    return day.isoformat()[:7]


def first_of(month: str) -> date:
    """Its first day; ValueError for what is no month."""
    if not _MONTH.fullmatch(month):
        raise ValueError(f"no month {month}")
    return date.fromisoformat(f"{month}-01")


def following(month: str) -> str:
    """The next month."""
    return month_of(first_of(month) + timedelta(days=31))


def preceding(month: str) -> str:
    """The month before."""
    return month_of(first_of(month) - timedelta(days=1))


def between(after: str, until: str) -> Iterator[str]:
    """The months later than ``after`` up to and including ``until``."""
    month = following(after)
    while month <= until:
        yield month
        month = following(month)


def span(month: str) -> tuple[datetime, datetime]:
    """The instants from which and until which (not inclusive) a visit is of this month."""
    return clock.at_local(first_of(month), 0), clock.at_local(first_of(following(month)), 0)


def judged_at(month: str, calendar: Calendar) -> datetime:
    """When a month is judged: close of the next month's first working day, so that its last visit can be recorded."""
    return hours.close_of(workdays.working_on_or_after(calendar, first_of(following(month))))


def latest_judged(calendar: Calendar, now: datetime) -> str:
    """The last month whose moment has passed; exactly at it a visit is still recorded in time."""
    month = preceding(month_of(clock.local_date(now)))
    while now <= judged_at(month, calendar):
        month = preceding(month)
    return month


def reminded_at(month: str, calendar: Calendar) -> datetime:
    """Opening of the month's fifth working day from its end."""
    day = first_of(following(month))
    for _ in range(REMINDED_WORKING_DAYS):
        day = workdays.previous_working(calendar, day)
    return hours.opening_of(day)
