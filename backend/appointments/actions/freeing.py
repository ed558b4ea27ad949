"""What follows when a seat gets free: the one place that gives cells back (rules 5.6).

Who cancels, moves, lets lapse or records a no-show calls this in the same transaction.
"""
from datetime import datetime
from typing import Any

from backend.appointments.actions import claiming, conflicts, leased, row, waiting
from backend.appointments.actions.claiming import Freed
from backend.appointments.queries import bookings
from backend.appointments.queries import leases as kept
from backend.appointments.rules import leases, states
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

_LAPSED = """
SELECT DISTINCT p.id FROM allocation a JOIN appointment p ON p.id = a.appointment_id
WHERE a.unit_code = ? AND a.day_on = ? AND p.state = 'held' AND p.hold_until_at <= ? ORDER BY p.id
"""
_DUE = "SELECT id FROM appointment WHERE state = 'held' AND hold_until_at <= ? ORDER BY hold_until_at LIMIT ?"


@transaction
def free(appointment_id: str, *, actor: Actor, now: datetime) -> list[Freed]:
    """Give an appointment's cells back and pass them on; what was freed."""
    freed = claiming.release(appointment_id, actor=actor, now=now)
    pass_on(freed, appointment_id, actor=actor, now=now)
    return freed


def pass_on(freed: list[Freed], appointment_id: str, *, actor: Actor, now: datetime) -> None:
    """What follows of freed cells, in the running transaction, once their appointment has left them.

    What is free goes to who waits (rules 5.6); where seats had been cut away, somebody may have his back (5.7).
    """
    waiting.pass_on(freed, actor=actor, now=now)
    conflicts.follow(freed, actor=actor, now=now)


@transaction
def lapse(appointment_id: str, *, actor: Actor, now: datetime) -> bool:
    """End a hold whose time is over and pass its cells on; False where it is none (any more).

    One that somebody has in his hands this very moment is left to him.
    """
    found = bookings.any_row(appointment_id, lock=True, skip=True)
    if found is None or not is_lapsed(found, now):
        return False
    row.finish(found, "expire", actor=actor, now=now)
    free(appointment_id, actor=actor, now=now)
    return True


def is_lapsed(found: dict[str, Any], now: datetime) -> bool:
    """Whether the appointment is a hold that is over by the clock."""
    return states.is_lapsed(found["state"], found["hold_until_at"], now)


@transaction
def lapse_all(unit_code: str, day_on: str, *, actor: Actor, now: datetime) -> int:
    """End the lapsed holds and leases of a unit's day; how many. By the clock, whatever a job has done (rules 5.5)."""
    due = sql.execute(_LAPSED, (unit_code, day_on, clock.to_micros(now))).fetchall()
    count = sum(lapse(appointment_id, actor=actor, now=now) for (appointment_id,) in due)
    over = kept.due_of_day(unit_code, day_on, now)
    return count + sum(lapse_lease(lease_id, actor=actor, now=now) for lease_id in over)


@transaction
def lapse_lease(lease_id: str, *, actor: Actor, now: datetime) -> bool:
    """End a lease whose time is over and pass its cells on; False where it is not over, or in somebody's hands."""
    found = kept.any_row(lease_id, lock=True, skip=True)
    if found is None or not leases.is_over(found["state"], found["expires_at"], now):
        return False
    free_lease(found, leases.LAPSED, actor=actor, now=now)
    return True


@transaction
def free_lease(found: dict[str, Any], state: str, *, actor: Actor, now: datetime) -> None:
    """End a lease without an appointment, and pass its cells on."""
    pass_on(leased.end(found, state, actor=actor, now=now), found["id"], actor=actor, now=now)


def overdue(now: datetime, limit: int) -> list[str]:
    """Holds that have lapsed anywhere, the oldest first, for the job."""
    return [found for (found,) in sql.execute(_DUE, (clock.to_micros(now), limit)).fetchall()]
