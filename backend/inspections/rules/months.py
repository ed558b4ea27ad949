"""The duty of one visit a month, and when it is judged (rules 10.4). Pure."""
from datetime import datetime
from typing import Any

from backend.clocks import rules as hours
from backend.core import clock, monthly, workdays
from backend.core.calendar import Calendar
from backend.core.problems import invalid

SETTING = "mystery-visits"
USUAL: dict[str, Any] = {"least_a_month": 1}
MOST = 100
REMINDED_WORKING_DAYS = 5


def check_setting(value: Any) -> None:
    """Invalid unless ``{"least_a_month": 1…100}``."""
    number = value.get("least_a_month") if isinstance(value, dict) and set(value) == set(USUAL) else None
    if type(number) is not int or not 1 <= number <= MOST:
        raise invalid("value", f"须为 least_a_month：1 至 {MOST}", f"Must be least_a_month, 1 to {MOST}.")


def judged_at(month: str, calendar: Calendar) -> datetime:
    """When a month is judged: close of the next month's first working day, so that its last visit can be recorded."""
    return hours.close_of(workdays.working_on_or_after(calendar, monthly.first_on(monthly.following(month))))


def latest_judged(calendar: Calendar, now: datetime) -> str:
    """The last month whose moment has passed; exactly at it a visit is still recorded in time."""
    month = monthly.preceding(monthly.of(clock.local_date(now)))
    while now <= judged_at(month, calendar):
        month = monthly.preceding(month)
    return month


def reminded_at(month: str, calendar: Calendar) -> datetime:
    """Opening of the month's fifth working day from its end."""
    day = monthly.first_on(monthly.following(month))
    for _ in range(REMINDED_WORKING_DAYS):
        day = workdays.previous_working(calendar, day)
    return hours.opening_of(day)
