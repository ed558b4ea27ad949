"""Work outside office hours is counted."""
from datetime import datetime

from backend.core.actor import Actor
from backend.errands.actions import diligence

BATCH = 1000


def count_off_hours(*, actor: Actor, now: datetime) -> int:
    """Count what was entered since the last time; how many entries were looked at."""
    total = 0
    while count := diligence.count(BATCH, actor=actor, now=now):
        total += count
        if count < BATCH:
            break
    return total
