"""When a day opens for booking, and when a slot closes (rules 5.2): refused from that very moment on. Pure."""
from collections.abc import Collection
from datetime import date, datetime, timedelta

from backend.appointments.rules.offer import MINUTES_BEFORE, WORKING_DAY_CLOSE, Cutoff, Offer
from backend.clocks import rules as clocks
from backend.core import clock, workdays
from backend.core.daytime import told
from backend.core.problems import Problem, Text
from backend.core.workdays import Calendar

__all__ = ["CutoffPassed", "NotYetOpen", "check", "closes_at", "last_open", "opens_at", "starts_at"]


class NotYetOpen(Problem):
    """The day lies beyond the horizon, or opens later today."""

    status, slug, title = 409, "not-yet-open", Text("该日尚未开放预约", "That day is not open for booking yet")


class CutoffPassed(Problem):
    """It is too late to book this slot."""

    status, slug, title = 409, "cutoff-passed", Text("已过预约截止时间", "The cutoff for this slot has passed")


def starts_at(day: date, minute: int) -> datetime:
    """The instant (UTC) of a minute of a day."""
    return clock.at_local(day, minute // 60, minute % 60)


def opens_at(offer: Offer, day: date) -> datetime:
    """The instant at which a day opens: opening time, so many days before it, on every kind of day."""
    return starts_at(day - timedelta(days=offer.horizon_days), offer.opens_minute)


def last_open(offer: Offer, now: datetime) -> date:
    """The last day that is open at ``now``."""
    day = clock.local_date(now) + timedelta(days=offer.horizon_days)
    return day if now >= opens_at(offer, day) else day - timedelta(days=1)


def closes_at(
    cutoff: Cutoff, day: date, minute: int, calendar: Calendar, closed: Collection[date] = frozenset()
) -> datetime:
    """The instant from which on a slot is refused: by its service's cutoff, at the latest when it begins.

    ``closed`` are the office days lost to the unit; they are no working days.
    """
    start = starts_at(day, minute)
    if cutoff.kind == MINUTES_BEFORE:
        return start - timedelta(minutes=cutoff.value)
    if cutoff.kind == WORKING_DAY_CLOSE:
        for _ in range(cutoff.value):
            day = workdays.previous_working(calendar, day, closed)
        return min(start, clocks.close_of(day))
    return min(start, starts_at(workdays.previous_working(calendar, day, closed), cutoff.value))


def check(
    offer: Offer, cutoff: Cutoff, day: date, minute: int, calendar: Calendar, closed: Collection[date], now: datetime
) -> None:
    """NotYetOpen or CutoffPassed where a slot cannot be booked ``now``."""
    opens = opens_at(offer, day)
    if now < opens:
        at = clock.local(opens)
        raise NotYetOpen(
            f"{at:%Y-%m-%d} {told(offer.opens_minute)} 起开放预约", f"Opens {at:%Y-%m-%d} {told(offer.opens_minute)}",
            opens_at=clock.wire(opens),
        )
    if now >= closes_at(cutoff, day, minute, calendar, closed):
        raise CutoffPassed()
