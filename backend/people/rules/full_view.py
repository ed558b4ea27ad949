"""Full views of personal data: a budget per hour and day, and how long a replay may show them."""
from collections.abc import Sequence
from datetime import datetime, timedelta

BUDGETS = ((timedelta(hours=1), 60), (timedelta(days=1), 300))
"""rules.md 11: 60 an hour, 300 a day, per account."""

REPLAYED_FOR = timedelta(minutes=10)


def seconds_to_wait(viewed: Sequence[datetime], now: datetime) -> int:
    """Seconds until another view is allowed (0: now); ``viewed`` are past views, latest first."""
    waits = [0]
    for span, times in BUDGETS:
        if len(viewed) >= times and viewed[times - 1] > now - span:
            wait = viewed[times - 1] + span - now
            waits.append(-(-wait // timedelta(seconds=1)))
    return max(waits)


def is_shown(viewed_at: datetime, now: datetime) -> bool:
    """Whether the view's own answer, or a retry of it, may still show the numbers."""
    return now - viewed_at < REPLAYED_FOR
