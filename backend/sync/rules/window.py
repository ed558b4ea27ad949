"""What a phone keeps: open rows, and ended ones for a while (rules 9), as its budget of rows allows. Pure."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock
from backend.core.problems import invalid

RESIDENT, ERRAND, NOTE, VISIT, APPOINTMENT, FILE = TYPES = (
    "resident", "errand", "note", "visit", "appointment", "file",
)
"""In the order in which a phone is told of them: first what the others refer to."""

SPANS = (90, 30, 7, 0)
"""For how many days ended rows are kept: the longest whose rows are within the budget."""
APPOINTMENT_DAYS = 1
SETTING, USUAL = "sync-budget", 5000
"""How many rows a phone holds at most."""
LEAST, MOST = 10, 1_000_000
NEAR_PERCENT = 80
USUAL_CHANGES, MOST_CHANGES = 200, 500
"""How many changes a page of the feed has at most, where nothing else is asked, and at all."""
OK, NEAR, OVER = "ok", "near", "over"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which moments on ended rows, and appointments, are kept; microseconds."""

    ended: int
    appointments: int


def bounds(days: int, today: date) -> Bounds:
    """What is kept today of a window of so many days."""
    return Bounds(_morning(today, days), _morning(today, APPOINTMENT_DAYS))


def _morning(today: date, days: int) -> int:
    return clock.to_micros(clock.at_local(today - timedelta(days=days), 0))


def keep_until(ended_at: datetime, days: int) -> date:
    """The last day on which a phone keeps what ended then; afterwards it drops it by itself."""
    return clock.local_date(ended_at) + timedelta(days=days)


def fitting(rows: Sequence[int], most: int) -> int:
    """The longest of SPANS whose rows are within the budget, else the shortest: open rows are always kept."""
    return next((days for days, count in zip(SPANS, rows) if count <= most), SPANS[-1])


def budget(rows: int, most: int, days: int) -> dict[str, Any]:
    """What a phone is told of its budget: a warning from 80 % on, and where ended rows are kept for less than usual."""
    near = days < SPANS[0] or rows * 100 >= most * NEAR_PERCENT
    return {"rows": rows, "most": most, "days": days, "state": OVER if rows > most else NEAR if near else OK}


def check_setting(value: Any) -> None:
    """Invalid unless it is a number of rows."""
    if type(value) is not int or not LEAST <= value <= MOST:
        raise invalid("value", f"须为 {LEAST} 至 {MOST} 的整数", f"Must be a whole number from {LEAST} to {MOST}.")


def differing(given: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """Of which types the phone's rows are not ours."""
    return [kind for kind in TYPES if kind in given and given[kind] != present[kind]]
