"""Booking by proxy: an appointment is made for a person by whoever calls (rules 5.2–5.5).

The cells are locked in key order, then the number is drawn, last the ledger's head. What was free is decided under
the lock, so that nothing is sold twice and nothing that is free is refused.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from backend.appointments.actions import claiming, freeing, row, telling, waiting, walkins
from backend.appointments.actions.claiming import Seat
from backend.appointments.queries import blocks, bookings, offering, slots
from backend.appointments.queries.offering import Offering
from backend.appointments.rules import channels, persons, seats, starts, states
from backend.appointments.rules import walkins as walk_in_rules
from backend.appointments.rules.offer import Service
from backend.appointments.rules.starts import Slot
from backend.core import clock, ids
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.transaction import transaction


def book(given: dict[str, Any], *, appointment_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Make an appointment for a person, or hold it for five minutes; its id, which its phone may have made.

    ``given`` is the body of POST /appointments, ``start`` in minutes. NotSignedIn, Forbidden, Invalid, NoSuchSlot,
    NotYetOpen, CutoffPassed, Blocked, SlotFull with the three nearest free slots, AlreadyBooked.
    """
    by_self = given["channel"] == channels.SELF
    with alternatives(given["unit_code"], given["service"], given["date"], given["start"], by_self=by_self, now=now):
        return _book(given, appointment_id or ids.new(now), actor=actor, now=now)


@transaction
def _book(given: dict[str, Any], appointment_id: str, *, actor: Actor, now: datetime) -> str:
    channel, unit_code, day_on, start = given["channel"], given["unit_code"], given["date"], given["start"]
    channels.check_caller(channel, actor.role)
    if not channels.reaches(channel, actor.role, actor.unit_code, unit_code):
        raise channels.no_such_unit()
    today = clock.local_date(now)
    person = persons.normal(given["person"], today)
    if channel == channels.SELF and not given["protected"]:
        blocks.check(persons.identity(person), now)
    caller = persons.normal(given["caller"], today, "caller") if given.get("caller") else None
    offer, service = offered(unit_code, given["service"], day_on, start, actor, now, channel=channel)
    taken = seat(appointment_id, offer, service, day_on, start, person=person, channel=channel, actor=actor, now=now)
    details: dict[str, Any] = {
        "unit_code": unit_code, "day_on": day_on, "start_minute": start, "service": service, "person": person,
        "caller": caller, "channel": channel, "protected": given["protected"],
        "hold_until": now + states.HOLD if given["hold"] else None,
    }
    verb = "hold" if given["hold"] else "book"
    made = row.insert(appointment_id, taken, **details, verb=verb, actor=actor, now=now)
    if made is None:
        lapse_of(person, service, day_on, actor, now)
        made = row.insert(appointment_id, taken, **details, verb=verb, actor=actor, now=now)
    if made is None:
        raise seats.AlreadyBooked()
    if not given["hold"]:
        telling.booked(made, actor=actor, now=now)
    return appointment_id


def offered(
    unit_code: str, service_code: str, day_on: date, start: int, actor: Actor, now: datetime, *, channel: str = ""
) -> tuple[Offering, Service]:
    """What the unit offers, checked against horizon and, unless she stands at the desk, cutoff.

    The day is laid anew where it was stale; what it gained goes to who waits first.
    """
    found = offering.offered(unit_code, day_on)
    service = found[0].offer.service(service_code) if found else None
    if found is None or service is None:
        raise starts.NoSuchSlot()
    if not walk_in_rules.is_walk_in(channel, service, day_on, start, now):
        found[0].check(service, day_on, start, now)
    if not found[1]:
        waiting.lay(unit_code, day_on, actor=actor, now=now)
    return found[0], service


def seat(
    appointment_id: str, offer: Offering, service: Service, day_on: date, start: int, *,
    person: dict[str, str] | None, channel: str, actor: Actor, now: datetime,
) -> Seat:
    """A seat; where all are taken, those whose hold has lapsed are freed first (rules 5.5)."""
    def claimed() -> Seat | None:
        return claiming.claim(
            appointment_id, offer.unit_code, day_on, start, service, grid=offer.offer.grid,
            self_service=channel == channels.SELF, actor=actor, now=now,
        )

    taken = claimed()
    if taken is None and freeing.lapse_all(offer.unit_code, day_on.isoformat(), actor=actor, now=now):
        taken = claimed()
    if taken is None and person is not None and walk_in_rules.is_walk_in(channel, service, day_on, start, now):
        taken = walkins.seat(claimed, offer.unit_code, day_on, actor=actor, now=now)
    if taken is not None:
        return taken
    if person is not None:
        holder = bookings.active(persons.identity(person), service.code, day_on)
        if holder is not None and not freeing.is_lapsed(holder, now):
            raise seats.AlreadyBooked()
    raise seats.SlotFull()


NEAR_DAYS, ALL_DAYS = 3, 400
"""How far around the wish the nearest slots are looked for first, and then; the horizon bounds both."""


@contextmanager
def alternatives(
    unit_code: str, service_code: str, day_on: date, start: int, *, by_self: bool, now: datetime
) -> Iterator[None]:
    """Where the slot turns out to be full, the refusal names the three nearest free ones.

    They are looked for once the transaction is over: nobody waits for them.
    """
    try:
        yield
    except seats.SlotFull as full:
        full.extra["alternatives"] = _nearest(unit_code, service_code, day_on, start, by_self, now)
        raise


def _nearest(
    unit_code: str, service_code: str, day_on: date, start: int, by_self: bool, now: datetime
) -> list[dict[str, str]]:
    found: list[Slot] = []
    for days in (NEAR_DAYS, ALL_DAYS):
        near = slots.free(unit_code, day_on - timedelta(days), day_on + timedelta(days), [service_code], now)
        found = starts.nearest((slot for slot in near if not by_self or slot.free_self > 0), day_on, start)
        if len(found) == 3:
            break
    return [{"date": slot.day.isoformat(), "start": told(slot.start), "end": told(slot.end)} for slot in found]


def lapse_of(person: dict[str, str], service: Service, day_on: date, actor: Actor, now: datetime) -> None:
    """End the hold that she has of the service on that day, where it has lapsed; AlreadyBooked where it has not."""
    holder = bookings.active(persons.identity(person), service.code, day_on)
    if holder is None or not freeing.lapse(holder["id"], actor=actor, now=now):
        raise seats.AlreadyBooked()
