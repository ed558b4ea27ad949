"""Blocks for repeated no-shows: whether one binds, and the list of them."""
from datetime import datetime
from typing import Any

from backend.appointments.queries import bookings
from backend.appointments.rules import blocks, persons
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.notifications.queries import walking
from backend.org import queries as units
from backend.org.rules import scope
from backend.people import queries as people

_BINDING = f"""
SELECT id, until_at, no_shows FROM booking_block
WHERE person_key IN (?, ?) AND state IN ({', '.join('?' * len(blocks.BINDING))}) AND until_at > ?
ORDER BY until_at DESC LIMIT 1
"""
_MISSED = """
SELECT ended_at FROM appointment
WHERE person_key IN (?, ?) AND state = 'no_show' AND district_code = ? AND ended_at > ?
AND ended_at > COALESCE((
    SELECT max(b.made_at) FROM booking_block b WHERE b.person_key IN (?, ?) AND b.district_code = ?
), 0)
"""
_BLOCK = "SELECT * FROM booking_block"
_MISSED_ONES = "SELECT id, number, surname FROM appointment WHERE id IN ({})"


def blocking(identity: str, now: datetime) -> dict[str, Any] | None:
    """The block that keeps a person from booking by herself now; None where there is none. One statement.

    To be asked for the channel ``self`` only, and never of the protected: by phone and at the desk no block binds.
    """
    return sql.row(_BINDING, (*bookings.person_keys(identity), *blocks.BINDING, clock.to_micros(now)))


def check(identity: str, now: datetime) -> None:
    """Blocked where the person may not book by herself now."""
    found = blocking(identity, now)
    if found is not None:
        raise blocks.Blocked(until=clock.wire(found["until_at"]))


def missed(found: dict[str, Any], district_code: str, since: datetime) -> list[datetime]:
    """When an appointment's person missed some in a district since; what an earlier block counted is left out."""
    person = bookings.opened("person", found)
    keys = bookings.person_keys(persons.identity(person)) if person else (found["person_key"],) * 2
    params = (*keys, district_code, clock.to_micros(since), *keys, district_code)
    return [row["ended_at"] for row in sql.rows(_MISSED, params)]


def row(block_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A block as stored, in the actor's scope; NotFound otherwise."""
    return units.within(_BLOCK, block_id, actor, lock=lock)


def one(block_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One block."""
    return _shown([row(block_id, actor)], now)[0]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Blocks of the actor's scope, oldest first; those that stand or are appealed against unless asked otherwise."""
    column, code = scope.column(actor)
    wanted = states_of(query["state"], blocks.STATES, (blocks.STANDING, blocks.APPEALED))
    part = walking.listed("blocks", _BLOCK, wanted, query, column=column, code=code)
    return Page(_shown(part.items, now), part.next_cursor)


def _shown(found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    wanted = list(dict.fromkeys(each["appointment_id"] for each in found))
    text = _MISSED_ONES.format(", ".join("?" * len(wanted)))
    whose = {each["id"]: each for each in sql.rows(text, wanted)} if wanted else {}
    names = people.names({each[key] for each in found for key in ("appealed_by", "decided_by") if each[key]})
    return [_block(each, whose.get(each["appointment_id"], {}), names, now) for each in found]


def _block(each: dict[str, Any], missed_one: dict[str, Any], names: dict[str, str], now: datetime) -> dict[str, Any]:
    def who(account_id: str | None) -> dict[str, str] | None:
        return {"id": account_id, "name": names.get(account_id, "")} if account_id else None

    told = {name: each[name] for name in (
        "id", "state", "unit_code", "no_shows", "made_at", "appeal", "appealed_at", "answer", "decided_at", "version",
    )}
    return told | {
        "until": each["until_at"], "binding": each["state"] in blocks.BINDING and each["until_at"] > now,
        "surname": missed_one.get("surname"), "appointment_id": each["appointment_id"],
        "appointment_number": missed_one.get("number"), "appealed_by": who(each["appealed_by"]),
        "decided_by": who(each["decided_by"]),
    }
