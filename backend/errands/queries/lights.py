"""Which errands show a light: conditions by which a walk of the list's index begins and ends."""
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from backend.clocks import queries as calendars
from backend.clocks.rules import ladder
from backend.core import clock
from backend.errands import rules
from backend.errands.models import FINISHED_WITH

Condition = tuple[str, tuple[Any, ...]]

_NONE = (
    "finished_at IS NOT NULL AND (due_at IS NULL OR (finished_at <= due_at "
    "AND (yellow_at IS NULL OR finished_at < yellow_at) AND (reminder_at IS NULL OR finished_at < reminder_at)))"
)
_FINISHED = {
    light: re.sub(r"\b([a-z]+_at)\b", r"e.\1", text) for light, text in (FINISHED_WITH | {"none": _NONE}).items()
}


class Lit(NamedTuple):
    """What an errand with one of the lights meets, one condition at most: before its end, and after it.

    The states that are walked tell which of both is meant; :meth:`either` is for rows of any state.
    """

    running: list[Condition]
    finished: list[Condition]

    def of(self, state: str) -> list[Condition]:
        """The conditions of errands in a state."""
        return self.finished if state in rules.FINISHED else self.running

    def either(self) -> Condition:
        """The lights' conditions as one, for the few rows that another index found."""
        shown = [(f"e.finished_at IS NULL AND {text}", values) for text, values in self.running] + self.finished
        text = " OR ".join(f"({text})" for text, _ in shown)
        return f"({text})", tuple(value for _, values in shown for value in values)


ANY = Lit([("1 = 1", ())], [("1 = 1", ())])
"""Whatever the light."""


def conditions(lights: Sequence[str], present: calendars.Present, now: datetime) -> Lit:
    """The conditions of these lights; each allows a walk of the list's index, or of a short one of its own."""
    asked, running = dict.fromkeys(lights), _running(present, now)
    return Lit([running[light] for light in asked], [(_FINISHED[light], ()) for light in asked])


def _running(present: calendars.Present, now: datetime) -> dict[str, Condition]:
    """The lights of errands not finished, bounded by the days on which what shows them is due."""
    at = clock.to_micros(now)
    first, last = map(clock.to_micros, _due_between(present, now))
    return {
        "red": ("e.order_at < ?", (at,)),
        "yellow": ("e.order_at >= ? AND e.order_at <= ? AND e.yellow_at <= ?", (at, last, at)),
        "reminder": (
            "e.order_at >= ? AND e.order_at <= ? AND e.reminder_at <= ? AND (e.yellow_at IS NULL OR e.yellow_at > ?)",
            (first, last, at, at),
        ),
        "none": (
            "e.order_at >= ? AND (e.yellow_at IS NULL OR e.yellow_at > ?) "
            "AND (e.reminder_at IS NULL OR e.reminder_at > ?)", (at, at, at),
        ),
    }


def _due_between(present: calendars.Present, now: datetime) -> tuple[datetime, datetime]:
    ladders = [rungs for _, rungs in present.ladders]
    return ladder.lit_between(ladders, present.calendar, present.days_lost(), now)
