"""Holds that lapsed give their seats back, and what nobody needs to know any more of past appointments goes."""
from datetime import datetime

from backend.appointments.actions import forgetting, freeing, leased
from backend.appointments.queries import indexed, leases
from backend.core import jobs
from backend.core.actor import Actor

__all__ = ["forget_persons", "indexed", "lapse_holds"]

BATCH = 500


def lapse_holds(*, actor: Actor, now: datetime) -> int:
    """End the holds and leases whose time is over, each in a transaction of its own; how many.

    Claims do not wait for it: they judge by the clock themselves.
    """
    held = jobs.each(
        freeing.overdue(now, BATCH), lambda appointment_id: freeing.lapse(appointment_id, actor=actor, now=now)
    )[0]
    return held + jobs.each(
        leases.due(now, BATCH), lambda lease_id: freeing.lapse_lease(lease_id, actor=actor, now=now)
    )[0]


def forget_persons(*, actor: Actor, now: datetime) -> int:
    """Blank the persons of appointments that are long over, and let go of leases that are; how many of both."""
    count = 0
    while found := forgetting.forget(BATCH, actor=actor, now=now) + leased.forget(BATCH, actor=actor, now=now):
        count += found
    return count
