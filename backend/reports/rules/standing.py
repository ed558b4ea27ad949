"""How the townships stand: who filed in time, late, not at all; rates, ranks, rows of weeks (rules 7.1–7.5). Pure."""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from backend.reports.rules import forecast

ON_TIME, LATE, MISSING = "on_time", "late", "missing"


class Owed(NamedTuple):
    """One township's duty to report in one week."""

    unit_code: str
    name: str
    due_at: datetime


class Outcome(NamedTuple):
    """What became of such a duty; ``filed_at`` is the first filing, None where there is none."""

    owed: Owed
    filed_at: datetime | None

    @property
    def word(self) -> str:
        """on_time, late or missing; filed exactly at the due moment is in time."""
        if self.filed_at is None:
            return MISSING
        return ON_TIME if self.filed_at <= self.owed.due_at else LATE


@dataclass(frozen=True, slots=True)
class Standing:
    """One week of a district."""

    outcomes: tuple[Outcome, ...]

    def named(self, word: str) -> list[Outcome]:
        """Who was late or is missing, by code."""
        return [outcome for outcome in self.outcomes if outcome.word == word]

    def figures(self) -> dict[str, Any]:
        """Counts and rates as the wire has them; a rate is None where nothing was expected."""
        return counts([outcome.word for outcome in self.outcomes])


def counts(words: Sequence[str]) -> dict[str, Any]:
    """What so many outcomes come to."""
    expected, on_time = len(words), words.count(ON_TIME)
    received = on_time + words.count(LATE)
    return {
        "expected": expected,
        "received": received, "received_rate_percent": forecast.percent(received, expected),
        "on_time": on_time, "on_time_rate_percent": forecast.percent(on_time, expected),
    }


def standing(owed: Iterable[Owed], filed: Mapping[str, datetime]) -> Standing:
    """How a week stands; who owes nothing counts nowhere, whatever he filed."""
    ordered = sorted(owed, key=lambda each: each.unit_code)
    return Standing(tuple(Outcome(each, filed.get(each.unit_code)) for each in ordered))


class Streak(NamedTuple):
    """Weeks in time in a row: the last ones, and the most there ever were."""

    current: int
    longest: int


def streak(in_time: Iterable[bool]) -> Streak:
    """The rows of weeks in time, first week first; weeks that owed nothing are left out by the caller."""
    current = longest = 0
    for kept in in_time:
        current = current + 1 if kept else 0
        longest = max(longest, current)
    return Streak(current, longest)


def ranks(shares: Sequence[tuple[int, int]]) -> list[int | None]:
    """The rank of each share ``(part, whole)``, the highest first; equal ones share it, and the next is left out.

    None where the whole is nothing. Shares are compared as fractions, not as rounded rates.
    """
    scale = [part * 10**18 // whole if whole > 0 else None for part, whole in shares]
    first: dict[int, int] = {}
    for place, share in enumerate(sorted((one for one in scale if one is not None), reverse=True), 1):
        first.setdefault(share, place)
    return [None if one is None else first[one] for one in scale]
