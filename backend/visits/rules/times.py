"""Minutes of a local day as instants, and back; how people write them is appointments' to say. Pure."""
from datetime import date, datetime

from backend.core import clock
from backend.core.problems import invalid


def moment(day: date, minute: int) -> datetime:
    """The instant of a minute of a local day."""
    return clock.at_local(day, *divmod(minute, 60))


def wall(at: datetime) -> str:
    """An instant as the clock on the wall shows it, ``09:30``."""
    return clock.local(at).strftime("%H:%M")


def minute_at(at: datetime) -> int:
    """The minute of its local day that an instant lies in."""
    local = clock.local(at)
    return local.hour * 60 + local.minute


def check_window(from_minute: int, to_minute: int) -> None:
    """Invalid unless the window ends after it begins."""
    if to_minute <= from_minute:
        raise invalid("window.to", "结束时间须晚于开始时间", "The window ends after it begins.")
