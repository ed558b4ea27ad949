"""Weekly, ten-day and monthly cycles of supervision: their periods, when they are due, who is named (10.1). Pure."""
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.calendar import Calendar
from backend.core.problems import Text
from backend.reports.rules import weeks

WEEKLY, TEN_DAY, MONTHLY = "weekly", "ten_day", "monthly"
KINDS = (WEEKLY, TEN_DAY, MONTHLY)
KIND_NAMES = {
    WEEKLY: Text("每周督查", "weekly"),
    TEN_DAY: Text("每旬督查", "ten-day"),
    MONTHLY: Text("每月重点督查", "monthly key"),
}
LEAST_WORKING_DAYS = 1
"""So many working days must be left to answer, or a period that was slept through makes no orders."""
_FORMS = {
    WEEKLY: re.compile(r"(19|20|21)[0-9]{2}-W[0-9]{2}"),
    TEN_DAY: re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-[123]"),
    MONTHLY: re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])"),
}
_THIRDS = ("上旬", "中旬", "下旬")
ON_TIME, LATE, MISSING, OUTSTANDING = "on_time", "late", "missing", "outstanding"
OUTCOMES = (LATE, MISSING, OUTSTANDING)
OUTCOME_NAMES = {
    LATE: Text("逾期回复", "late"),
    MISSING: Text("到期未回复", "missing"),
    OUTSTANDING: Text("此前逾期，仍未回复", "still missing"),
}


def period_of(kind: str, day: date) -> str:
    """The period in which a day lies: ``2026-W09``, ``2026-02-3`` (its last third), ``2026-02``."""
    if kind == WEEKLY:
        return weeks.week_of(day)
    month = f"{day.year:04d}-{day.month:02d}"
    return month if kind == MONTHLY else f"{month}-{min(3, (day.day + 9) // 10)}"


def is_period(kind: str, period: str) -> bool:
    """Whether the text is a period of that kind."""
    form = _FORMS.get(kind)
    if form is None or not form.fullmatch(period):
        return False
    return kind != WEEKLY or weeks.monday_of(period) is not None


def span(kind: str, period: str) -> tuple[date, date]:
    """Its first and last day: a week from Monday; the thirds of a month end on the 10th, the 20th and its last day."""
    if kind == WEEKLY:
        monday = weeks.monday_of(period) or date.min
        return monday, monday + timedelta(days=6)
    year, month = int(period[:4]), int(period[5:7])
    last = monthrange(year, month)[1]
    if kind == MONTHLY:
        return date(year, month, 1), date(year, month, last)
    third = int(period[8:])
    return date(year, month, 10 * third - 9), date(year, month, last if third == 3 else 10 * third)


def following(kind: str, period: str) -> str:
    """The next period."""
    return period_of(kind, span(kind, period)[1] + timedelta(days=1))


def preceding(kind: str, period: str) -> str:
    """The period before."""
    return period_of(kind, span(kind, period)[0] - timedelta(days=1))


def due_at(kind: str, period: str, calendar: Calendar) -> datetime:
    """When a period is due: at close of a week's last working day; of the 10th, the 20th, the month's last day.

    Where these are days off, at close of the next working day; so also a week that has none.
    """
    first, last = span(kind, period)
    if kind == WEEKLY:
        last = max(first, workdays.previous_working(calendar, last + timedelta(days=1)))
    return hours.close_of(workdays.working_on_or_after(calendar, last))


def latest_due(kind: str, calendar: Calendar, now: datetime) -> str:
    """The last period whose due moment has passed; exactly then it has not."""
    period = period_of(kind, clock.local_date(now))
    while due_at(kind, period, calendar) >= now:
        period = preceding(kind, period)
    return period


def between(kind: str, after: str | None, until: str) -> Iterator[str]:
    """The periods later than ``after`` up to and including ``until``; only the latter where there is none before."""
    period = until if after is None else following(kind, after)
    while period <= until:
        yield period
        period = following(kind, period)


def leaves_time(due: datetime, calendar: Calendar, now: datetime) -> bool:
    """Whether enough is left of a period for somebody to answer what it asks."""
    return now < due and hours.days_left(now, due, calendar) >= LEAST_WORKING_DAYS


def outcome(one: Mapping[str, Any], due: datetime) -> str | None:
    """What a round of an order was, seen at the ``due`` moment of a cycle: None where nothing was owed any more.

    Withdrawn by then, or passed up in time, it is owed no more; passed up late it stays missing (rules 10.9).
    """
    ended, replied = one["ended_at"], one["replied_at"]
    if ended is not None and (ended <= one["due_at"] or one["withdrawn"] and ended <= due):
        return None
    if replied is not None and replied <= one["due_at"]:
        return ON_TIME
    return LATE if replied is not None and replied <= due else MISSING


def figures(outcomes: Iterable[str | None]) -> dict[str, int]:
    """How many rounds were asked, answered in time, late, and not at all."""
    found = [one for one in outcomes if one is not None]
    return {
        "asked": len(found), "on_time": found.count(ON_TIME), "late": found.count(LATE),
        "missing": found.count(MISSING),
    }


def told(kind: str, period: str) -> str:
    """The period as people say it: 2026年第9周, 2026年2月下旬, 2026年2月."""
    if kind == WEEKLY:
        return f"{period[:4]}年第{int(period[6:])}周"
    month = f"{period[:4]}年{int(period[5:7])}月"
    return month if kind == MONTHLY else month + _THIRDS[int(period[8:]) - 1]
