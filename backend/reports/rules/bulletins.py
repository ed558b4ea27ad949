"""When a bulletin may be issued, its number, and the one form in which it is kept (rules 7.5). Pure."""
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, workdays
from backend.core.actor import OFFICE
from backend.core.calendar import Calendar
from backend.core.problems import Problem, Text, invalid
from backend.reports.rules import weeks

ISSUERS = frozenset({OFFICE})
SETTING = "bulletin-issue"
USUAL = {"automatic": False, "at": "15:00"}
"""Whether the clock issues bulletins by itself, and when on the working day after the due day."""
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class NotYetDue(Problem):
    """The week's reports are not due yet, so nobody can be late or missing."""

    status, slug, title = 409, "not-yet-due", Text("该周周报尚未到截止时间，不能签发通报", "The week is not due yet")


class AlreadyIssued(Problem):
    """The bulletin of the week was issued before and never changes."""

    status, slug, title = 409, "already-issued", Text("该周通报已签发，不能再次签发", "Issued before")


def check_issuable(week: str, calendar: Calendar, now: datetime) -> None:
    """NotYetDue until the due moment has passed; a week without working day must be over."""
    if not weeks.is_due(week, calendar, now):
        due = weeks.due_of(week, calendar).at
        told = clock.wire(due)
        raise NotYetDue(due_at=told) if due else NotYetDue()


def check_setting(value: Any) -> None:
    """Invalid unless it is ``{"automatic": flag, "at": "15:00"}``."""
    whole = isinstance(value, dict) and set(value) == set(USUAL) and isinstance(value["automatic"], bool)
    if not whole or not isinstance(value["at"], str) or not _TIME.fullmatch(value["at"]):
        like = '{"automatic": true, "at": "15:00"}'
        raise invalid("value", f"须形如 {like}", f"Like {like}.")


def moment(week: str, calendar: Calendar, at: str) -> datetime | None:
    """When the clock issues the bulletin of a week: that time of the working day after the due one; None for none."""
    due = weeks.due_of(week, calendar)
    if due.on is None:
        return None
    hour, minute = at.split(":")
    return clock.at_local(workdays.next_working(calendar, due.on), int(hour), int(minute))


def number_told(year: int, number: int) -> str:
    """The number of the document: kind, year in angular brackets, serial without noughts (GB/T 9704)."""
    return f"代办通报〔{year}〕{number}号"


def canonical(body: Mapping[str, Any]) -> str:
    """The body as the one text that is kept and hashed: keys in order, no white space, UTF-8."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def sha256(content: str) -> str:
    """The hash of the kept text, hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()
