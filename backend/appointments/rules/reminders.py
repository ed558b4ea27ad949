"""When a person is reminded of her appointment: the working day before, at a time that is a setting. Pure."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, workdays
from backend.core.daytime import minute_of
from backend.core.problems import invalid
from backend.core.workdays import Calendar

SETTING = "appointment-reminder"
DEFAULT: dict[str, Any] = {"at": "10:00"}
EARLIEST, LATEST = "07:00", "20:00"


def check(value: Any) -> None:
    """Invalid unless ``{"at": "HH:MM"}`` from 07:00 to 20:00."""
    at = value.get("at") if isinstance(value, dict) and set(value) == {"at"} else None
    try:
        good = isinstance(at, str) and len(at) == 5 and EARLIEST <= at <= LATEST and minute_of(at) >= 0
    except ValueError:
        good = False
    if not good:
        raise invalid("value", '须为 {"at": "07:00" 到 "20:00"}', 'A time from "07:00" to "20:00" is needed in "at".')


def moment(calendar: Calendar, day: date, at: str) -> datetime:
    """When persons are reminded of an appointment on ``day``: the working day before, at ``at``."""
    minute = minute_of(at)
    return clock.at_local(workdays.previous_working(calendar, day), minute // 60, minute % 60)


def days_due(calendar: Calendar, now: datetime, at: str) -> list[date]:
    """The days of whose appointments it is time to remind ``now``, today and later; days off come with the next."""
    today = clock.local_date(now)
    last = workdays.next_working(calendar, today)
    span = (date.fromordinal(number) for number in range(today.toordinal(), last.toordinal() + 1))
    return [day for day in span if moment(calendar, day, at) <= now]
