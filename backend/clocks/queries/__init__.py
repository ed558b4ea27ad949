"""What the calendar says: kinds of days, announced years, closures. Nothing here is secret."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from backend.clocks.rules import ladder, notices
from backend.clocks.rules.notices import Laid, Named, Notice
from backend.core import adjustable, db, paging, sql
from backend.core.calendar import HOLIDAY, MAKEUP, Calendar
from backend.core.paging import Page

CACHE = "calendar"
PREFIXES = (2, 4, 6, 9, 12)
CLOSURES, YEARS = "closures", "years"

_STAMP = "SELECT version FROM calendar_stamp WHERE id = 1"
_DAYS = "SELECT day_on, kind, name, provisional FROM calendar_day WHERE day_on BETWEEN ? AND ? ORDER BY day_on"
_NOTICE = "SELECT year, papers, days, imported_at, version FROM calendar_year"
_YEAR = f"{_NOTICE} WHERE year = ?"
_YEARS = f"{_NOTICE} WHERE year > ? ORDER BY year LIMIT ?"
_CLOSED = "SELECT DISTINCT day_on FROM closure WHERE unit_code IN (?, ?, ?, ?, ?) AND day_on BETWEEN ? AND ?"
_CLOSURE = "SELECT id, day_on, unit_code, reason, made_at, version FROM closure"
_PAST = date(9999, 12, 31).isoformat()


def stamp() -> int:
    """A number that grows with every change of the calendar's days or closures."""
    return int(sql.value(_STAMP))


@dataclass(frozen=True, slots=True)
class Present:
    """The calendar, the closures and the ladders as of one stamp; all are small, so that all are kept."""

    stamp: int
    calendar: Calendar
    lost: dict[str, frozenset[date]]
    ladders: tuple[tuple[date, ladder.Ladder], ...] = ()

    def rungs_on(self, day: date) -> ladder.Ladder:
        """The rungs of a clock that began on ``day``: those in force on it; a later change moves no clock."""
        found = [rungs for valid_from, rungs in self.ladders if valid_from <= day]
        return found[-1] if found else ladder.USUAL

    def closed(self, unit_code: str) -> frozenset[date]:
        """The office days lost to a unit, by its own closures or those of a unit above it."""
        if not self.lost:
            return frozenset()
        return frozenset().union(*(self.lost.get(code, ()) for code in applying_to(unit_code)))

    def days_lost(self) -> frozenset[date]:
        """The office days lost to any unit."""
        return frozenset().union(*self.lost.values())


def present(number: int | None = None) -> Present:
    """Calendar, closures and ladders, kept in the process until their stamp has changed.

    One statement, none where the caller has read the stamp (``number``) along with his own.
    """
    number = stamp() if number is None else number
    kept: Present | None = db.caches.get(CACHE)
    if kept is None or kept.stamp != number:
        kept = db.caches[CACHE] = Present(number, _built(), _lost(), _ladders())
    return kept


def calendar() -> Calendar:
    """The calendar of all announced years."""
    return present().calendar


def _lost() -> dict[str, frozenset[date]]:
    found: dict[str, set[date]] = {}
    for row in sql.rows("SELECT unit_code, day_on FROM closure"):
        found.setdefault(row["unit_code"], set()).add(row["day_on"])
    return {code: frozenset(days) for code, days in found.items()}


def _ladders() -> tuple[tuple[date, ladder.Ladder], ...]:
    decided = adjustable.decided(ladder.NAME)
    return tuple((valid_from, ladder.ladder_of(value)) for valid_from, value in decided)


def _built() -> Calendar:
    days = laid_between(date(1, 1, 1), date(9999, 12, 31))
    return Calendar(
        {day: laid.kind for day, laid in days.items()},
        {day: laid.name for day, laid in days.items() if laid.name},
        [day for day, laid in days.items() if laid.provisional],
    )


def laid_between(from_on: date, to_on: date) -> dict[date, Laid]:
    """The announced days of a stretch, as they are stored."""
    found = sql.rows(_DAYS, (from_on.isoformat(), to_on.isoformat()))
    return {row["day_on"]: Laid(row["kind"], row["name"], bool(row["provisional"])) for row in found}


