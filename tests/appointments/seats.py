"""Seats taken without a desk in between, for tests of what happens to them."""
from datetime import timedelta

from backend.appointments.actions import claiming, offers, overriding, row
from backend.core import clock, ids, sql
from backend.core.actor import Actor, system
from backend.core.transaction import transaction
from tests import cast
from tests.appointments.offers import body, offer, rule

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


def cut(now):
    """An appointment of tomorrow at the village whose hours were cut, and seats added there; both ids."""
    admin = Actor("admin", "admin", "admin", cast.DISTRICT)
    day = clock.local_date(now) + timedelta(days=1)
    hours = rule("09:00", "10:00", kind="one_day", on=day.isoformat())
    offers.change(cast.VILLAGE, body(hours), actor=admin, now=now)
    offers.lay(cast.VILLAGE, actor=admin, now=now)
    assert booked(day, 540, "赵一", now=now)
    offers.change(cast.VILLAGE, body(hours | {"from": "09:30", "to": "10:00"}), actor=admin, now=now)
    offers.lay(cast.VILLAGE, actor=admin, now=now)
    added = overriding.add(
        cast.VILLAGE, day_on=day, from_minute=570, to_minute=600, desk=None, seats=1, reason="加号", actor=admin,
        now=now,
    )
    return sql.value("SELECT id FROM booking_conflict"), added[1]
