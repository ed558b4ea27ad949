"""The life of an appointment: what leads where, and who may say it (rules 5). Pure."""
from datetime import datetime, timedelta

from backend.core import clock
from backend.core.actor import OPERATOR, TOWNSHIP
from backend.core.moves import Move
from backend.core.problems import Gone, Problem, Text

BOOKERS = frozenset({OPERATOR, TOWNSHIP})
"""Who books for others: desk and phone line, and the township's office."""
JOB: frozenset[str] = frozenset()
"""Nobody says it: the clock does."""

HELD, BOOKED, CHECKED_IN, DONE = "held", "booked", "checked_in", "done"
NO_SHOW, CANCELLED, EXPIRED = "no_show", "cancelled", "expired"
STATES = (HELD, BOOKED, CHECKED_IN, DONE, NO_SHOW, CANCELLED, EXPIRED)
OPEN_STATES = (HELD, BOOKED, CHECKED_IN)
"""Those that work lists show."""
SEATED = frozenset({HELD, BOOKED, CHECKED_IN, DONE})
"""Those whose cells stay taken; whoever leaves them frees a seat."""
UPCOMING = frozenset({HELD, BOOKED})
"""Those that keep the person from a second one of that service and day."""

STATE_NAMES = {
    HELD: Text("预留", "held"),
    BOOKED: Text("已预约", "booked"),
    CHECKED_IN: Text("已签到", "checked in"),
    DONE: Text("已办理", "done"),
    NO_SHOW: Text("爽约", "no-show"),
    CANCELLED: Text("已取消", "cancelled"),
    EXPIRED: Text("预留已失效", "expired"),
}

MOVES = {
    (HELD, "confirm"): Move(BOOKED, BOOKERS),
    (HELD, "reschedule"): Move(HELD, BOOKERS),
    (HELD, "cancel"): Move(CANCELLED, BOOKERS),
    (HELD, "expire"): Move(EXPIRED, JOB),
    (BOOKED, "reschedule"): Move(BOOKED, BOOKERS),
    (BOOKED, "cancel"): Move(CANCELLED, BOOKERS),
    (BOOKED, "check_in"): Move(CHECKED_IN, BOOKERS),
    (BOOKED, "miss"): Move(NO_SHOW, BOOKERS),
    (CHECKED_IN, "complete"): Move(DONE, BOOKERS),
}

HOLD = timedelta(minutes=5)
"""A hold occupies its seat so long (rules 5.5)."""
GRACE = timedelta(minutes=15)
"""Who comes so late is still served (rules 5.8)."""


class HoldLapsed(Gone):
    """The seat was held for five minutes, or until an offer's deadline, and that is over."""

    slug, title = "hold-lapsed", Text("预留已过时，请重新预约", "The hold has lapsed; book again")


class GraceRuns(Problem):
    """Nobody is a no-show before 15 minutes after the start."""

    status, slug, title = 409, "grace-runs", Text("未过宽限时间，不能记爽约", "The grace of 15 minutes is not over")


def is_lapsed(state: str, hold_until: datetime | None, now: datetime) -> bool:
    """Whether a hold is over by the clock, whatever a job has done of it (rules 5.5); its last moment is over."""
    return state == HELD and hold_until is not None and now >= hold_until


def check_hold(state: str, hold_until: datetime | None, now: datetime) -> None:
    """HoldLapsed where there is nothing left to confirm."""
    if state == EXPIRED or is_lapsed(state, hold_until, now):
        raise HoldLapsed()


def check_missed(start: datetime, now: datetime) -> None:
    """GraceRuns before 15 minutes after the start."""
    if now < start + GRACE:
        raise GraceRuns(until=clock.wire(start + GRACE))
