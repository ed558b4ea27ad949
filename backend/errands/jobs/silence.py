"""Whoever was told nothing in time counts as accepted."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.errands.actions import silence
from backend.errands.queries import running

BATCH = 500


def accept_in_silence(*, actor: Actor, now: datetime) -> int:
    """Accept the errands still registered 5 working days after receipt, as of that receipt; how many.

    Each is a transaction of its own, so that no desk waits for more than one; a pass that was cut short
    begins anew and finds the rest.
    """
    count, after = 0, (0, "")
    while found := running.silent(now, after, BATCH):
        ids = [errand["id"] for errand in found]
        count += jobs.each(ids, lambda errand_id: silence.accept(errand_id, actor=actor, now=now))[0]
        after = found[-1]["silence_at"], found[-1]["id"]
    return count
