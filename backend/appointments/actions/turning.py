"""What becomes of an appointment: confirmed, moved, cancelled, kept or missed (rules 5.3–5.8).

The row is locked and judged, then the cells in key order. Each is for the staff who may see it; who booked by
himself confirms by the id, and cancels by number and four digits (``asking``).
"""
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import blocking, booking, claiming, freeing, row, telling
from backend.appointments.queries import bookings, conflicts
from backend.appointments.rules import channels, persons, seats, states
from backend.core import ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Forbidden, NotFound
from backend.core.transaction import transaction
from backend.people.actions import residents


@transaction
def confirm(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """Make a hold an appointment; HoldLapsed once its time is over, whatever a job has done of it.

    Forbidden and NotFound as :func:`confirmable`.
    """
    found = confirmable(appointment_id, actor, lock=True)
    states.check_hold(found["state"], found["hold_until_at"], now)
    row.moved_state(found, "confirm")
    versions.check_seen(found, actor)
    booked = row.advance(found, "confirm", hold_until_at=None, actor=actor, now=now)
    telling.booked(booked, actor=actor, now=now)
    return appointment_id


def confirmable(appointment_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """An appointment whose hold is the caller's to confirm: of his unit's desk, or made by himself.

    Without account only who made it by himself, and knows its id, confirms it.
    """
    if not actor.signed_in:
        return own(appointment_id, lock=lock)
    found = bookings.any_row(appointment_id, lock=lock)
    if found is not None and (found["channel"], found["made_by"]) == (channels.SELF, actor.id):
        return found
    if actor.role not in states.BOOKERS:
        raise Forbidden()
    return bookings.row(appointment_id, actor, lock=lock)


def own(appointment_id: str, *, lock: bool = False) -> dict[str, Any]:
    """An appointment that somebody without account made for himself, by its unguessable id; NotFound."""
    found = bookings.any_row(appointment_id, lock=lock)
    if found is None or found["channel"] != channels.SELF:
        raise NotFound()
    return found


def reschedule(appointment_id: str, *, day_on: date, start: int, actor: Actor, now: datetime) -> str:
    """Claim another time and free the old one in one transaction; its unit, service and person stay.

    Staff may move it to any seat; it counts as theirs from then on.
    """
    found = bookings.row(appointment_id, actor)
    with booking.alternatives(found["unit_code"], found["service"], day_on, start, by_self=False, now=now):
        return _reschedule(appointment_id, day_on, start, actor=actor, now=now)


@transaction
def _reschedule(appointment_id: str, day_on: date, start: int, *, actor: Actor, now: datetime) -> str:
    found = bookings.row(appointment_id, actor, lock=True)
    row.moved_state(found, "reschedule")
    _check_standing(found, now)
    versions.check_seen(found, actor)
    offer, service = booking.offered(found["unit_code"], found["service"], day_on, start, actor, now)
    channel = channels.PHONE if found["channel"] == channels.SELF else found["channel"]
    wish = seats.wish(service, start, offer.offer.grid)
    claiming.lock(found["unit_code"], {day_on: wish.minutes, found["day_on"]: _minutes(appointment_id)})
    freed = claiming.release(appointment_id, actor=actor, now=now)
    seat = booking.seat(
        appointment_id, offer, service, day_on, start, person=None, channel=channel, actor=actor, now=now
    )
    _make_way(found, day_on, actor, now)
    moved = row.moved(
        found, seat, day_on=day_on, start_minute=start, channel=channel, service=service, actor=actor, now=now
    )
    freeing.pass_on(freed, appointment_id, actor=actor, now=now)
    if moved["state"] == states.BOOKED:
        telling.moved(moved, actor=actor, now=now)
    return appointment_id


def _minutes(appointment_id: str) -> list[int]:
    text = "SELECT minute FROM allocation WHERE appointment_id = ? ORDER BY minute"
    return [minute for (minute,) in sql.execute(text, (appointment_id,)).fetchall()]


def _make_way(found: dict[str, Any], day_on: date, actor: Actor, now: datetime) -> None:
    """On another day she may have a hold that has lapsed; anything else of hers there is AlreadyBooked."""
    if day_on == found["day_on"]:
        return
    there = bookings.active(persons.identity(bookings.opened("person", found)), found["service"], day_on)
    if there is not None and not freeing.lapse(there["id"], actor=actor, now=now):
        raise seats.AlreadyBooked()


def _check_standing(found: dict[str, Any], now: datetime) -> None:
    """A hold whose time is over can only be booked anew."""
    if states.is_lapsed(found["state"], found["hold_until_at"], now):
        raise states.HoldLapsed()


@transaction
def cancel(appointment_id: str, *, reason: str | None = None, actor: Actor, now: datetime) -> str:
    """Cancel it, by whoever may see it among the staff; its seat goes to the waiting list at once."""
    found = bookings.row(appointment_id, actor, lock=True)
    row.moved_state(found, "cancel")
    versions.check_seen(found, actor)
    call_off(found, reason=reason, actor=actor, now=now)
    return appointment_id


@transaction
def call_off(found: dict[str, Any], *, reason: str | None, actor: Actor, now: datetime) -> dict[str, Any]:
    """Within the act that ends it: cancelled, its person told, and its seat passed on; the row as it is then.

    Where her seat had been cut away it is the unit that could not keep it (rules 5.7).
    """
    by_unit = actor.signed_in and conflicts.stands(found["id"])
    changed = row.finish(found, "cancel", reason=reason, actor=actor, now=now)
    freeing.free(found["id"], actor=actor, now=now)
    if found["state"] == states.BOOKED:
        telling.cancelled(changed, by_unit=by_unit, reason=reason, actor=actor, now=now)
    return changed


@transaction
def check_in(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """The person is here."""
    return _advance(appointment_id, "check_in", actor, now)


def _advance(appointment_id: str, verb: str, actor: Actor, now: datetime) -> str:
    found = bookings.row(appointment_id, actor, lock=True)
    row.moved_state(found, verb)
    versions.check_seen(found, actor)
    row.advance(found, verb, actor=actor, now=now)
    return appointment_id


@transaction
def complete(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """She was served; the seat stays hers, it is in the past."""
    found = bookings.row(appointment_id, actor, lock=True)
    row.moved_state(found, "complete")
    versions.check_seen(found, actor)
    row.finish(found, "complete", actor=actor, now=now)
    return appointment_id


@transaction
def miss(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """Somebody confirms that she did not come, 15 minutes after the start at the earliest; GraceRuns."""
    found = bookings.row(appointment_id, actor, lock=True)
    row.moved_state(found, "miss")
    states.check_missed(found["order_at"], now)
    versions.check_seen(found, actor)
    missed = row.finish(found, "miss", actor=actor, now=now)
    freeing.free(appointment_id, actor=actor, now=now)
    blocking.weigh(missed, actor=actor, now=now)
    return appointment_id


@transaction
def view_in_full(appointment_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Record that the actor looks at a person's numbers in full, and why; the view's id. TooMany."""
    found = bookings.row(appointment_id, actor)
    view_id = residents.spend_view(appointment_id, actor=actor, now=now)
    ledger.record(
        "appointment.full_view", row.SUBJECT, appointment_id, scope=found["unit_code"], fields=("person",),
        detail={"reason": reason, "view": view_id}, outcome=ledger.READ,
    )
    return view_id
