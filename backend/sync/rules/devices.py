"""What is allowed of a phone, and when its clock counts as wrong (rules 9). Pure."""
from datetime import datetime, timedelta

from backend.core.actor import ADMIN, SUPERVISOR, TOWNSHIP
from backend.core.problems import Forbidden, Text
from backend.errands.rules import DEVICE_SKEW, TAKERS

WATCHERS = frozenset({TOWNSHIP, SUPERVISOR, ADMIN})
READERS = TAKERS | WATCHERS
REVOKERS = TAKERS | {ADMIN}
MOST_SECONDS = 2**31 - 1


class DeviceRevoked(Forbidden):
    """The device was given up or taken away; what it still holds is no longer taken."""

    slug, title = "device-revoked", Text("该设备已停用", "The device was revoked")


def ahead(told: datetime, now: datetime) -> int:
    """By how many seconds a phone's clock is ahead of ours; negative where it is behind."""
    seconds = round((told - now).total_seconds())
    return max(-MOST_SECONDS, min(MOST_SECONDS, seconds))


def is_skewed(seconds: int | None) -> bool:
    """Whether a clock that is so far ahead, or behind, is flagged: over five minutes."""
    return seconds is not None and abs(timedelta(seconds=seconds)) > DEVICE_SKEW


def is_from_the_future(occurred_at: datetime | None, now: datetime) -> bool:
    """Whether something is said to have happened more than five minutes after we received it."""
    return occurred_at is not None and occurred_at > now + DEVICE_SKEW
