"""What the clock does about visits: sign-offs that lack are chased, ticks of old days go."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.visits.actions import declared, going, scheduling
from backend.visits.queries import visits

__all__ = ["chase_sign_offs", "declared", "purge"]

BATCH = 200


def chase_sign_offs(*, actor: Actor, now: datetime) -> int:
    """Open a call task for each visit whose sign-off still lacks a day after it was done; how many were looked at."""
    count = 0
    while found := visits.unsigned(now, BATCH):
        done = jobs.each(found, lambda visit_id: going.chase(visit_id, actor=actor, now=now))[0]
        count += done
        if done == 0:
            break
    return count


def purge(*, actor: Actor, now: datetime) -> int:
    """Forget the agents' ticks of days long past; how many."""
    return scheduling.forget_ticks(actor=actor, now=now)
