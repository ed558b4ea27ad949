"""The waiting list: whose turn it is, until when an offer stands, what becomes of a wait (rules 5.6). Pure."""
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.appointments.rules import states
from backend.clocks import rules as hours
from backend.core import clock, workdays
from backend.core.actor import OPERATOR, SYSTEM, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Conflict, Gone, Text, invalid
from backend.core.workdays import Calendar

WAITING, OFFERED, ACCEPTED, LAPSED, WITHDRAWN = "waiting", "offered", "accepted", "lapsed", "withdrawn"
STATES = (WAITING, OFFERED, ACCEPTED, LAPSED, WITHDRAWN)
OPEN_STATES = (WAITING, OFFERED)
STATE_NAMES = {
    WAITING: Text("候补中", "waiting"), OFFERED: Text("已留位，待确认", "offered"),
    ACCEPTED: Text("已确认", "accepted"), LAPSED: Text("已过期", "lapsed"), WITHDRAWN: Text("已放弃", "withdrawn"),
}

KEEPERS = frozenset({OPERATOR, TOWNSHIP})
_CLOCK = frozenset({SYSTEM})
MOVES = {
    (WAITING, "offer"): Move(OFFERED, _CLOCK),
    (WAITING, "withdraw"): Move(WITHDRAWN, KEEPERS),
    (WAITING, "lapse"): Move(LAPSED, _CLOCK),
    (OFFERED, "accept"): Move(ACCEPTED, KEEPERS),
    (OFFERED, "withdraw"): Move(WITHDRAWN, KEEPERS),
    (OFFERED, "lapse"): Move(LAPSED, _CLOCK),
}
"""Who declines an offer leaves the list, as does who lets it lapse; she may be put on it anew, at its end."""

PROTECTED, OTHERS = 0, 1

OFFER = "waiting-offer"
DEFAULT_OFFER: dict[str, Any] = {"minutes": 30}
MOST_MINUTES, LEAST = 480, timedelta(minutes=5)
"""An offer that could stand less than LEAST is not made: nobody can be reached in it."""


class AlreadyWaiting(Conflict):
    """The person waits for this service on that day already."""

    slug, title = "already-waiting", Text("已在候补名单中", "Already on the waiting list")


class OfferLapsed(Gone):
    """The offer's deadline has passed, and the seat went to the next."""

    slug, title = "offer-lapsed", Text("留位已过时，已让给下一位", "The offer has lapsed")


def rank_of(protected: bool) -> int:
    """The protected group is served before everybody else (rules 5.6)."""
    return PROTECTED if protected else OTHERS


def seen(state: str, held: str | None, until: datetime | None, now: datetime) -> str:
    """The state of a wait as it is now: of an offer, what became of the appointment ``held`` for it.

    The clock judges before any job does: an offer whose deadline has passed has lapsed.
    """
    if state != OFFERED or held is None:
        return state
    if states.is_lapsed(held, until, now) or held == states.EXPIRED:
        return LAPSED
    if held == states.CANCELLED:
        return WITHDRAWN
    return OFFERED if held == states.HELD else ACCEPTED


def check_offer(value: Any) -> None:
    """Invalid unless ``{"minutes": 1–480}``."""
    good = isinstance(value, dict) and set(value) == {"minutes"} and type(value["minutes"]) is int
    if not good or not 1 <= value["minutes"] <= MOST_MINUTES:
        raise invalid(
            "value", f'须为 {{"minutes": 1 到 {MOST_MINUTES} 的整数}}', f'{{"minutes": 1 to {MOST_MINUTES}}} is needed.'
        )


def deadline(
    calendar: Calendar, now: datetime, minutes: int, latest: datetime, closed: Collection[date] = frozenset()
) -> datetime | None:
    """Until when an offer made ``now`` stands: so many minutes of office hours, never beyond ``latest``.

    Whoever is offered a seat answers by telephone, so that the clock of her offer runs only while somebody is
    there to take the call. None where too little time is left until ``latest`` (the service's cutoff).
    """
    if latest - now < LEAST:
        return None
    left, at = timedelta(minutes=minutes), now
    while at < latest:
        opens, closes = _session(calendar, at, closed)
        begins = max(at, opens)
        if begins + left <= closes:
            return min(begins + left, latest)
        left -= closes - begins
        at = closes
    return latest


def _session(calendar: Calendar, at: datetime, closed: Collection[date]) -> tuple[datetime, datetime]:
    """The stretch of office hours that runs at a moment, else the next one; its end is no longer within."""
    day = clock.local_date(at)
    if calendar.is_working(day) and day not in closed:
        for opens, closes in ((hours.OPENING, hours.NOON_FROM), (hours.NOON_TO, hours.CLOSE)):
            if at < _on(day, closes):
                return _on(day, opens), _on(day, closes)
    following = workdays.next_working(calendar, day, closed)
    return _on(following, hours.OPENING), _on(following, hours.NOON_FROM)


def _on(day: date, at: time) -> datetime:
    return clock.at_local(day, at.hour, at.minute)
