"""The row of a lease: made and ended, each entered in the ledger; its cells with it."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import claiming
from backend.appointments.actions.claiming import Freed, Seat
from backend.appointments.models import SeatLease
from backend.appointments.queries import leases as queries
from backend.appointments.queries.offering import Offering
from backend.appointments.rules import horizon, leases
from backend.appointments.rules.offer import Service
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction

SUBJECT = "seat_lease"
_FORGET = """
DELETE FROM seat_lease WHERE id IN (
    SELECT id FROM seat_lease WHERE state IN ('redeemed', 'returned', 'lapsed', 'withdrawn') AND expires_at <= ? LIMIT ?
)
"""
_PASS = "UPDATE allocation SET appointment_id = ? WHERE appointment_id = ?"


@transaction
def insert(
    lease_id: str, seat: Seat, *, device_id: str, offered: Offering, service: Service, day_on: Any, start: int,
    actor: Actor, now: datetime,
) -> None:
    """Keep the seat that was just claimed for a phone."""
    until = leases.expires_at(offered.closes_at(service, day_on, start), now)
    sql.insert(
        SeatLease, id=lease_id, device_id=device_id, account_id=actor.id, state=leases.OPEN,
        unit_code=offered.unit_code, service=service.code, service_name=service.name, day_on=day_on,
        start_minute=start, end_minute=start + service.minutes, desk=seat.desk,
        order_at=horizon.starts_at(day_on, start), expires_at=until, made_at=now,
    )
    ledger.record(
        "lease.take", SUBJECT, lease_id, scope=offered.unit_code, fields=("state", "date", "start"),
        detail={"device": device_id, "service": service.code, "date": day_on.isoformat(), "start": start},
    )


@transaction
def end(
    found: dict[str, Any], state: str, *, appointment_id: str | None = None, actor: Actor, now: datetime
) -> list[Freed]:
    """End it: its cells go to the appointment that it became, or are freed; these, which the caller passes on."""
    if not sql.amend(
        SeatLease, found["id"], found["version"], state=state, ended_at=now, appointment_id=appointment_id
    ):
        raise Conflict()
    ledger.record(
        f"lease.{_VERBS[state]}", SUBJECT, found["id"], scope=found["unit_code"], fields=("state",),
        detail={"appointment_id": appointment_id},
    )
    if appointment_id is None:
        return claiming.release(found["id"], actor=actor, now=now)
    sql.run(_PASS, (appointment_id, found["id"]))
    return []


_VERBS = {
    leases.REDEEMED: "redeem", leases.RETURNED: "return", leases.LAPSED: "lapse", leases.WITHDRAWN: "withdraw",
}


@transaction
def forget(limit: int, *, actor: Actor, now: datetime) -> int:
    """Forget up to so many leases that ended long ago; how many. What became of them stands in the ledger."""
    return sql.run(_FORGET, (clock.to_micros(now - leases.KEPT), limit))


@transaction
def withdraw(lease_id: str, *, actor: Actor, now: datetime) -> bool:
    """Hours were cut and its seat with them: it goes before any appointment; False where another has it in hand."""
    found = queries.any_row(lease_id, lock=True, skip=True)
    if found is None or found["state"] != leases.OPEN:
        return False
    end(found, leases.WITHDRAWN, actor=actor, now=now)
    return True
