"""The free slots of a unit, for anybody to see. Nothing is written: a day that is stale is laid in memory."""
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from backend.appointments.queries import offering
from backend.appointments.queries.offering import STAMPS, Offering
from backend.appointments.rules import horizon, laying, seating, starts
from backend.appointments.rules.laying import Override, Staff
from backend.appointments.rules.offer import Service
from backend.appointments.rules.starts import Room, Slot
from backend.core import clock, sql
from backend.core.daytime import DAY_MINUTES
from backend.core.problems import NotFound
from backend.people.queries import rosters

RULES, DAY, CELL, OVERRIDE, SITTING, LAPSED = range(6)
_SPAN = "unit_code = ? AND day_on BETWEEN ? AND ?"
_UNIT = f"SELECT u.code AS unit_code, r.body, r.number, {STAMPS} FROM unit u LEFT JOIN booking_rules r"
_READ = f"""
SELECT {RULES} AS what, u.body AS day_on, '' AS desk, u.number AS minute, u.roster AS a, u.calendar AS b, 0 AS c,
0 AS d, u.valid_from_on AS t, u.valid_to_on AS s FROM ({_UNIT} ON r.unit_code = u.code WHERE u.code = ?) AS u
UNION ALL SELECT {DAY}, day_on, '', 0, rules_number, roster_stamp, 0, 0, kind, NULL FROM cell_day WHERE {_SPAN}
UNION ALL SELECT {CELL}, day_on, desk, minute, wanted, wanted_self, booked, booked_self, services, staff
FROM cell WHERE {_SPAN}
UNION ALL SELECT {OVERRIDE}, day_on, desk, from_minute, to_minute, seats, 0, 0, NULL, NULL
FROM cell_override WHERE {_SPAN}
UNION ALL SELECT {LAPSED}, l.day_on, l.desk, l.minute, CASE WHEN p.channel = 'self' THEN 1 ELSE 0 END, 0, 0, 0,
p.service, NULL FROM appointment p JOIN allocation l ON l.appointment_id = p.id
WHERE p.state = 'held' AND p.hold_until_at <= ? AND l.unit_code = ? AND l.day_on BETWEEN ? AND ? AND NOT EXISTS (
    SELECT 1 FROM waiting w WHERE w.unit_code = l.unit_code AND w.day_on = l.day_on AND w.state = 'waiting')
UNION ALL SELECT {LAPSED}, l.day_on, l.desk, l.minute, 0, 0, 0, 0, s.service, NULL
FROM seat_lease s JOIN allocation l ON l.appointment_id = s.id
WHERE s.state = 'open' AND s.expires_at <= ? AND l.unit_code = ? AND l.day_on BETWEEN ? AND ? AND NOT EXISTS (
    SELECT 1 FROM waiting w WHERE w.unit_code = l.unit_code AND w.day_on = l.day_on AND w.state = 'waiting')
UNION ALL SELECT {SITTING}, l.day_on, l.desk, l.minute, 0, 0, 0, 0, COALESCE(p.service, s.service), NULL
FROM (SELECT roster_required FROM booking_rules WHERE unit_code = ?) AS r
JOIN allocation l ON l.unit_code = ? AND l.day_on BETWEEN ? AND ?
LEFT JOIN appointment p ON p.id = l.appointment_id LEFT JOIN seat_lease s ON s.id = l.appointment_id
WHERE r.roster_required = {{true}}
"""

Place = tuple[str, int]


@dataclass(slots=True)
class Seats:
    """A cell as it can be booked now: what is free, and for whom."""

    capacity: int
    free: int
    free_self: int
    services: frozenset[str]
    staff: Staff | None
    sitting: Sequence[str] = ()

    def room(self, service: str) -> Room:
        """What is left for a service, once who is on duty and qualified for it is looked at."""
        serving, free = not self.services or service in self.services, self.free
        if self.staff is not None and free > 0:
            free = seating.more(self.staff, self.sitting, service, free)
        return Room(self.capacity, free, self.free_self, serving)


@dataclass(slots=True)
class Stored:
    """What the database has of the days asked for."""

    days: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    cells: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    overrides: dict[str, list[Override]] = field(default_factory=lambda: defaultdict(list))
    lapsed: dict[str, dict[Place, list[tuple[str, int]]]] = field(default_factory=lambda: defaultdict(dict))
    sitting: dict[str, dict[Place, list[str]]] = field(default_factory=lambda: defaultdict(dict))


def free(unit_code: str, from_on: date, to_on: date, services: Sequence[str], now: datetime) -> list[Slot]:
    """The slots of a unit that can be booked ``now``, by day, start and service; ``services`` empty: all.

    At most three statements, also where days are stale. NotFound where there is no such unit.
    """
    first = max(from_on, clock.local_date(now))
    found = _read(unit_code, (first.isoformat(), to_on.isoformat()), now)
    if found is None:
        return []
    offered, stored = found
    last = min(to_on, horizon.last_open(offered.offer, now))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    laid = {day for day in days if _is_laid(offered, stored, day)}
    duties: dict[date, Any] = {}
    stale = [day for day in days if day not in laid]
    if stale and offered.offer.roster_required:
        duties = rosters.on_duty(unit_code, stale[0], stale[-1])
    wanted = [each for code, each in offered.offer.services.items() if not services or code in services]
    slots: list[Slot] = []
    for day in days:
        desks = _stored(stored, day) if day in laid else _anew(offered, stored, day, duties.get(day, ()))
        slots += sorted(_of_day(offered, day, desks, wanted, now), key=lambda one: (one.start, one.service))
    return slots


