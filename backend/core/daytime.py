"""Times of a local day: minutes since midnight, told as ``09:00``, and as instants. Pure."""
import re
from datetime import date, datetime, timedelta

from backend.core import clock

DAY_MINUTES = 1440
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
END = rf"(?:{TIME}|24:00)"
_TIME = re.compile(END)


def minute_of(text: str) -> int:
    """The minute of ``09:00``; ``24:00`` is the end of the day. ValueError for anything else."""
    if not _TIME.fullmatch(text):
        raise ValueError("not a time of day")
    return int(text[:2]) * 60 + int(text[3:])


def told(minute: int) -> str:
    """A minute of the day as ``09:00``."""
    return _TOLD[minute]


_TOLD = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(2 * DAY_MINUTES))
"""An appointment may end after midnight."""


def moment(day: date, minute: int) -> datetime:
    """The instant of a minute of a local day, or of the morning after it."""
    return clock.at_local(day, 0) + timedelta(minutes=minute)


def minute_at(at: datetime) -> int:
    """The minute of its local day that an instant lies in."""
    local = clock.local(at)
    return local.hour * 60 + local.minute


def wall(at: datetime) -> str:
    """An instant as the clock on the wall shows it, ``09:30``."""
    return clock.local(at).strftime("%H:%M")
