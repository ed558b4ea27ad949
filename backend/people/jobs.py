"""What the clock does to people's data: sessions, tries and views that no longer count go."""
from datetime import datetime

from backend.core.actor import Actor
from backend.people.actions import residents, sessions, tries
from backend.people.queries import indexed

__all__ = ["indexed", "purge"]


def purge(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Delete ended sessions, old tallies of failed tries and old view rows; how many of each."""
    return {
        "sessions": sessions.forget_expired(actor=actor, now=now),
        "tries": tries.forget_old(actor=actor, now=now),
        "views": residents.forget_views(actor=actor, now=now),
    }
