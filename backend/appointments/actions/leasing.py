"""Seats kept for phones: taken while there is a signal, promised where there is none, made appointments afterwards.

A lease takes its cells as an appointment does (``claiming.claim``), so that no seat is sold twice. It is ended by its
owner, by the clock, or by what it becomes.
"""
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import booking, claiming, freeing, leased, row, telling
from backend.appointments.actions.claiming import Seat
from backend.appointments.queries import leases as queries
from backend.appointments.queries import offering
from backend.appointments.queries.offering import Offering
from backend.appointments.queries.queue import Seats
from backend.appointments.rules import channels, leases, persons, seats, starts
from backend.appointments.rules.offer import Service
from backend.core import clock, ids, sql
from backend.core.actor import Actor
from backend.core.daytime import DAY_MINUTES
from backend.core.transaction import transaction
from backend.org import rules as tree

_MINUTES = "SELECT minute FROM allocation WHERE appointment_id = ? ORDER BY minute"


def alternatives(given: dict[str, Any], now: datetime) -> AbstractContextManager[None]:
    """Around :func:`take` and outside its transaction: where all is taken, the refusal names the nearest free slots."""
    start = given["start"] or 0
    return booking.alternatives(given["unit_code"], given["service"], given["date"], start, by_self=False, now=now)


def place(given: dict[str, Any], actor: Actor) -> str | None:
    """The unit meant where none is named: the caller's own, or the centre above it where his own offers nothing."""
    if given["unit_code"] is not None or actor.unit_code is None:
        return given["unit_code"] or actor.unit_code
    own, centre = actor.unit_code, tree.township_of(actor.unit_code)
    return own if own == centre or offering.offered(own, given["date"]) is not None else centre


@transaction
def take(given: dict[str, Any], *, actor: Actor, now: datetime) -> list[str]:
    """Keep seats for the phone ``device_id`` (the caller knows it to be the actor's, and holds it); their ids.

    ``given`` names ``unit_code``, ``date``, ``service``, ``start`` in minutes (None: whatever is free, different
    times first) and ``count``. As many as there are, at least one: SlotFull, NoSuchSlot, NotYetOpen, CutoffPassed,
    TooManyLeases.
    """
    unit_code, day_on, count = given["unit_code"], given["date"], given["count"]
    if not leases.reaches(actor.role, actor.unit_code, unit_code):
        raise channels.no_such_unit()
    leases.check_count(*queries.count(given["device_id"], actor.id, now), count)
    offered, service = _offered(given, actor, now)
    begins, kept = _starts(given["start"], offered, service, day_on, now), list[str]()
    while begins and len(kept) < count:
        for start in list(begins):
            if len(kept) == count:
                break
            lease_id = ids.new(now)
            seat = _seat(lease_id, offered, service, day_on, start, first=not kept, actor=actor, now=now)
            if seat is None:
                begins.remove(start)
                continue
            leased.insert(
                lease_id, seat, device_id=given["device_id"], offered=offered, service=service, day_on=day_on,
                start=start, actor=actor, now=now,
            )
            kept.append(lease_id)
    if not kept:
        raise seats.SlotFull()
    return kept


def _offered(given: dict[str, Any], actor: Actor, now: datetime) -> tuple[Offering, Service]:
    """What the unit offers, its day laid; checked against horizon and cutoff of the start, or of the day's last."""
    unit_code, day_on = given["unit_code"], given["date"]
    if given["start"] is not None:
        return booking.offered(unit_code, given["service"], day_on, given["start"], actor, now)
    found = offering.offered(unit_code, day_on)
    service = found[0].offer.service(given["service"]) if found else None
    if found is None or service is None:
        raise starts.NoSuchSlot()
    return booking.offered(unit_code, given["service"], day_on, DAY_MINUTES - 1, actor, now)


def _starts(start: int | None, offered: Offering, service: Service, day_on: date, now: datetime) -> list[int]:
    """At which minutes seats may be kept: different ones first, where none was asked for."""
    if start is not None:
        return [start]
    wish = {"from_minute": 0, "to_minute": DAY_MINUTES}
    found = Seats(offered, day_on).fitting(wish, service, None)
    return [minute for minute in found if now < offered.closes_at(service, day_on, minute)]


