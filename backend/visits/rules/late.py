"""When a step really happened, where it is entered only later (rules 6: allowed, and marked). Pure."""
from datetime import date, datetime, timedelta

from backend.core.problems import invalid
from backend.errands import rules as errands

LATE_AFTER = timedelta(minutes=30)
OLDEST_DAYS, FARTHEST_DAYS = 180, 400


def moment(claimed_at: datetime | None, now: datetime, not_before: datetime | None = None) -> datetime:
    """The moment of a step: the claimed one where credible (as for errands), else now.

    Invalid where it would lie before the step that came first.
    """
    found = errands.credible(claimed_at, now)
    if not_before is not None and found < not_before:
        raise invalid("claimed_at", "不能早于上一步", "Not before the step that came first.")
    return found


def is_late(at: datetime, now: datetime) -> bool:
    """Whether a step is entered late: more than half an hour afterwards."""
    return now - at > LATE_AFTER


def check_day(day: date, today: date, field: str = "window.date") -> None:
    """Invalid where a visit's day lies further back, or ahead, than anybody enters it."""
    if not -OLDEST_DAYS <= (day - today).days <= FARTHEST_DAYS:
        raise invalid(
            field, f"至多早 {OLDEST_DAYS} 天、晚 {FARTHEST_DAYS} 天",
            f"At most {OLDEST_DAYS} days back and {FARTHEST_DAYS} ahead.",
        )

