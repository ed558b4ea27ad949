"""What may become of a notice, when it is tried again, and when the night keeps it. Pure."""
from datetime import datetime, timedelta

from backend.core import clock
from backend.core.actor import ADMIN, SYSTEM
from backend.core.moves import Move
from backend.core.problems import Problem, Text

RESIDENT, ACCOUNT = "resident", "account"
AUDIENCES = (RESIDENT, ACCOUNT)

WAITING, SENDING, SENT, DELIVERED = "waiting", "sending", "sent", "delivered"
FAILED, DEAD, UNKNOWN, EXPIRED = "failed", "dead", "unknown", "expired"
STATES = (WAITING, SENDING, SENT, DELIVERED, FAILED, DEAD, UNKNOWN, EXPIRED)
OPEN_STATES = (WAITING, SENDING, DEAD)
ENDS = (DELIVERED, FAILED, DEAD, UNKNOWN, EXPIRED)

STATE_NAMES = {
    WAITING: Text("待发送", "waiting"),
    SENDING: Text("发送中", "sending"),
    SENT: Text("已发出", "sent"),
    DELIVERED: Text("已送达", "delivered"),
    FAILED: Text("未送达", "failed"),
    DEAD: Text("发送失败", "dead"),
    UNKNOWN: Text("结果不明", "unknown"),
    EXPIRED: Text("已过期", "expired"),
}

_JOB, _ADMIN = frozenset({SYSTEM}), frozenset({ADMIN})
MOVES = {
    (WAITING, "lease"): Move(SENDING, _JOB),
    (WAITING, "expire"): Move(EXPIRED, _JOB),
    (WAITING, "give_up"): Move(DEAD, _JOB),
    (WAITING, "deliver"): Move(DELIVERED, _JOB),
    (SENDING, "lease"): Move(SENDING, _JOB),
    (SENDING, "accept"): Move(SENT, _JOB),
    (SENDING, "retry"): Move(WAITING, _JOB),
    (SENDING, "give_up"): Move(DEAD, _JOB),
    (SENDING, "lose"): Move(UNKNOWN, _JOB),
    (SENDING, "expire"): Move(EXPIRED, _JOB),
    (SENDING, "deliver"): Move(DELIVERED, _JOB),
    (SENDING, "fail"): Move(FAILED, _JOB),
    (SENT, "deliver"): Move(DELIVERED, _JOB),
    (SENT, "fail"): Move(FAILED, _JOB),
    (UNKNOWN, "deliver"): Move(DELIVERED, _JOB),
    (UNKNOWN, "fail"): Move(FAILED, _JOB),
    (DEAD, "deliver"): Move(DELIVERED, _JOB),
    (DEAD, "replay"): Move(WAITING, _ADMIN),
}
"""``deliver`` and ``fail`` are what a receipt says. A failed try may still arrive, so the former is heard
while the notice waits, the latter is not."""

MOST_TRIES = 10
LONGEST = timedelta(hours=4)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
SPREAD = 0.2
LEASE = timedelta(seconds=60)
PATIENCE = timedelta(hours=24)
KEPT = timedelta(days=180)
NIGHT, MORNING = 22, 7
DAY = timedelta(days=1)
RECEIPT_WINDOW = timedelta(minutes=5)


class BadReceipt(Problem):
    """A delivery receipt whose signature is wrong, whose time is not now, or that lacks one of them."""

    status, slug, title = 403, "bad-receipt", Text("回执签名无效", "The receipt's signature is not valid")


def retry_at(failures: int, now: datetime, jitter: float, *, sleeps: bool) -> datetime:
    """When to try after the ``failures``-th failure: 30 s · 2ⁿ ± 20 %, at most 30 min, not by night.

    ``jitter`` is from -1 to 1. Source: quality.md, Notices.
    """
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 16), LONGEST_PAUSE)
    pause = min(pause * (1 + SPREAD * jitter), LONGEST_PAUSE)
    return awake(now + pause) if sleeps else now + pause


def is_spent(failures: int, first_at: datetime, now: datetime, *, sleeps: bool) -> bool:
    """Whether a notice that just failed is given up: ten tries, or four hours of trying; nights do not count."""
    tried = waking(first_at, now) if sleeps else now - first_at
    return failures >= MOST_TRIES or tried >= LONGEST


def is_quiet(at: datetime) -> bool:
    """Whether residents are left in peace at that moment: from 22:00 to 07:00, 07:00 itself no longer."""
    hour = clock.local(at).hour
    return hour >= NIGHT or hour < MORNING


def awake(at: datetime) -> datetime:
    """That moment, or 07:00 where it falls into the night."""
    if not is_quiet(at):
        return at
    day = clock.local_date(at)
    return clock.at_local(day + DAY if clock.local(at).hour >= NIGHT else day, MORNING)


def waking(start: datetime, end: datetime) -> timedelta:
    """The time between two moments that is not night."""
    if end - start > 30 * DAY:
        return end - start
    total, day = timedelta(0), clock.local_date(start)
    while clock.at_local(day, 0) < end:
        opens, closes = max(start, clock.at_local(day, MORNING)), min(end, clock.at_local(day, NIGHT))
        total += max(closes - opens, timedelta(0))
        day += DAY
    return total


def first_moment(now: datetime, not_before: datetime | None, *, sleeps: bool) -> datetime:
    """When a fresh notice is tried first: at once, not before it may, not by night."""
    at = max(now, not_before or now)
    return awake(at) if sleeps else at


def is_expired(not_after: datetime | None, now: datetime) -> bool:
    """Whether the news is worth nothing any more; the last moment itself is too late."""
    return not_after is not None and now >= not_after


def is_timely(stamp: datetime, now: datetime) -> bool:
    """Whether a receipt was signed about now: five minutes either way."""
    return abs(now - stamp) <= RECEIPT_WINDOW
