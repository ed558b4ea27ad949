"""Silence is an acceptance: whoever was told nothing in time counts as accepted as of receipt (rules 3.4)."""
from datetime import datetime

from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import intake, timing
from backend.errands.queries import running
from backend.errands.rules import notices


@transaction
def accept(errand_id: str, *, actor: Actor, now: datetime) -> bool:
    """Accept in silence, once; False where somebody told, accepted or declined first, or the calendar moved it."""
    found = running.one(errand_id)
    if found is None:
        return False
    moment = timing.silence_due(found)
    if moment is None or not notices.counts_as_accepted(found["state"], moment, now):
        return False
    intake.take_in_silence(found, moment, actor=actor, now=now)
    return True
