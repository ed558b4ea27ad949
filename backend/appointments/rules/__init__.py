"""Times of day as appointments count them: minutes since local midnight, told as ``09:00``. Pure."""
import re

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
