"""Seats taken without a desk in between, for tests of what happens to them."""
from backend.appointments.actions import claiming, row
from backend.core import ids
from backend.core.actor import system
from backend.core.transaction import transaction
from tests import cast
from tests.appointments.offers import offer

ACTOR = system("test")


def booked(day, minute, who, *, now):
    """An appointment of half an hour at the village, made at ``now``; its id, or None where it is full."""
    return _booked(day, minute, who, actor=ACTOR, now=now)


@transaction
def _booked(day, minute, who, *, actor, now):
    service, appointment_id = offer().services["a"], ids.new(now)
    seat = claiming.claim(
        appointment_id, cast.VILLAGE, day, minute, service, grid=30, self_service=False, actor=actor, now=now
    )
    if seat is None:
        return None
    row.insert(
        appointment_id, seat, unit_code=cast.VILLAGE, day_on=day, start_minute=minute, service=service,
        person={"name": who, "phone": "13805761234"}, channel="phone", actor=actor, now=now,
    )
    return appointment_id
