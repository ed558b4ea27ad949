"""Reminding persons of their appointments, each once for the day and hour it has (rules 5.4)."""
from collections.abc import Sequence
from datetime import datetime

from backend.appointments.actions import settings, telling
from backend.appointments.queries import bookings
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

__all__ = ["remind", "settings"]

_MARK = """
UPDATE appointment SET reminded_for_at = order_at
WHERE id = ? AND state = 'booked' AND order_at > ? AND (reminded_for_at IS NULL OR reminded_for_at <> order_at)
"""


@transaction
def remind(appointment_ids: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Remind the persons of these appointments; how many. Who was reminded, or has cancelled meanwhile, is left out.

    The mark and the notice are one transaction: whatever dies in between, she is told once.
    """
    count = 0
    for appointment_id in appointment_ids:
        if sql.run(_MARK, (appointment_id, clock.to_micros(now))) == 0:
            continue
        found = bookings.any_row(appointment_id)
        if found is not None:
            telling.reminded(found, actor=actor, now=now)
            count += 1
    return count
