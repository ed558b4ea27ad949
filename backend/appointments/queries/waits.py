"""The waiting list as staff see it, within their scope; persons masked."""
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from backend.appointments.queries import bookings, offering, queue, shown
from backend.appointments.rules import states, waiting
from backend.core import sql
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.paging import Page, states_of
from backend.notifications.queries import walking
from backend.org import queries as units
from backend.org.rules import scope

TABLE = "waiting"
_ENTRY = "SELECT * FROM waiting"
_OFFERED = "SELECT id, number, state, day_on, start_minute, hold_until_at FROM appointment WHERE id IN ({})"


def row(waiting_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """An entry as stored, in the actor's scope; NotFound otherwise."""
    return units.within(_ENTRY, waiting_id, actor, lock=lock)


def any_row(waiting_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """An entry as stored, whoever asks: for the product's own acts."""
    return sql.row(f"{_ENTRY} WHERE id = ?{sql.held(lock)}", (waiting_id,))


def one(waiting_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One entry with its offer."""
    return _shown([row(waiting_id, actor)], now)[0]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Entries of the actor's scope, first come first; open ones unless asked otherwise. Two statements."""
    column, code = scope.column(actor)
    wanted = states_of(query["state"], waiting.STATES, waiting.OPEN_STATES)
    part = walking.listed("waiting", _ENTRY, wanted, query, column=column, code=code)
    return Page(_shown(part.items, now), part.next_cursor)


def over(unit_code: str, day_on: date, now: datetime) -> list[dict[str, Any]]:
    """Who waits for what nobody can be offered any more."""
    found = offering.offered(unit_code, day_on)
    return [
        entry for entry in queue.in_turn(unit_code, day_on)
        if entry["state"] == waiting.WAITING and queue.is_over(entry, found[0] if found else None, now)
    ]


def wants_sweep(unit_code: str, day_on: date, now: datetime) -> bool:
    """Whether anything is to be done on a day: an offer has ended, a wait is over, something free fits."""
    found = offering.offered(unit_code, day_on)
    free = queue.Seats(found[0], day_on) if found else None
    for entry in queue.in_turn(unit_code, day_on):
        waits = entry["state"] == waiting.WAITING
        if not waits and entry["offered_state"] != states.HELD:
            return True
        if waits and queue.is_over(entry, found[0] if found else None, now):
            return True
        if waits and free is not None and entry["other_id"] is None and queue.is_served(entry, free, now):
            return True
    return False


def _shown(entries: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    offers = _offers(entry["offered_id"] for entry in entries if entry["state"] == waiting.OFFERED)
    return [_entry(entry, offers.get(entry["offered_id"] or ""), now) for entry in entries]


def _offers(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    wanted = list(ids)
    if not wanted:
        return {}
    return {each["id"]: each for each in sql.rows(_OFFERED.format(", ".join("?" * len(wanted))), wanted)}


def _entry(entry: dict[str, Any], held: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    """An offer whose time is over, or that was settled by another way, is shown as what it is."""
    state = waiting.seen(entry["state"], held["state"] if held else None, held["hold_until_at"] if held else None, now)
    offer = None
    if held is not None and state == waiting.OFFERED:
        offer = {
            "appointment_id": held["id"], "number": held["number"], "date": held["day_on"],
            "start": told(held["start_minute"]), "expires_at": held["hold_until_at"],
        }
    return {
        "id": entry["id"], "state": state, "unit_code": entry["unit_code"], "service": entry["service"],
        "date": entry["day_on"], "from": told(entry["from_minute"]), "to": told(entry["to_minute"]),
        "protected": entry["rank"] == waiting.PROTECTED, "channel": entry["channel"],
        "person": shown.masked(bookings.opened("person", entry, TABLE)),
        "caller": shown.masked(bookings.opened("caller", entry, TABLE)) if entry["caller_sealed"] else None,
        "asked_at": entry["asked_at"], "appointment_id": entry["offered_id"], "offer": offer,
        "ended_at": entry["ended_at"], "version": entry["version"],
    }
