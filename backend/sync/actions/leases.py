"""Leases of seats as phones ask for them: the account's devices are held, so that all are counted one by one."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import booking, leasing
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.sync.queries import devices

_WHERE = ("unit_code", "date", "start", "service")


def take(given: dict[str, Any], *, actor: Actor, now: datetime) -> list[str]:
    """Keep seats for a phone of the caller's; the leases' ids. NotFound, DeviceRevoked, and those of leasing.take."""
    wish = given | {"unit_code": leasing.place(given, actor)}
    with leasing.alternatives(wish, now):
        return _take(wish, actor=actor, now=now)


@transaction
def _take(wish: dict[str, Any], *, actor: Actor, now: datetime) -> list[str]:
    devices.hold_all(actor)
    devices.own(wish["device_id"], actor, lock=True)
    return leasing.take(wish, actor=actor, now=now)


def book(appointment_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Make the appointment that was promised: on a lease, or as online, where the caller may do that."""
    if given["lease_id"] is not None:
        return leasing.redeem(given, appointment_id=appointment_id, actor=actor, now=now)
    missing = [name for name in _WHERE if given[name] is None]
    if missing:
        raise invalid(missing[0], "必填", "Required without a lease.")
    return booking.book(given | {"hold": False}, appointment_id=appointment_id, actor=actor, now=now)
