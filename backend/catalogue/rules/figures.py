"""Figures of the catalogue: how much sooner than the law, and the "cut by 30 %" check."""
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class SpeedUp(NamedTuple):
    """Over the items with a legal limit; percents have one decimal, None where there are none."""

    items: int
    legal_days: int
    promised_days: int
    aggregate_percent: float | None
    mean_of_items_percent: float | None


class Cut(NamedTuple):
    """How a new promise stands against "cut by 30 %"."""

    from_days: int
    target_days: int
    met: bool


def speed_up(limits: Iterable[tuple[int | None, int, int]]) -> SpeedUp:
    """1 − Σpromised ÷ Σlegal, and apart from it the mean of the items' own rates.

    ``limits`` are (legal, promised, how many items have these); items without legal limit are out.
    """
    counted = [(law, mine, times) for law, mine, times in limits if law and times]
    items = sum(times for _, _, times in counted)
    if not items:
        return SpeedUp(0, 0, 0, None, None)
    legal = sum(law * times for law, _, times in counted)
    promised = sum(mine * times for _, mine, times in counted)
    mean = sum(times * (1 - Fraction(mine, law)) for law, mine, times in counted) / Fraction(items)
    return SpeedUp(items, legal, promised, percent(1 - Fraction(promised, legal)), percent(mean))


def percent(share: Fraction) -> float:
    """A share in percent with one decimal, halves up."""
    return (share * 1000 + Fraction(1, 2)).__floor__() / 10


def target(days: int) -> int:
    """The most that "cut by 30 %" leaves of a promise, in whole days; 1 becomes 0, an instant item."""
    return 7 * days // 10


def cut(before: int, promised: int) -> Cut:
    """The check of a new promise against the one before."""
    return Cut(before, target(before), promised <= target(before))
