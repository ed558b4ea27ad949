"""The waiting list as the freeing of seats and the clock see it."""
from collections.abc import Container, Iterator
from datetime import date, datetime
from typing import Any

import orjson

from backend.appointments.queries.offering import Offering
from backend.appointments.rules import horizon, starts, waiting
from backend.appointments.rules.offer import Service
from backend.appointments.rules.seats import Wish
from backend.core import sql

_LOCK_DAY = "SELECT 1 FROM cell_day WHERE unit_code = ? AND day_on = ? FOR UPDATE"
_IN_TURN = """
SELECT w.*, p.state AS offered_state, b.id AS other_id FROM waiting w LEFT JOIN appointment p ON p.id = w.offered_id
LEFT JOIN appointment b ON b.active_key = w.active_key
WHERE w.unit_code = ? AND w.day_on = ? AND w.state IN ('waiting', 'offered') ORDER BY w.rank, w.asked_at, w.id
"""
_CELLS = """
SELECT desk, minute, capacity - booked AS free, services FROM cell
WHERE unit_code = ? AND day_on = ? ORDER BY desk, minute
"""
_DAYS = """
SELECT DISTINCT unit_code, day_on FROM waiting WHERE state IN ('waiting', 'offered') ORDER BY day_on, unit_code
"""


def lock_day(unit_code: str, day_on: date) -> None:
    """Whoever frees seats of a day and whoever joins its list do so one after the other; nothing on SQLite."""
    if sql.on_postgresql():
        sql.execute(_LOCK_DAY, (unit_code, day_on.isoformat())).fetchall()


def in_turn(unit_code: str, day_on: date, *, lock: bool = False) -> list[dict[str, Any]]:
    """Who waits or has an offer for a day, in the order in which they are served.

    ``offered_state`` is that of the appointment offered, ``other_id`` another one that she has of that day.
    """
    suffix = sql.held(lock, of="w")
    return sql.rows(_IN_TURN + suffix, (unit_code, day_on.isoformat()))


def days() -> list[tuple[str, date]]:
    """The units and days for which anybody waits or has an offer."""
    return [(row["unit_code"], row["day_on"]) for row in sql.rows(_DAYS)]


class Seats:
    """What is free on a unit's day, as read once; :meth:`take` keeps it true while seats are taken."""

    def __init__(self, offered: Offering, day_on: date) -> None:
        self.offered, self.day_on = offered, day_on
        self._free: dict[str, dict[int, int]] = {}
        self._services: dict[str, dict[int, Container[str]]] = {}
        for cell in sql.plain(_CELLS, (offered.unit_code, day_on.isoformat())):
            self._free.setdefault(cell["desk"], {})[cell["minute"]] = cell["free"]
            self._services.setdefault(cell["desk"], {})[cell["minute"]] = orjson.loads(cell["services"])

    def within(self, service: Service, from_minute: int, to_minute: int) -> Iterator[tuple[str, int, Wish]]:
        """Every start of a service, free or not, from which it ends within a stretch: desk, minute, cells."""
        for desk, services in self._services.items():
            for start, taken in starts.all_of(self.offered.offer, service, services):
                if from_minute <= start and start + service.minutes <= to_minute:
                    yield desk, start, taken

    def fitting(self, entry: dict[str, Any], service: Service, freed: set[int] | None) -> list[int]:
        """The minutes at which a wait could be served, earliest first: all its cells free, within its stretch.

        ``freed``: only where one of these minutes is among its cells, since nothing else can have changed.
        """
        return sorted({
            start for desk, start, taken in self.within(service, entry["from_minute"], entry["to_minute"])
            if (freed is None or not freed.isdisjoint(taken.minutes))
            and all(self._free[desk][minute] > 0 for minute in taken.minutes)
        })

    def take(self, desk: str, minutes: tuple[int, ...]) -> None:
        """One seat less."""
        for minute in minutes:
            self._free[desk][minute] -= 1

    def deadline(self, service: Service, start: int, minutes: int, now: datetime) -> datetime | None:
        """Until when an offer of this start would stand; None where it is too late for one."""
        latest = self.offered.closes_at(service, self.day_on, start)
        return waiting.deadline(self.offered.present.calendar, now, minutes, latest, self.offered.closed)


def is_over(entry: dict[str, Any], offered: Offering | None, now: datetime) -> bool:
    """Whether nothing can be offered to a wait any more: the last start of its stretch has closed."""
    service = offered.offer.service(entry["service"]) if offered else None
    if offered is None or service is None:
        return now >= horizon.starts_at(entry["day_on"], entry["to_minute"])
    last = max(entry["from_minute"], entry["to_minute"] - service.minutes)
    return now >= offered.closes_at(service, entry["day_on"], last)


def is_served(entry: dict[str, Any], free: Seats, now: datetime) -> bool:
    """Whether something that is free fits a wait, and it is not too late for an offer."""
    service = free.offered.offer.service(entry["service"])
    return service is not None and any(
        free.deadline(service, start, 1, now) is not None for start in free.fitting(entry, service, None)
    )
