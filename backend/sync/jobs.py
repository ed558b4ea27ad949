"""What the clock does of phones: answers that are too old to be asked for again are forgotten."""
from datetime import datetime, timedelta

from backend.core.actor import Actor
from backend.sync.actions import forgetting
from backend.sync.rules import mutations as rules

AT_ONCE = 500


def forget_pushes(*, actor: Actor, now: datetime) -> int:
    """Forget answers and decided conflicts of 180 days ago, some at a time; how many answers."""
    before, count = now - timedelta(days=rules.KEPT_DAYS), 0
    forgetting.forget_decided(before, actor=actor, now=now)
    while gone := forgetting.forget(before, AT_ONCE, actor=actor, now=now):
        count += gone
    return count
