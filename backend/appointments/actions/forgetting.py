"""Erasing what appointments say of people: at a resident's wish, and of everybody after the time that is set."""
from datetime import datetime, timedelta

from backend.appointments.actions import keeping, turning
from backend.appointments.queries import bookings, personal
from backend.appointments.rules import retention, states
from backend.core import adjustable, clock, erasure
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.transaction import transaction
from backend.errands.actions import erasing
from backend.people.queries import residents


def _changed() -> None:
    """Nothing is remembered: what holds is read when it is needed."""


adjustable.declare(Adjustable(retention.SETTING, retention.DEFAULT, retention.check, _changed))


@transaction
def erase(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """Blank what is personal of a resident, in her errands and appointments, for good; how many details went.

    What she has booked is cancelled first, and its seat passed on. A second time does nothing. NotFound.
    The edge calls :func:`backend.core.erasure.tell` afterwards.
    """
    person = residents.known(resident_id)
    mine, waits, blocks = personal.appointments(resident_id, person), personal.waits(person), personal.blocks(person)
    for waiting_id in waits:
        keeping.leave(waiting_id, actor=actor, now=now)
    for appointment_id in mine:
        found = bookings.any_row(appointment_id, lock=True)
        if found is not None and found["state"] in states.UPCOMING:
            turning.call_off(found, reason=None, actor=actor, now=now)
    return erasing.erase(
        resident_id, reason=reason, also=personal.entries(mine, waits, blocks),
        cells=list(personal.cells(mine, waits, blocks)), actor=actor, now=now,
    )


@transaction
def forget(limit: int, *, actor: Actor, now: datetime) -> int:
    """Blank the persons of up to ``limit`` appointments, waits and blocks each that are long enough over; how many."""
    days = adjustable.in_force(retention.SETTING, clock.local_date(now))["days"]
    before = now - timedelta(days=days)
    mine = personal.long_over(before, limit)
    waits, blocks = personal.waits_over(clock.local_date(before), limit), personal.blocks_over(before, limit)
    if mine or waits or blocks:
        erasure.erase_details(
            personal.entries(mine, waits, blocks), cells=list(personal.cells(mine, waits, blocks)),
            reason=retention.SETTING, actor=actor, now=now,
        )
    return len(mine) + len(waits) + len(blocks)