def _seat(
    lease_id: str, offered: Offering, service: Service, day_on: date, start: int, *, first: bool, actor: Actor,
    now: datetime,
) -> Seat | None:
    """A seat; for the first one, holds and leases that have lapsed are ended where all are taken."""
    taken = claiming.claim(
        lease_id, offered.unit_code, day_on, start, service, grid=offered.offer.grid, self_service=False,
        actor=actor, now=now,
    )
    if taken is None and first and freeing.lapse_all(offered.unit_code, day_on.isoformat(), actor=actor, now=now):
        return _seat(lease_id, offered, service, day_on, start, first=False, actor=actor, now=now)
    return taken


@transaction
def give_back(lease_id: str, *, actor: Actor, now: datetime) -> str:
    """The seat is not needed and goes to who waits, or to everybody; no more happens if sent twice. LeaseUsed."""
    found = queries.row(lease_id, actor, lock=True)
    if found["state"] == leases.REDEEMED:
        raise leases.LeaseUsed(appointment_id=found["appointment_id"])
    if found["state"] == leases.OPEN:
        freeing.free_lease(found, leases.RETURNED, actor=actor, now=now)
    return lease_id


@transaction
def give_back_all(device_id: str, *, actor: Actor, now: datetime) -> int:
    """All that is kept for a phone that is no longer one of ours; how many seats."""
    count = 0
    for lease_id in queries.of_device(device_id):
        found = queries.any_row(lease_id, lock=True)
        if found is not None and found["state"] == leases.OPEN:
            freeing.free_lease(found, leases.RETURNED, actor=actor, now=now)
            count += 1
    return count


def redeem(given: dict[str, Any], *, appointment_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Make the appointment that was promised on a lease of the actor's; its id, which its phone may have made.

    ``given`` is a booking with ``lease_id``; what it does not say is the lease's. The promise counts until the seat's
    time begins: after the lease's own end where the seat is still free, else SlotFull with the three nearest.
    NotFound, LeaseUsed, CutoffPassed, AlreadyBooked, Invalid.
    """
    found = queries.row(given["lease_id"], actor)
    with booking.alternatives(
        found["unit_code"], found["service"], found["day_on"], found["start_minute"], by_self=False, now=now
    ):
        return _redeem(given, appointment_id or ids.new(now), actor=actor, now=now)


@transaction
def _redeem(given: dict[str, Any], appointment_id: str, *, actor: Actor, now: datetime) -> str:
    lease = queries.row(given["lease_id"], actor, lock=True)
    if lease["state"] == leases.REDEEMED:
        raise leases.LeaseUsed(appointment_id=lease["appointment_id"])
    leases.check_time(lease["order_at"], now)
    leases.check_promise(lease, given)
    today = clock.local_date(now)
    person = persons.normal(given["person"], today)
    caller = persons.normal(given["caller"], today, "caller") if given.get("caller") else None
    seat, service = _kept(lease, appointment_id, actor, now)
    details: dict[str, Any] = {
        "unit_code": lease["unit_code"], "day_on": lease["day_on"], "start_minute": lease["start_minute"],
        "service": service, "person": person, "caller": caller, "channel": given["channel"],
        "protected": given["protected"],
    }
    made = row.insert(appointment_id, seat, **details, actor=actor, now=now)
    if made is None:
        booking.lapse_of(person, service, lease["day_on"], actor, now)
        made = row.insert(appointment_id, seat, **details, actor=actor, now=now)
    if made is None:
        raise seats.AlreadyBooked()
    leased.end(lease, leases.REDEEMED, appointment_id=appointment_id, actor=actor, now=now)
    telling.booked(made, actor=actor, now=now)
    return appointment_id


def _kept(lease: dict[str, Any], appointment_id: str, actor: Actor, now: datetime) -> tuple[Seat, Service]:
    """The seat of a lease; one of the same time, claimed anew, where the lease has ended."""
    unit_code, day_on, start = lease["unit_code"], lease["day_on"], lease["start_minute"]
    found = offering.offered(unit_code, day_on)
    service = found[0].offer.service(lease["service"]) if found else None
    if lease["state"] == leases.OPEN:
        minutes = tuple(minute for (minute,) in sql.execute(_MINUTES, (lease["id"],)).fetchall())
        promised = Service(lease["service"], lease["service_name"], lease["end_minute"] - start, 0)
        return Seat(lease["desk"], minutes), service or promised
    if found is None or service is None:
        raise starts.NoSuchSlot()
    if not found[1]:
        booking.waiting.lay(unit_code, day_on, actor=actor, now=now)
    seat = booking.seat(
        appointment_id, found[0], service, day_on, start, person=None, channel=channels.PHONE, actor=actor, now=now
    )
    return seat, service
