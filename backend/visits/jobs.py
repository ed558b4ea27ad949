"""What the clock does about visits: sign-offs that lack are chased, absences are told, ticks of old days go."""
from collections.abc import Callable
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.visits.actions import declared, going, missing, scheduling
from backend.visits.queries import away, visits

__all__ = ["chase_sign_offs", "declared", "purge", "warn_of_absence"]

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


def warn_of_absence(*, actor: Actor, now: datetime) -> int:
    """Tell units of visits whose agent is disabled, moved away or on leave by now; how many they were told of."""
    for visit_id in _walk(away.told):
        missing.check(visit_id, actor=actor, now=now)
    suspects = _walk(lambda after, limit: away.suspects(now, after, limit))
    return jobs.each(suspects, lambda visit_id: missing.warn(visit_id, actor=actor, now=now))[0]


def _walk(part: Callable[[str, int], list[str]]) -> list[str]:
    found = part("", BATCH)
    walked = list(found)
    while len(found) == BATCH:
        found = part(walked[-1], BATCH)
        walked += found
    return walked


def purge(*, actor: Actor, now: datetime) -> int:
    """Forget the agents' ticks of days long past; how many."""
    return scheduling.forget_ticks(actor=actor, now=now)
