"""What the clock does of disclosure: months that are over are told to the public."""
from datetime import datetime

from backend.core import jobs
from backend.core.actor import Actor
from backend.disclosure.actions import declared, publishing

__all__ = ["declared", "tell_months"]


def tell_months(*, actor: Actor, now: datetime) -> int:
    """Tell every month that is over and was not told yet, each in a transaction of its own; how many."""
    return jobs.each(
        publishing.due(now), lambda one: publishing.publish(*one, actor=actor, now=now) is not None
    )[0]
