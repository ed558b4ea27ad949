"""Booking rules as staff see them, and which units have days that were laid from something else."""
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from backend.appointments.queries import offering
from backend.appointments.queries.offering import STAMPS
from backend.appointments.rules.offer import EMPTY
from backend.clocks import queries as calendars
from backend.core import sql
from backend.core.actor import HANDLER, PROJECT_AGENT, Actor
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org import rules as tree
from backend.org.rules import scope

_BODY = "SELECT body, version FROM booking_rules WHERE unit_code = ?"
_BEHIND = """
SELECT r.unit_code FROM booking_rules r LEFT JOIN roster_stamp s ON s.unit_code = r.unit_code
LEFT JOIN unit u ON u.code = r.unit_code AND u.valid_to_on IS NOT NULL
WHERE r.unit_code > ? AND (r.laid_on <> ? OR r.laid_rules <> r.number OR r.laid_calendar <> ?
OR r.laid_roster <> CASE WHEN r.roster_required THEN COALESCE(s.version, 0) ELSE 0 END
OR EXISTS (SELECT 1 FROM cell_day d WHERE d.unit_code = u.code AND d.day_on >= u.valid_to_on AND d.day_on >= ?
AND d.kind <> 'closed'))
ORDER BY r.unit_code LIMIT ?
"""
"""A unit that leaves office has no stamp: its days from then on that are not laid as closed show it."""
_ROSTER_CHANGED = """
SELECT r.unit_code FROM booking_rules r JOIN roster_stamp s ON s.unit_code = r.unit_code
WHERE r.roster_required AND r.laid_roster <> s.version ORDER BY r.unit_code LIMIT ?
"""


def check_seen(unit_code: str, actor: Actor) -> None:
    """NotFound unless there is such a unit within the actor's scope."""
    column, code = scope.column(actor)
    rooted = {
        "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code),
    }
    if actor.role in (HANDLER, PROJECT_AGENT) or rooted[column] != code or units.unit(unit_code) is None:
        raise NotFound()


def version_seen(unit_code: str, actor: Actor, *, lock: bool = False) -> int:
    """The version of a unit's rules, 0 before the first; NotFound outside the actor's scope."""
    check_seen(unit_code, actor)
    suffix = sql.held(lock)
    return int(sql.value(f"SELECT version FROM booking_rules WHERE unit_code = ?{suffix}", (unit_code,)) or 0)


def shown(unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The booking rules of a unit as they were set; those that offer nothing before the first."""
    check_seen(unit_code, actor)
    row = sql.row(_BODY, (unit_code,))
    body = EMPTY if row is None else orjson.loads(row["body"])
    return {**body, "_etag": str(row["version"] if row else 0)}


def behind(after: str, today: date, limit: int) -> list[str]:
    """Units, by code, of which a day may be stale or missing."""
    params = (after, today.isoformat(), calendars.stamp(), today.isoformat(), limit)
    return [code for (code,) in sql.execute(_BEHIND, params).fetchall()]


def roster_changed(limit: int) -> list[str]:
    """Units whose days were laid from an earlier roster than they have now."""
    return [code for (code,) in sql.execute(_ROSTER_CHANGED, (limit,)).fetchall()]


class State(NamedTuple):
    """A unit's stamps as they were read, and its days from today on that were not laid from them."""

    unit_code: str
    number: int
    roster: int
    calendar: int
    stale: list[date]


def state_of(unit_codes: list[str], today: date) -> list[State]:
    """Stamps and stale days of units with rules: those of the horizon, and later ones once laid. Two statements."""
    marks = ", ".join("?" * len(unit_codes))
    rows = sql.rows(
        f"SELECT r.unit_code, r.body, r.number, {STAMPS} FROM booking_rules r JOIN unit u ON u.code = r.unit_code "
        f"WHERE r.unit_code IN ({marks}) ORDER BY r.unit_code", unit_codes,
    )
    laid: dict[str, dict[date, tuple[int, int, str]]] = {row["unit_code"]: {} for row in rows}
    for day in sql.rows(
        "SELECT unit_code, day_on, rules_number, roster_stamp, kind FROM cell_day "
        f"WHERE unit_code IN ({marks}) AND day_on >= ?", [*unit_codes, today.isoformat()],
    ):
        laid[day["unit_code"]][day["day_on"]] = day["rules_number"], day["roster_stamp"], day["kind"]
    return [_state(row, laid[row["unit_code"]], today) for row in rows]


def _state(row: dict[str, Any], laid: dict[date, tuple[int, int, str]], today: date) -> State:
    found = offering.of_row(row["unit_code"], row)
    horizon = {today + timedelta(days=n) for n in range(found.offer.horizon_days + 1)}
    stale = [
        day for day in sorted(horizon | laid.keys())
        if day not in laid or not found.is_laid(day, *laid[day])
    ]
    return State(row["unit_code"], row["number"], found.roster, row["calendar"], stale)
