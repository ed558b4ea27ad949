"""Freed seats go to the waiting list in the transaction that frees them: there is no gap to race for (rules 5.6).

An offer is an appointment held for the waiting person until the offer's deadline. Its lapse is the lapse of that
hold, judged by the clock, and passes the seat on in turn; what became of the hold is told to the list here.
"""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import building, claiming, row, settings, telling
from backend.appointments.actions.claiming import Freed
from backend.appointments.models import Waiting
from backend.appointments.queries import bookings, queue
from backend.appointments.queries.queue import Seats
from backend.appointments.rules import states, waiting
from backend.appointments.rules.offer import Service
from backend.core import adjustable, clock, ids, ledger, moves, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction

__all__ = ["SUBJECT", "TABLE", "end", "lay", "moved_state", "pass_on", "serve", "settings"]

SUBJECT = TABLE = "waiting"
_ENDED = {states.EXPIRED: "lapse", states.CANCELLED: "withdraw"}


@transaction
def pass_on(freed: Sequence[Freed], *, actor: Actor, now: datetime) -> int:
    """Offer freed cells (unit, day, minute, desk) to who waits for them, in turn; how many offers were made.

    To be called in the transaction that freed them, after they were given back. What it cannot offer (nobody
    waits, it fits nobody, it is too late for an offer) is free for everybody.
    """
    made, places = 0, sorted({(unit_code, day_on) for unit_code, day_on, _, _ in freed})
    for unit_code, day_on in places:
        minutes = {minute for unit, day, minute, _ in freed if (unit, day) == (unit_code, day_on)}
        made += serve(unit_code, day_on, minutes, actor=actor, now=now)
    return made


@transaction
def serve(unit_code: str, day_on: date, freed: set[int] | None, *, actor: Actor, now: datetime) -> int:
    """Offer what is free on a day, at or around the ``freed`` minutes (None: anywhere), to who waits; how many."""
    queue.lock_day(unit_code, day_on)
    entries = queue.in_turn(unit_code, day_on, lock=True)
    for entry in entries:
        if entry["state"] == waiting.OFFERED:
            _follow(entry, actor, now)
    waits = [entry for entry in entries if entry["state"] == waiting.WAITING and entry["other_id"] is None]
    if not waits:
        return 0
    offered = building.ensure(unit_code, day_on, actor=actor, now=now)
    free = Seats(offered, day_on)
    minutes = adjustable.in_force(waiting.OFFER, clock.local_date(now))["minutes"]
    return sum(_offer(entry, free, freed, minutes, actor, now) for entry in waits)


@transaction
def lay(unit_code: str, day_on: date, *, anew: bool = False, actor: Actor, now: datetime) -> int:
    """Lay a day from what holds now and offer the seats that it gained to who waits; how many cells changed."""
    changed = building.rebuild(unit_code, day_on, anew=anew, actor=actor, now=now)
    if changed:
        serve(unit_code, day_on, None, actor=actor, now=now)
    return changed


def _offer(
    entry: dict[str, Any], free: Seats, freed: set[int] | None, minutes: int, actor: Actor, now: datetime
) -> bool:
    """Hold the earliest seat that fits a wait, if there is one."""
    service = free.offered.offer.service(entry["service"])
    if service is None or entry["person_sealed"] is None:
        return False
    for start in free.fitting(entry, service, freed):
        until = free.deadline(service, start, minutes, now)
        if until is not None and _hold(entry, free, service, start, until, actor, now):
            return True
    return False


def _hold(
    entry: dict[str, Any], free: Seats, service: Service, start: int, until: datetime, actor: Actor, now: datetime
) -> bool:
    """Claim a seat for a wait and make the appointment that holds it; False where it is not to be had."""
    appointment_id, unit_code, day_on = ids.new(now), entry["unit_code"], entry["day_on"]
    seat = claiming.claim(
        appointment_id, unit_code, day_on, start, service, grid=free.offered.offer.grid, self_service=False,
        actor=actor, now=now,
    )
    if seat is None:
        return False
    found = row.insert(
        appointment_id, seat, unit_code=unit_code, day_on=day_on, start_minute=start, service=service,
        person=bookings.opened("person", entry, TABLE), caller=bookings.opened("caller", entry, TABLE) or None,
        resident_id=entry["resident_id"], channel=entry["channel"],
        protected=entry["rank"] == waiting.PROTECTED, hold_until=until, verb="offer", actor=actor, now=now,
    )
    if found is None:
        claiming.release(appointment_id, self_service=False, actor=actor, now=now)
        return False
    free.take(seat.desk, seat.minutes)
    _move(entry, "offer", actor, now, offered_id=appointment_id, offer_until_at=until)
    telling.offered(found, until=until, actor=actor, now=now)
    return True


def _follow(entry: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Tell the list what became of an appointment that was offered: it lapsed, was cancelled, or was confirmed."""
    if entry["offered_state"] == states.HELD:
        return
    verb = _ENDED.get(entry["offered_state"], "accept")
    end(entry, verb, actor=actor, now=now)
    if verb == "lapse":
        found = bookings.any_row(entry["offered_id"])
        if found is not None:
            telling.offer_lapsed(found, actor=actor, now=now)


def moved_state(entry: dict[str, Any], verb: str) -> str:
    """The state that a verb leads to; IllegalMove names the state and what is possible from here."""
    return moves.move(waiting.MOVES, entry["state"], verb, waiting.STATE_NAMES)


@transaction
def end(entry: dict[str, Any], verb: str, *, actor: Actor, now: datetime) -> None:
    """End a wait: accepted, withdrawn or lapsed; she can be put on the list anew. IllegalMove, Conflict."""
    _move(entry, verb, actor, now, active_key=None, ended_at=now)


def _move(entry: dict[str, Any], verb: str, actor: Actor, now: datetime, **values: Any) -> None:
    state = moved_state(entry, verb)
    if not sql.amend(Waiting, entry["id"], entry["version"], state=state, **values):
        raise Conflict()
    ledger.record(
        f"{SUBJECT}.{verb}", SUBJECT, entry["id"], scope=entry["unit_code"], fields=("state",),
        detail={"appointment_id": values.get("offered_id", entry["offered_id"])},
    )
