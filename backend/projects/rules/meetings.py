"""The standing weekly meeting: on which day of a week it is, and which issues stand open on it (rules 8.5). Pure."""
from datetime import date, datetime, timedelta

from backend.core import daytime
from backend.core.calendar import Calendar
from backend.core.moves import Move
from backend.core.problems import Problem, Text
from backend.projects.rules.states import AGENTS

USUAL_WEEKDAY, USUAL_TIME = 1, "09:00"
"""Mondays at nine, unless the district decides otherwise."""
OPEN, SETTLED = "open", "settled"
STATES = (OPEN, SETTLED)
STATE_NAMES = {OPEN: Text("待解决", "open"), SETTLED: Text("已解决", "settled")}
MOVES = {(OPEN, "settle"): Move(SETTLED, AGENTS), (SETTLED, "reopen"): Move(OPEN, AGENTS)}


class AlreadyHeld(Problem):
    """What was said at a week's meeting is recorded once."""

    status, slug, title = 409, "meeting-held", Text("本周例会已有记录", "This week's meeting is recorded")


def day_of(monday: date, weekday: int, calendar: Calendar) -> date | None:
    """The day of a week's meeting: its weekday, where that is off the next working day of the week, else the last.

    None for a week without a working day.
    """
    days = [monday + timedelta(days=number) for number in range(7)]
    working = [day for day in days if calendar.is_working(day)]
    wanted = days[weekday - 1]
    return next((day for day in working if day >= wanted), working[-1] if working else None)


def moment_of(day: date, time: str) -> datetime:
    """The instant of a meeting at a time of day, 09:00."""
    return daytime.moment(day, daytime.minute_of(time))


def weeks_open(raised_on: date, until: date) -> int:
    """In how many weeks an issue has stood open, the first one counted."""
    first = raised_on - timedelta(days=raised_on.weekday())
    last = until - timedelta(days=until.weekday())
    return max(1, (last - first).days // 7 + 1)
