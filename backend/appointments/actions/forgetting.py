"""Erasing what appointments say of people: at a resident's wish, and of everybody after the time that is set."""
from datetime import datetime, timedelta

from backend.appointments.actions import keeping, turning
from backend.appointments.queries import bookings, personal
from backend.appointments.rules import retention, states
from backend.core import adjustable, clock, erasure
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.erasure import Cells, Hers
from backend.core.transaction import transaction
from backend.people.queries import residents


def _changed() -> None:
    """Nothing is remembered: what holds is read when it is needed."""


adjustable.declare(Adjustable(retention.SETTING, retention.DEFAULT, retention.check, _changed))


def _leave(resident_id: str, *, actor: Actor, now: datetime) -> None:
    """Cancel what a resident who is erased has booked, and pass its seats on; she waits for nothing any longer."""
    person = residents.known(resident_id)
    for waiting_id in personal.waits(person):
        keeping.leave(waiting_id, actor=actor, now=now)
    for appointment_id in personal.appointments(resident_id, person):
        found = bookings.any_row(appointment_id, lock=True)
        if found is not None and found["state"] in states.UPCOMING:
            turning.call_off(found, reason=None, actor=actor, now=now)


def _cells(resident_id: str) -> list[Cells]:
    return list(personal.cells(personal.of_resident(resident_id)))


def _entries(resident_id: str) -> list[int]:
    return personal.entries(personal.of_resident(resident_id))


erasure.declare("appointments", Hers(_cells, _entries, _leave))


@transaction
def forget(limit: int, *, actor: Actor, now: datetime) -> int:
    """Blank the persons of up to ``limit`` appointments, waits and blocks each that are long enough over; how many."""
    days = adjustable.in_force(retention.SETTING, clock.local_date(now))["days"]
    found = personal.long_over(now - timedelta(days=days), limit)
    if found:
        erasure.erase_details(
            personal.entries(found), cells=list(personal.cells(found)), reason=retention.SETTING, actor=actor, now=now
        )
    return len(found)
