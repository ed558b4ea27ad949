"""A walk-in takes the seat of somebody who is 15 minutes late (rules 5.8).

The late one keeps her appointment, without a seat: who comes after all is served where one is there, and whether
she missed it a person confirms.
"""
from collections.abc import Callable
from datetime import date, datetime

from backend.appointments.actions import claiming, freeing
from backend.appointments.actions.claiming import Seat
from backend.appointments.rules import walkins
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction

_LATE = """
SELECT p.id FROM appointment p WHERE p.unit_code = ? AND p.day_on = ? AND p.state = 'booked' AND p.order_at <= ?
AND EXISTS (SELECT 1 FROM allocation a WHERE a.appointment_id = p.id) ORDER BY p.order_at, p.id
"""


@transaction
def seat(
    claimed: Callable[[], Seat | None], unit_code: str, day_on: date, *, actor: Actor, now: datetime
) -> Seat | None:
    """What ``claimed`` gets once late persons' seats are given up, the longest late first; None where none helps.

    The caller undoes the transaction where there is none. What is left of the seats goes to the waiting list.
    """
    late = clock.to_micros(walkins.late_before(now))
    for (appointment_id,) in sql.execute(_LATE, (unit_code, day_on.isoformat(), late)).fetchall():
        freed = claiming.release(appointment_id, actor=actor, now=now)
        ledger.record("appointment.give_way", "appointment", appointment_id, scope=unit_code)
        taken = claimed()
        freeing.pass_on(freed, appointment_id, actor=actor, now=now)
        if taken is not None:
            return taken
    return None
