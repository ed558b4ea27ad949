"""An appointment as people see it: numbers masked, whoever looks; the full view is its own, recorded act."""
from datetime import datetime
from typing import Any

from backend.appointments.queries import bookings
from backend.appointments.rules import channels, states
from backend.core import secrets, sql
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.people.rules import full_view

READERS = scope.READERS - {"handler"}
VIEWERS = READERS - {"office"}

COLUMNS = """
p.id, p.number, p.state, p.unit_code, p.service, p.service_name, p.day_on, p.start_minute, p.end_minute, p.desk,
p.order_at, p.channel, p.protected, p.resident_id, p.person_sealed, p.caller_sealed, p.surname, p.initials,
p.hold_until_at, p.made_by, p.made_at, p.ended_at, p.reason, p.moves, p.version, u.name AS unit_name,
a.name AS maker_name
"""
JOINS = "LEFT JOIN unit u ON u.code = p.unit_code LEFT JOIN account a ON a.id = p.made_by"
_ONE = f"SELECT {COLUMNS} FROM appointment p {JOINS} WHERE p.id = ?"


def one(appointment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One appointment in the actor's scope; without account one that was made without; NotFound for any other."""
    if actor.signed_in:
        column, code = scope.column(actor)
        found = sql.row(f"{_ONE} AND p.{column} = ?", (appointment_id, code))
    else:
        found = sql.row(f"{_ONE} AND p.channel = ?", (appointment_id, channels.SELF))
    if found is None:
        raise NotFound()
    return of_row(found, now) | {"_etag": found["version"]}


def made(appointment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What who made it is answered: also where he booked for himself at a unit that is none of his."""
    if not actor.signed_in:
        return one(appointment_id, actor=actor, now=now)
    column, code = scope.column(actor)
    found = sql.row(f"{_ONE} AND (p.{column} = ? OR p.made_by = ?)", (appointment_id, code, actor.id))
    if found is None:
        raise NotFound()
    return of_row(found, now) | {"_etag": found["version"]}


def of_row(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A row of COLUMNS as the wire has it."""
    person, caller = bookings.opened("person", found), bookings.opened("caller", found)
    names = (
        "id", "number", "state", "unit_code", "unit_name", "service", "service_name", "desk", "channel", "resident_id",
        "surname", "reason", "moves", "made_at", "ended_at", "version",
    )
    shown = {name: found[name] for name in names}
    held = found["state"] == states.HELD
    return shown | {
        "date": found["day_on"], "start": told(found["start_minute"]), "end": told(found["end_minute"]),
        "protected": bool(found["protected"]), "held_until": found["hold_until_at"] if held else None,
        "person": masked(person), "caller": masked(caller) if caller else None,
        "made_by": {"id": found["made_by"], "name": found["maker_name"]} if found["made_by"] else None,
        "read_back": read_back(found),
    }


def masked(person: dict[str, str]) -> dict[str, str | None]:
    """Name, phone and ID number as everybody sees them; all None once they were erased."""
    phone, number = person.get("phone"), person.get("id_number")
    return {
        "name": person.get("name"), "phone": None if phone is None else secrets.mask_phone(phone),
        "id_number": None if number is None else secrets.mask_id_number(number),
    }


_WEEKDAYS = "一二三四五六日"


def read_back(found: dict[str, Any]) -> str:
    """What the operator reads to the caller before she hangs up: day, hour, place, and the number in groups."""
    day, start = found["day_on"], found["start_minute"]
    half = "上午" if start < 720 else "下午"
    desk = f"{found['desk']}号窗口，" if found["desk"].isdigit() else f"{found['desk']}，" if found["desk"] else ""
    return (
        f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）{half}{told(start)}，"
        f"{found['unit_name'] or found['unit_code']}，{desk}{found['service_name']}，"
        f"预约号 {' '.join(found['number'].split('-'))}"
    )


def full(view_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a recorded full view shows: the numbers for some minutes, masked to a later replay."""
    view = sql.row(
        "SELECT resident_id, viewed_at FROM full_view WHERE id = ? AND account_id = ?", (view_id, actor.id)
    )
    if view is None:
        raise NotFound()
    found = bookings.row(view["resident_id"], actor)
    is_full = full_view.is_shown(view["viewed_at"], now)
    shows = _plain if is_full else masked
    caller = bookings.opened("caller", found)
    return {
        "id": found["id"], "person": shows(bookings.opened("person", found)),
        "caller": shows(caller) if caller else None, "full": is_full,
    }


def _plain(person: dict[str, str]) -> dict[str, str | None]:
    return {name: person.get(name) for name in ("name", "phone", "id_number")}
