"""What the figures of a month are made from."""
from collections.abc import Iterator
from datetime import date
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as clocks
from backend.clocks.queries import running
from backend.clocks.rules import Halt
from backend.core import clock, monthly, sql
from backend.disclosure.rules.figures import Finished, Rated
from backend.org import rules as tree

BATCH = 1000
_FINISHED = """
SELECT e.id, e.township_code, e.unit_code, e.resident_id, e.item_code, e.item_number, e.accepted_at, e.finished_at,
       e.due_at, e.trips, e.stops
FROM errand e WHERE e.district_code = ? AND e.finished_at >= ? AND e.finished_at < ? AND e.outcome IS NOT NULL
AND e.id > ? AND NOT EXISTS (SELECT 1 FROM paper_errand p WHERE p.errand_id = e.id) ORDER BY e.id LIMIT ?
"""
_RATED = """
SELECT g.township_code, s.resident_id, g.level, e.item_code, e.item_number FROM rating g
JOIN rating_slip s ON s.id = g.slip_id JOIN errand e ON e.id = g.errand_id
WHERE g.district_code = ? AND g.round = 1 AND g.rated_at >= ? AND g.rated_at < ? AND g.excluded_at IS NULL
"""
_DEEMED = """
SELECT department_code, kind, count(*) AS times FROM deemed_consent
WHERE district_code = ? AND effective_at >= ? AND effective_at < ? GROUP BY department_code, kind
ORDER BY department_code, kind
"""
_REVOKED = """
SELECT count(*) FROM deemed_consent WHERE district_code = ? AND revoked_at >= ? AND revoked_at < ?
"""
_FIRST = "SELECT min(finished_at) FROM errand WHERE district_code = ?"
_NAMES = {"unit": "SELECT code, name FROM unit WHERE code IN ({})", "department": (
    "SELECT code, name FROM department WHERE code IN ({})"
)}


def first_month(district_code: str) -> str | None:
    """The month in which the district finished its first errand."""
    found = sql.value(_FIRST, (district_code,))
    return None if found is None else monthly.of(clock.local_date(clock.from_micros(found)))


def _span(month: str) -> tuple[int, int]:
    begin, end = monthly.span(month)
    return clock.to_micros(begin), clock.to_micros(end)


def finished(district_code: str, month: str) -> Iterator[Finished]:
    """Errands that were finished in the month with an outcome; those of paper registers have no hours, and are out."""
    present, after = calendars.present(), ""
    while True:
        found = sql.rows(_FINISHED, (district_code, *_span(month), after, BATCH))
        items = catalogue.versions((row["item_code"], row["item_number"]) for row in found)
        halts = running.halts("errand", *(row["id"] for row in found if row["stops"]))
        for row in found:
            item = items[row["item_code"], row["item_number"]]
            yield Finished(
                row["township_code"], item["department_code"], row["resident_id"],
                _days(row, present, halts.get(row["id"], [])), item["legal_days"],
                row["due_at"] is not None and row["finished_at"] > row["due_at"], row["trips"],
            )
        if len(found) < BATCH:
            return
        after = found[-1]["id"]


def _days(row: dict[str, Any], present: calendars.Present, halts: list[Halt]) -> int | None:
    """Working days from acceptance to the end, that of acceptance not counted, suspensions neither."""
    if row["accepted_at"] is None:
        return None
    last = clock.local_date(row["finished_at"])
    whole = max(1, (last - clock.local_date(row["accepted_at"])).days)
    closed = present.closed(row["unit_code"])
    return clocks.halted_limit(row["accepted_at"], whole, present.calendar, halts, closed).run.used(last, last)


def rated(district_code: str, month: str) -> Iterator[Rated]:
    """Residents' ratings of the month; those that an upheld appeal excluded are out."""
    found = sql.rows(_RATED, (district_code, *_span(month)))
    items = catalogue.versions((row["item_code"], row["item_number"]) for row in found)
    for row in found:
        department = items[row["item_code"], row["item_number"]]["department_code"]
        yield Rated(row["township_code"], department, row["resident_id"], row["level"])


def deemed(district_code: str, month: str) -> tuple[list[dict[str, Any]], int]:
    """Consents by silence or absence that took effect in the month, by department; and how many were revoked."""
    span = _span(month)
    return sql.rows(_DEEMED, (district_code, *span)), int(sql.value(_REVOKED, (district_code, *span)))


def names(kind: str, codes: list[str]) -> dict[str, str]:
    """The names of units or departments by code."""
    return dict(sql.execute(_NAMES[kind].format(", ".join("?" * len(codes))), codes).fetchall()) if codes else {}


def promised(on: date) -> dict[str, Any]:
    """What the catalogue promises against the law on a day."""
    return catalogue.figures_on(on)


def district_name(district_code: str) -> str:
    """The district's name."""
    return names("unit", [district_code]).get(district_code, tree.district_of(district_code))
