"""Months that are told to the public: which are over. Pure."""
from datetime import datetime, timedelta

from backend.core import clock, monthly

FROM_HOUR = 6
"""A month is told from this hour of the first day after it."""


def latest_over(now: datetime) -> str:
    """The latest month that may be told."""
    return monthly.preceding(monthly.of(clock.local_date(now - timedelta(hours=FROM_HOUR))))