def _read(unit_code: str, span: tuple[str, str], now: datetime) -> tuple[Offering, Stored] | None:
    key = (unit_code, *span)
    text = _READ.replace("{true}", "TRUE" if sql.on_postgresql() else "1")
    moment = clock.to_micros(now)
    params = (unit_code, *key, *key, *key, moment, *key, moment, *key, unit_code, *key)
    stored, rules = Stored(), None
    for what, day, desk, minute, a, b, c, d, t, s in sql.tuples(text, params)[1]:
        if what == CELL:
            stored.cells[day].append((desk, minute, a, b, c, d, t, s))
        elif what == RULES:
            rules = (day, minute, a, b, t, s)
        elif what == DAY:
            stored.days[day] = (a, b, t)
        elif what == OVERRIDE:
            stored.overrides[day].append(Override(desk, minute, a, b))
        elif what == LAPSED:
            stored.lapsed[day].setdefault((desk, minute), []).append((t, a))
        else:
            stored.sitting[day].setdefault((desk, minute), []).append(t)
    if rules is None:
        raise NotFound()
    names = ("body", "number", "roster", "calendar", "valid_from_on", "valid_to_on")
    row: dict[str, Any] = dict(zip(names, rules))
    if row["body"] is None:
        return None
    for name in names[4:]:
        row[name] = row[name] and date.fromisoformat(row[name])
    return offering.of_row(unit_code, row), stored


def _is_laid(offered: Offering, stored: Stored, day: date) -> bool:
    return offered.is_laid(day, *stored.days.get(day.isoformat(), (None, None, None)))


@lru_cache(maxsize=1024)
def _codes(text: str) -> frozenset[str]:
    return frozenset(orjson.loads(text))


@lru_cache(maxsize=1024)
def _people(text: str) -> Staff:
    return tuple(tuple(able) for able in orjson.loads(text))


Desks = dict[str, dict[int, Seats]]


def _stored(stored: Stored, day: date) -> Desks:
    """The cells of a day as they were laid."""
    key, desks = day.isoformat(), Desks()
    lapsed, sitting = stored.lapsed.get(key), stored.sitting.get(key)
    for desk, minute, wanted, wanted_self, booked, booked_self, services, staff in stored.cells.get(key, ()):
        people = None if staff is None else _people(staff)
        seats = Seats(wanted, wanted - booked, wanted_self - booked_self, _codes(services), people)
        if lapsed or staff is not None:
            _taken(seats, (desk, minute), lapsed or {}, sitting or {})
        desks.setdefault(desk, {})[minute] = seats
    return desks


def _anew(offered: Offering, stored: Stored, day: date, duties: Sequence[Any]) -> Desks:
    """The cells of a day laid in memory, with what is booked in the stored ones."""
    key, desks = day.isoformat(), Desks()
    booked = {(cell[0], cell[1]): (cell[4], cell[5]) for cell in stored.cells.get(key, ())}
    lapsed, sitting = stored.lapsed.get(key, {}), stored.sitting.get(key, {})
    for cell in laying.lay(offered.offer, day, offered.kind(day), duties, stored.overrides.get(key, ())):
        taken, taken_self = booked.get((cell.desk, cell.minute), (0, 0))
        seats = Seats(
            cell.wanted, cell.wanted - taken, cell.wanted_self - taken_self, frozenset(cell.services), cell.staff
        )
        _taken(seats, (cell.desk, cell.minute), lapsed, sitting)
        desks.setdefault(cell.desk, {})[cell.minute] = seats
    return desks


def _taken(
    seats: Seats, place: Place, lapsed: dict[Place, list[tuple[str, int]]], sitting: dict[Place, list[str]]
) -> None:
    """Give back what lapsed holds took (rules 5.5), and name the services of the others.

    On a day for which somebody waits nothing is read as lapsed: that seat is hers to be offered (rules 5.6).
    """
    over = lapsed.get(place, [])
    seats.free += len(over)
    seats.free_self += sum(by_self for _, by_self in over)
    left = list(sitting.get(place, ()))
    for service, _ in over:
        if service in left:
            left.remove(service)
    seats.sitting = left


def _of_day(
    offered: Offering, day: date, desks: Desks, services: Sequence[Service], now: datetime
) -> Iterator[Slot]:
    grid = offered.offer.grid
    for service in services:
        first, last = offered.closes_at(service, day, 0), offered.closes_at(service, day, DAY_MINUTES - 1)
        if now >= last:
            continue
        found: dict[int, tuple[int, int, int]] = {}
        for cells in desks.values():
            rooms = {minute: cell.room(service.code) for minute, cell in cells.items()}
            for start, part in starts.left(rooms, service, grid).items():
                total = found.get(start)
                found[start] = part if total is None else (
                    total[0] + part[0], total[1] + part[1], total[2] + part[2]
                )
        for start, (capacity, seats, seats_self) in found.items():
            if seats and (now < first or now < offered.closes_at(service, day, start)):
                yield Slot(day, start, start + service.minutes, service.code, capacity, seats, seats_self)