def days(from_on: date, to_on: date) -> list[dict[str, Any]]:
    """Each date of a stretch as the wire shows it."""
    announced = calendar()
    span = (from_on + timedelta(days=number) for number in range((to_on - from_on).days + 1))
    return [
        {
            "date": day, "kind": announced.kind(day), "name": announced.name(day),
            "provisional": announced.is_provisional(day),
        }
        for day in span
    ]


def closures(unit_code: str | None, from_on: date, to_on: date) -> frozenset[date]:
    """The office days lost to a unit, by its own closures or those of a unit above it."""
    if unit_code is None:
        return frozenset()
    params = (*applying_to(unit_code), from_on.isoformat(), to_on.isoformat())
    return frozenset(row["day_on"] for row in sql.rows(_CLOSED, params))


def applying_to(unit_code: str) -> tuple[str, ...]:
    """The codes whose closures hold for a unit: its own and those above it."""
    return tuple(unit_code[:length].ljust(12, "0") for length in PREFIXES)


def closure(closure_id: str) -> dict[str, Any] | None:
    """One closure as the wire shows it."""
    row = sql.row(f"{_CLOSURE} WHERE id = ?", (closure_id,))
    return None if row is None else _closure(row)


def _closure(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "date": row.pop("day_on"), **row}


def closure_page(unit_codes: Iterable[str], limit: int, cursor: str | None) -> Page:
    """Closures, latest day first; of ``unit_codes`` those that hold for any of them."""
    day_on, code = paging.values_of(CLOSURES, cursor) if cursor else (_PAST, "")
    codes = sorted({found for unit_code in unit_codes for found in applying_to(unit_code)})
    scope = f" AND unit_code IN ({', '.join('?' * len(codes))})" if codes else ""
    text = (
        f"{_CLOSURE} WHERE (day_on < ? OR day_on = ? AND unit_code > ?){scope}"
        " ORDER BY day_on DESC, unit_code LIMIT ?"
    )
    found = sql.rows(text, (day_on, day_on, code, *codes, limit + 1))
    page = paging.page(CLOSURES, found, limit, ("day_on", "unit_code"))
    return Page([_closure(row) for row in page.items], page.next_cursor)


def year(number: int) -> dict[str, Any] | None:
    """The loaded notice of a year, in holiday-cn form."""
    row = sql.row(_YEAR, (number,))
    return None if row is None else _year(row)


def _year(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"papers": orjson.loads(row["papers"]), "days": orjson.loads(row["days"])}


def year_page(limit: int, cursor: str | None) -> Page:
    """The loaded notices in order of their years."""
    (after,) = paging.values_of(YEARS, cursor) if cursor else (0,)
    page = paging.page(YEARS, sql.rows(_YEARS, (after, limit + 1)), limit, ("year",))
    return Page([_year(row) for row in page.items], page.next_cursor)


def loaded_years() -> set[int]:
    """The years whose notices are loaded."""
    return {row["year"] for row in sql.rows("SELECT year FROM calendar_year")}


def notice(number: int) -> Notice | None:
    """The loaded notice of a year, for laying it out again."""
    found = year(number)
    if found is None:
        return None
    named = {
        date.fromisoformat(day["date"]): Named(HOLIDAY if day["isOffDay"] else MAKEUP, day["name"])
        for day in found["days"]
    }
    return Notice(found["year"], tuple(found["papers"]), named)


def neighbouring(number: int) -> dict[int, Notice]:
    """The loaded notices of the year before, the year itself and the year after."""
    found = {at: notice(at) for at in (number - 1, number, number + 1)}
    return {at: one for at, one in found.items() if one is not None}


def difference_of(given: Notice) -> list[dict[str, str | None]]:
    """What loading a notice would change."""
    from_on, to_on = notices.first_day(given.year), date(given.year, 12, 31)
    loaded = neighbouring(given.year) | {given.year: given}
    after = dict(notices.laid_out(loaded, from_on, to_on))
    return notices.difference(laid_between(from_on, to_on), after)
