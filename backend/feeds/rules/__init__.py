"""What a calendar feed shows: of a person no more than surname and service (rules 11). Pure."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.core.problems import invalid

AGENT, UNIT, ROSTER = "agent", "unit", "roster"
KINDS = (AGENT, UNIT, ROSTER)
NAMES = {AGENT: "我的日程", UNIT: "预约与上门", ROSTER: "值班表"}

BEHIND = timedelta(days=30)
"""How long what is over or cancelled still shows (issue 4)."""
AHEAD = timedelta(days=62)
REFRESH = timedelta(minutes=15)

TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"

VISIT, ON_CALL = "上门服务", "值班电话"
DUTIES = {"duty": "值班", "extended": "延时服务", "weekend": "双休日值班"}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; ``start`` and ``end`` are instants, or dates for what takes whole days.

    ``uid`` stays the same for the same thing, ``sequence`` grows when it changes (RFC 5545, 3.8.7.4);
    ``written_at`` is when it was made.
    """

    uid: str
    sequence: int
    written_at: datetime
    start: datetime | date
    end: datetime | date
    summary: str
    status: str = CONFIRMED
    location: str | None = None


def place(kind: str, unit_code: str | None, own_unit: str) -> str:
    """The unit that a feed is of: the one named, else one's own; none for one's own days."""
    if kind != AGENT:
        return unit_code or own_unit
    if unit_code is not None:
        raise invalid("unit_code", "“我的日程”不属于某个机构，请勿填写", "A feed of one's own days has no unit")
    return ""


def summary(surname: str, what: str) -> str:
    """What stands in the calendar for a person: 王户口登记; for one who was erased what it was."""
    return f"{surname}{what}".lstrip()


def duty(surname: str, kind: str, desk: str) -> str:
    """What stands in the calendar for a shift: 王值班 2号窗口."""
    told = summary(surname, DUTIES[kind])
    return f"{told} {desk}号窗口" if desk.isdigit() else f"{told} {desk}".rstrip()


def in_order(events: Iterable[Event]) -> list[Event]:
    """By UID, so that the same calendar is always the same bytes; of two with one UID the later sequence."""
    kept: dict[str, Event] = {}
    for event in sorted(events, key=lambda one: (one.uid, one.sequence, one.status != CANCELLED)):
        kept[event.uid] = event
    return list(kept.values())
