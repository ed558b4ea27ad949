"""Keeping the waiting list: a person is put on it, takes what she is offered, or leaves it (rules 5.6)."""
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import building, freeing, row, telling, waiting
from backend.appointments.models import Waiting
from backend.appointments.queries import bookings, known, queue, waits
from backend.appointments.queries.queue import Seats
from backend.appointments.rules import channels, persons, seats, starts, states
from backend.appointments.rules import waiting as rules
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, invalid
from backend.core.transaction import transaction
from backend.org import rules as tree

_COLUMNS = (
    "id", "state", "unit_code", "township_code", "district_code", "service", "day_on", "from_minute", "to_minute",
    "rank", "asked_at", "channel", "resident_id", "person_sealed", "caller_sealed", "person_key", "active_key",
    "made_by", "version",
)
_INSERT = (
    f"INSERT INTO waiting ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT DO NOTHING"
)


@transaction
def ask(given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Put a person on the list for a service, a day and a stretch of it (minutes ``from`` and ``to``); its id.

    Who waits for one very slot that somebody has left a moment ago is offered it at once; what else may be free in
    a longer stretch she was told of, and the job looks at it (docs/decisions/0154). Invalid, NoSuchSlot where
    nothing begins in that stretch, NotYetOpen, CutoffPassed, AlreadyBooked where she has an appointment of that
    service and day, AlreadyWaiting.
    """
    unit_code, day_on = given["unit_code"], given["date"]
    if not channels.reaches(given["channel"], actor.role, actor.unit_code, unit_code):
        raise channels.no_such_unit()
    if given["to"] <= given["from"]:
        raise invalid("to", "须晚于开始时间", "Later than the beginning.")
    person = persons.normal(given["person"], clock.local_date(now))
    caller = persons.normal(given["caller"], clock.local_date(now), "caller") if given.get("caller") else None
    queue.lock_day(unit_code, day_on)
    choice = _check_stretch(given, actor, now)
    identity = persons.identity(person)
    holder = bookings.active(identity, given["service"], day_on)
    if holder is not None and not freeing.is_lapsed(holder, now):
        raise seats.AlreadyBooked()
    waiting_id = _insert(given, person, caller, actor, now)
    if choice == 1:
        waiting.serve(unit_code, day_on, None, actor=actor, now=now)
    return waiting_id


def _check_stretch(given: dict[str, Any], actor: Actor, now: datetime) -> int:
    """Something must begin in that stretch, and the last of it be open for booking; how many slots it has."""
    offered = building.ensure(given["unit_code"], given["date"], actor=actor, now=now)
    service = offered.offer.service(given["service"])
    found = Seats(offered, given["date"]).within(service, given["from"], given["to"]) if service else ()
    begins = {start for _, start, _ in found}
    if service is None or not begins:
        raise starts.NoSuchSlot()
    offered.check(service, given["date"], max(begins), now)
    return len(begins)


def _insert(
    given: dict[str, Any], person: dict[str, str], caller: dict[str, str] | None, actor: Actor, now: datetime
) -> str:
    waiting_id, unit_code, day_on = ids.new(now), given["unit_code"], given["date"]
    made = {
        "id": waiting_id, "state": rules.WAITING, "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "service": given["service"], "day_on": day_on,
        "from_minute": given["from"], "to_minute": given["to"], "rank": rules.rank_of(given["protected"]),
        "asked_at": now, "channel": given["channel"], "resident_id": known.resident_of(unit_code, person),
        "person_sealed": bookings.sealed("person", waiting_id, person, waiting.TABLE),
        "caller_sealed": bookings.sealed("caller", waiting_id, caller, waiting.TABLE), "made_by": actor.id,
        "version": 1,
    }
    keys = bookings.keys_of(person, given["service"], day_on)
    made |= {name: keys[name] for name in ("person_key", "active_key")}
    if bookings.active_elsewhere(persons.identity(person), given["service"], day_on, waiting.TABLE):
        raise rules.AlreadyWaiting()
    stored = sql.as_stored(Waiting, made)
    if sql.run(_INSERT, [stored[name] for name in _COLUMNS]) != 1:
        raise rules.AlreadyWaiting()
    ledger.record(
        "waiting.ask", waiting.SUBJECT, waiting_id, scope=unit_code, fields=("state",),
        detail={name: given[name] for name in ("service", "from", "to", "protected")} | {"date": day_on.isoformat()},
    )
    return waiting_id


@transaction
def accept(waiting_id: str, *, actor: Actor, now: datetime) -> str:
    """Take the seat that is held for her: it is booked. IllegalMove, OfferLapsed, StaleVersion."""
    entry, held = _found(waiting_id, actor)
    lapsed = held is not None and (held["state"] == states.EXPIRED or freeing.is_lapsed(held, now))
    if entry["state"] == rules.LAPSED or entry["state"] == rules.OFFERED and lapsed:
        raise rules.OfferLapsed()
    waiting.moved_state(entry, "accept")
    versions.check_seen(entry, actor)
    if held is not None and held["state"] == states.HELD:
        booked = row.advance(held, "confirm", hold_until_at=None, actor=actor, now=now)
        telling.booked(booked, actor=actor, now=now)
    waiting.end(entry, "accept", actor=actor, now=now)
    return waiting_id


@transaction
def withdraw(waiting_id: str, *, actor: Actor, now: datetime) -> str:
    """Leave the list; what is held for her goes to the next at once. IllegalMove, StaleVersion."""
    entry, held = _found(waiting_id, actor)
    waiting.moved_state(entry, "withdraw")
    versions.check_seen(entry, actor)
    waiting.end(entry, "withdraw", actor=actor, now=now)
    if held is not None and held["state"] == states.HELD:
        row.finish(held, "cancel", actor=actor, now=now)
        freeing.free(held["id"], actor=actor, now=now)
    return waiting_id


@transaction
def leave(waiting_id: str, *, actor: Actor, now: datetime) -> None:
    """Take an entry off the list, whoever acts, where it is open; what was offered is its appointment's matter."""
    entry = waits.any_row(waiting_id, lock=True)
    if entry is not None and entry["state"] in rules.OPEN_STATES:
        waiting.end(entry, "withdraw", actor=actor, now=now)


def _found(waiting_id: str, actor: Actor) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The visible entry and what is held for her; locked as the freeing of seats does, the appointment first."""
    seen = waits.row(waiting_id, actor)
    held = bookings.any_row(seen["offered_id"], lock=True) if seen["offered_id"] else None
    entry = waits.row(waiting_id, actor, lock=True)
    if entry["offered_id"] != seen["offered_id"]:
        raise Conflict()
    return entry, held


@transaction
def sweep(unit_code: str, day_on: date, *, actor: Actor, now: datetime) -> int:
    """Offer what is free on a day for whatever reason, and end the waits for which it is too late; how many acts."""
    count = waiting.serve(unit_code, day_on, None, actor=actor, now=now)
    for entry in waits.over(unit_code, day_on, now):
        waiting.end(entry, "lapse", actor=actor, now=now)
        count += 1
    return count
