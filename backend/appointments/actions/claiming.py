"""Taking seats and giving them back: what makes that none is sold twice (rules 5.3).

Both run inside the caller's transaction. All cells that a claim may touch are locked in key order before it
looks (PostgreSQL; on SQLite one transaction writes at a time), so what it sees is what it takes; the guarded
update and the CHECKs of the table refuse the rest. ``cell.booked`` is always the number of allocations.
"""
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from backend.appointments.models import Allocation
from backend.appointments.rules import seating, seats, starts
from backend.appointments.rules.offer import Service
from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction

EVERYTHING = "[]"
Freed = tuple[str, date, int, str]
"""A freed cell: unit, day, minute, desk."""


class Seat(NamedTuple):
    """A desk and the minutes of the cells taken there."""

    desk: str
    minutes: tuple[int, ...]


_CELLS = """
SELECT desk, minute, capacity, booked, self_capacity, booked_self, services, staff
FROM cell WHERE unit_code = ? AND day_on = ? AND minute IN ({}) ORDER BY desk, minute
"""
_SERVED = """
SELECT a.minute, COALESCE(p.service, s.service) FROM allocation a
LEFT JOIN appointment p ON p.id = a.appointment_id LEFT JOIN seat_lease s ON s.id = a.appointment_id
WHERE a.unit_code = ? AND a.day_on = ? AND a.desk = ? AND a.minute IN ({})
"""
_TAKE = """
UPDATE cell SET booked = booked + 1, booked_self = booked_self + ?
WHERE unit_code = ? AND day_on = ? AND desk = ? AND minute IN ({}) AND booked < capacity
AND booked_self + ? <= self_capacity
"""


@transaction
def claim(
    appointment_id: str, unit_code: str, day_on: date, start_minute: int, service: Service, *,
    grid: int, self_service: bool, actor: Actor, now: datetime,
) -> Seat | None:
    """Take the cells of a service at one desk, for an appointment that is made (or moved) in this transaction.

    Or for a lease, by its own id. ``grid`` is the offer's, in minutes; ``self_service`` must be what the
    appointment's channel says (``self``), since its seat is given back by that. None where every desk is full;
    NoSuchSlot where no desk has these cells for the service. The caller looked at horizon and cutoff, and laid the
    day anew where it was stale.
    """
    wish = seats.wish(service, start_minute, grid)
    cells = _cells(unit_code, day_on, wish.minutes)
    found = seats.places(wish, cells, self_service=self_service)
    if not found:
        raise starts.NoSuchSlot()
    for place in found:
        if place.free > 0 and (not place.staffed or _is_served(wish, place, cells, unit_code, day_on)):
            _take(appointment_id, unit_code, day_on, place, self_service)
            return Seat(place.desk, place.minutes)
    return None


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _cells(unit_code: str, day_on: date, minutes: Sequence[int]) -> list[dict[str, Any]]:
    text = _CELLS.format(_marks(minutes)) + sql.held()
    found = sql.plain(text, (unit_code, day_on.isoformat(), *minutes))
    for cell in found:
        cell["services"] = orjson.loads(cell["services"]) if cell["services"] != EVERYTHING else ()
        cell["staff"] = None if cell["staff"] is None else orjson.loads(cell["staff"])
    return found


def _is_served(
    wish: seats.Wish, place: seats.Place, cells: list[dict[str, Any]], unit_code: str, day_on: date
) -> bool:
    text = _SERVED.format(_marks(place.minutes))
    taken: dict[int, list[str]] = {}
    for minute, service in sql.execute(text, (unit_code, day_on.isoformat(), place.desk, *place.minutes)).fetchall():
        taken.setdefault(minute, []).append(service)
    staff = {
        cell["minute"]: cell["staff"] for cell in cells
        if cell["desk"] == place.desk and cell["minute"] in place.minutes
    }
    return seats.is_served(wish, staff, taken, seating.fits)


def _take(appointment_id: str, unit_code: str, day_on: date, place: seats.Place, self_service: bool) -> None:
    by_self, key = int(self_service), (unit_code, day_on.isoformat(), place.desk)
    taken = sql.run(_TAKE.format(_marks(place.minutes)), (by_self, *key, *place.minutes, by_self))
    if taken != len(place.minutes):
        raise Conflict()
    sql.insert_many(Allocation, [
        {"appointment_id": appointment_id, "unit_code": unit_code, "day_on": day_on, "desk": place.desk,
         "minute": minute}
        for minute in place.minutes
    ])


_LOCK = """
SELECT minute FROM cell WHERE unit_code = ? AND day_on IN ({}) AND minute IN ({}) ORDER BY day_on, desk, minute
"""
_HELD = """
SELECT a.unit_code, a.day_on, a.minute, a.desk, p.channel FROM allocation a
LEFT JOIN appointment p ON p.id = a.appointment_id WHERE a.appointment_id = ? ORDER BY a.minute
"""
_FREE = """
UPDATE cell SET booked = booked - 1, booked_self = booked_self - ?,
capacity = CASE WHEN booked - 1 > wanted THEN booked - 1 ELSE wanted END,
self_capacity = CASE WHEN booked_self - ? > wanted_self THEN booked_self - ? ELSE wanted_self END
WHERE unit_code = ? AND day_on = ? AND desk = ? AND minute IN ({})
"""
_GIVE_BACK = "DELETE FROM allocation WHERE appointment_id = ?"


def lock(unit_code: str, wanted: Mapping[date, Sequence[int]]) -> None:
    """Lock the cells of several days in key order, before some are freed and others claimed; nothing on SQLite."""
    if not sql.on_postgresql():
        return
    days, minutes = [day.isoformat() for day in wanted], sorted({m for each in wanted.values() for m in each})
    text = _LOCK.format(_marks(days), _marks(minutes)) + sql.held()
    sql.execute(text, (unit_code, *days, *minutes)).fetchall()


@transaction
def release(
    appointment_id: str, *, self_service: bool | None = None, actor: Actor, now: datetime
) -> list[Freed]:
    """Give an appointment's cells back; what was freed, in order of time. Nothing where it holds none.

    ``self_service`` is needed only where the appointment itself was not inserted yet. The caller passes the
    freed on to the waiting list.
    """
    held = sql.rows(_HELD, (appointment_id,))
    if not held:
        return []
    first = held[0]
    by_self = int(first["channel"] == "self" if self_service is None else self_service)
    minutes = [cell["minute"] for cell in held]
    lock(first["unit_code"], {first["day_on"]: minutes})
    key = (first["unit_code"], first["day_on"].isoformat(), first["desk"])
    sql.run(_FREE.format(_marks(minutes)), (by_self, by_self, by_self, *key, *minutes))
    sql.run(_GIVE_BACK, (appointment_id,))
    return [(cell["unit_code"], cell["day_on"], cell["minute"], cell["desk"]) for cell in held]
