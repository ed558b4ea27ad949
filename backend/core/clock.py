"""The only file that asks the time.

Instants are timezone-aware UTC datetimes; the database keeps them as integer microseconds.
The local date is made once, by :func:`local_date`, before rules are asked.
"""
import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 30, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """What an edge asks for the time; tests bring their own."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


def monotonic() -> float:
    """Seconds of a clock that never goes back, for measuring durations."""
    return time.perf_counter()


def sleep(seconds: float) -> None:
    """Wait; kept here so that nothing else imports ``time``."""
    time.sleep(seconds)


def to_micros(instant: datetime) -> int:
    """Whole microseconds since 1970 UTC; ValueError for an instant without zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return (instant - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The UTC instant of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def local(instant: datetime) -> datetime:
    """The same instant on the wall clock of the installation's zone."""
    return instant.astimezone(ZONE)


def local_date(instant: datetime) -> date:
    """The date on the wall calendar of the installation's zone."""
    return instant.astimezone(ZONE).date()


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant of a wall-clock time on ``day``."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def wire(instant: datetime | None) -> str | None:
    """RFC 3339 with offset in the installation's zone, whole seconds."""
    if instant is None:
        return None
    return instant.astimezone(ZONE).replace(microsecond=0).isoformat()


@lru_cache(maxsize=4096)
def wire_micros(micros: int) -> str:
    """:func:`wire` of stored microseconds; lists show the same moments again and again."""
    return datetime.fromtimestamp(micros // 1_000_000, ZONE).isoformat()
