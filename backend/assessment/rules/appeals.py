"""Appeals against a line: by whom it counts against, once, in time; decided by the supervisor. Pure."""
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from backend.assessment.rules import (
    AGENT_SUBJECT,
    APPELLANTS,
    DECIDERS,
    DEPARTMENT_SUBJECT,
    UNIT_SUBJECT,
)
from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.actor import HANDLER, TOWNSHIP, Actor
from backend.core.calendar import Calendar
from backend.core.moves import Move
from backend.core.problems import Forbidden, Problem, Text

STANDING, APPEALED, REVERSED, CONFIRMED, REVERSAL = "standing", "appealed", "reversed", "confirmed", "reversal"
LINE_STATES = (STANDING, APPEALED, REVERSED, CONFIRMED, REVERSAL)
OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
STATES = (OPEN, UPHELD, REJECTED)
WITHIN_WORKING_DAYS = 10

STATE_NAMES = {
    STANDING: Text("有效", "standing"), APPEALED: Text("申诉中", "appealed"), REVERSED: Text("已冲销", "reversed"),
    CONFIRMED: Text("申诉后维持", "confirmed"), REVERSAL: Text("冲销记录", "a reversal"),
}
MOVES = {
    (STANDING, "appeal"): Move(APPEALED, APPELLANTS),
    (APPEALED, "uphold"): Move(REVERSED, DECIDERS),
    (APPEALED, "reject"): Move(CONFIRMED, DECIDERS),
}


class LineNotYours(Forbidden):
    """An agent appeals for himself, a unit's people and its township for the unit, a handler for the department."""

    slug, title = "line-not-yours", Text("只能对本人、本单位的得分提出申诉", "Not yours to appeal against")


class AppealTooLate(Problem):
    """Once a half-year is settled an appeal is made within 10 working days."""

    status, slug, title = 409, "appeal-too-late", Text("申诉期限已过", "The time for appeals is over")


def state_of(n: int, reversed_by: str | None, appeal: str | None) -> str:
    """The state of a line, from its generation, its reversal and the appeal against it."""
    if n < 0:
        return REVERSAL
    if reversed_by is not None:
        return REVERSED
    return {None: STANDING, OPEN: APPEALED, UPHELD: REVERSED, REJECTED: CONFIRMED}[appeal]


def may_appeal(actor: Actor, line: Mapping[str, Any]) -> None:
    """LineNotYours unless it counts for the actor himself, his unit or his department."""
    allowed = {
        AGENT_SUBJECT: line["subject_id"] == actor.id,
        UNIT_SUBJECT: actor.role == TOWNSHIP or line["subject_id"] == actor.unit_code,
        DEPARTMENT_SUBJECT: actor.role == HANDLER and line["subject_id"] == actor.department_code,
    }
    if not allowed[line["subject_type"]]:
        raise LineNotYours()


def last_moment(settled_on: date, calendar: Calendar, closed: Collection[date] = frozenset()) -> datetime | None:
    """Until when one may appeal once it is settled: close of the 10th working day after; exactly then is in time."""
    found = workdays.deadline(calendar, settled_on, WITHIN_WORKING_DAYS, (), closed).due_on
    return None if found is None else hours.close_of(found)


def check_in_time(
    settled_at: datetime | None, calendar: Calendar, closed: Collection[date], now: datetime
) -> None:
    """AppealTooLate after that moment; while the half-year is open one is always in time."""
    if settled_at is None:
        return
    last = last_moment(clock.local_date(settled_at), calendar, closed)
    if last is not None and now > last:
        raise AppealTooLate(until=clock.wire(last))
