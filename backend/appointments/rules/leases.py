"""Leases of seats: what a phone may promise without a signal, and how long the seat is kept for that. Pure."""
from datetime import datetime, timedelta
from typing import Any

from backend.appointments.rules.horizon import CutoffPassed
from backend.core.actor import AGENT, TOWNSHIP
from backend.core.problems import Problem, Text, invalid
from backend.org import rules as tree

OPEN, REDEEMED, RETURNED, LAPSED, WITHDRAWN = "open", "redeemed", "returned", "lapsed", "withdrawn"
STATES = (OPEN, REDEEMED, RETURNED, LAPSED, WITHDRAWN)
"""Withdrawn: hours were cut, and there was no seat any more that nobody had been promised."""
LONGEST = timedelta(hours=24)
KEPT = timedelta(days=180)
"""How long it is known what became of a lease: as long as an outbox can be old."""
MOST_OF_DEVICE, MOST_OF_ACCOUNT = 10, 20


class TooManyLeases(Problem):
    """Ten seats a phone, twenty an account; ``open`` is how many there are."""

    status, slug, title = 409, "too-many-leases", Text("预留号源已达上限", "Too many seats are kept for this phone")


class LeaseUsed(Problem):
    """Another appointment was made of it; ``appointment_id`` names it."""

    status, slug, title = 409, "lease-used", Text("该预留号源已使用", "The lease was used before")


def check_count(of_device: int, of_account: int, wanted: int) -> None:
    """TooManyLeases where the phone, or the account, would keep more seats than it may."""
    if of_device + wanted > MOST_OF_DEVICE or of_account + wanted > MOST_OF_ACCOUNT:
        raise TooManyLeases(open=of_device)


def expires_at(closes_at: datetime, now: datetime) -> datetime:
    """Until when a seat is kept: a day, and not beyond the moment from which nobody can book it."""
    return min(now + LONGEST, closes_at)


def reaches(role: str, own_code: str | None, unit_code: str) -> bool:
    """Where an account may keep seats: at its own unit, an agent at his township's centre too; the office all there."""
    own = own_code or ""
    if role == TOWNSHIP:
        return tree.contains(own, unit_code)
    return unit_code == own or role == AGENT and unit_code == tree.township_of(own)


def check_promise(lease: dict[str, Any], given: dict[str, Any]) -> None:
    """Invalid where what was promised is another seat than the lease's; what is not said is the lease's."""
    kept: dict[str, Any] = {
        "unit_code": lease["unit_code"], "date": lease["day_on"], "start": lease["start_minute"],
        "service": lease["service"],
    }
    for name, value in kept.items():
        if given.get(name) is not None and given[name] != value:
            raise invalid(name, "与预留号源不一致", "Not what the lease says.")


def check_time(starts_at: datetime, now: datetime) -> None:
    """CutoffPassed once the seat's time has begun; before that a promise that was made in time counts, however late."""
    if now >= starts_at:
        raise CutoffPassed()


def is_over(state: str, expires_at: datetime, now: datetime) -> bool:
    """Whether the seat is kept no longer, whatever a job has done of it."""
    return state == OPEN and now >= expires_at
