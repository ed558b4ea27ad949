"""Supervision orders: where they come from, when they are due, when the clock looks at them (rules 10). Pure."""
from collections.abc import Collection
from datetime import date, datetime

from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.calendar import Calendar
from backend.core.problems import Problem, Text
from backend.supervision.rules import bodies, states

DECISION, MEETING, INSTRUCTION, COMPLAINT, INSPECTION = "decision", "meeting", "instruction", "complaint", "inspection"
SOURCES = (DECISION, MEETING, INSTRUCTION, COMPLAINT, INSPECTION)
NOT_FOR_DESKS = COMPLAINT
"""What a complaint led to is not shown to the desk it may be about, but to the township above (rules 10.2)."""
AGAIN_WORKING_DAYS = 3
"""For a new reply where the supervisor names no date, and for the body to which a matter was passed up."""


class NowhereUp(Problem):
    """The district has nobody above it here."""

    status, slug, title = 409, "nowhere-up", Text("区级以上不再上报", "There is nobody above to pass it up to")


class PassedUp(Problem):
    """It was passed up before, and a matter climbs once."""

    status, slug, title = 409, "passed-up-before", Text("此督办单已上报过一次", "It was passed up before")


def owed_by(source: str, target_code: str, district_code: str) -> str:
    """Who owes the reply: the target; for what a complaint led to in a village, the township above it (rules 10.2)."""
    above = bodies.above(target_code, district_code)
    return above if source == NOT_FOR_DESKS and above not in (None, district_code) else target_code


def due_at(day: date, calendar: Calendar, closed: Collection[date] = frozenset()) -> datetime:
    """Close of business of the day, or of the next working day where it is a day off (Civil Code art. 203)."""
    return hours.close_of(workdays.working_on_or_after(calendar, day, closed))


def again_on(today: date, before: date, calendar: Calendar, closed: Collection[date] = frozenset()) -> date:
    """By when a further reply is due where no date is named: the old date, at least three working days from today."""
    due_on = workdays.deadline(calendar, today, AGAIN_WORKING_DAYS, closed=closed).due_on
    return max(before, due_on or before)


def first_look(due: datetime, now: datetime, calendar: Calendar) -> datetime:
    """When the clock looks first: at opening of the working day before, or at the due moment where that has begun."""
    before = workdays.previous_working(calendar, clock.local_date(due))
    opening = hours.opening_of(before)
    return opening if opening > now else due


def is_late(state: str, due: datetime, now: datetime) -> bool:
    """Whether a reply is awaited and its moment has passed; exactly then is still in time."""
    return state in states.OWING and now > due
