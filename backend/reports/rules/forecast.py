"""Coverage in figures: rates, the date of full coverage, the pace that is needed (rules 7.5). Pure.

All arithmetic is in whole numbers, so that a rate is rounded half up exactly and a date is never a day early.
"""
from datetime import date, timedelta

PACE_DAYS = 28
"""The present pace is what was built within the last four weeks."""
MOST_DAYS = 36_525
"""A century: what lies further ahead is no forecast."""


def percent(part: int, whole: int) -> float | None:
    """``part`` of ``whole`` in percent with one decimal, half up; None where there is nothing to be a part of."""
    if whole <= 0:
        return None
    return (2000 * part + whole) // (2 * whole) / 10


def full_on(planned: int, built: int, built_before: int, today: date) -> date | None:
    """The day on which everything planned is built, at the pace since ``built_before``, four weeks ago.

    None where nothing is planned, everything is built, or nothing was gained; never today or earlier.
    """
    left, gained = planned - built, built - built_before
    if planned <= 0 or left <= 0 or gained <= 0:
        return None
    days = -(-left * PACE_DAYS // gained)
    return None if days > MOST_DAYS else today + timedelta(days=days)


def ahead(forecast_on: date | None, today: date) -> date | None:
    """A forecast as it is told ``today``: one made of an earlier day that has been overtaken meanwhile is none."""
    return forecast_on if forecast_on is not None and forecast_on > today else None


def short_of(planned: int, built: int, target_percent: int) -> int:
    """How many sites are still to be built until the target is met."""
    return max(0, -(-planned * target_percent // 100) - built)


def needed_a_week(planned: int, built: int, target_percent: int, target_on: date, today: date) -> float | None:
    """Sites to be built a week, one decimal, rounded up, so that the target is met on its day.

    0 where it is met; None once its day has come without that.
    """
    left, days = short_of(planned, built, target_percent), (target_on - today).days
    if left == 0:
        return 0.0
    return None if days <= 0 else -(-left * 70 // days) / 10


def pace_a_week(built: int, built_before: int) -> float:
    """Sites built a week within the last four weeks, one decimal; negative where sites were lost."""
    gained = built - built_before
    return percent(abs(gained) * 7, PACE_DAYS * 100) * (1 if gained >= 0 else -1)  # type: ignore[operator]
