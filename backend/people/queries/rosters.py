"""Who is on duty at a unit, and the stamp that grows when that changes."""
from datetime import date
from typing import Any

import orjson

from backend.core import sql
from backend.people.rules import rosters as rules
from backend.people.rules.rosters import Duty, Planned

__all__ = ["Duty", "on_duty", "stamp"]

_SHIFTS = """
SELECT day_on, account_id, stand_in_id, desk, from_minute, to_minute, services, kind FROM shift
WHERE unit_code = ? AND day_on BETWEEN ? AND ?
"""
_PEOPLE = """
SELECT a.id, a.role, a.unit_code, l.from_on, l.to_on FROM account a
LEFT JOIN leave l ON l.account_id = a.id AND l.state = 'approved' AND l.to_on >= ? AND l.from_on <= ?
WHERE a.disabled_at IS NULL AND a.id IN (
    SELECT account_id FROM shift WHERE unit_code = ? AND day_on BETWEEN ? AND ?
    UNION SELECT stand_in_id FROM shift WHERE unit_code = ? AND day_on BETWEEN ? AND ?
)
"""


def stamp(unit_code: str) -> int:
    """A number that grows with every change of what :func:`on_duty` says for the unit; 0 before the first.

    Read it before :func:`on_duty`, never after: then what was read is at least as new as the stamp.
    """
    return int(sql.value("SELECT version FROM roster_stamp WHERE unit_code = ?", (unit_code,)) or 0)


def on_duty(unit_code: str, from_on: date, to_on: date) -> dict[date, list[Duty]]:
    """Who is on duty by day, both days inside; days with nobody are left out. At most two statements.

    A roster counts once it is written, published or not; approved leave and swaps are applied, stand-ins
    stand in, and whoever was disabled or belongs elsewhere now is left out.
    """
    span = (from_on.isoformat(), to_on.isoformat())
    days: dict[str, list[Planned]] = {}
    for day_on, account_id, stand_in_id, desk, start, end, services, kind in _read(_SHIFTS, (unit_code, *span)):
        planned = Planned(account_id, stand_in_id, desk, start, end, frozenset(orjson.loads(services)), kind)
        days.setdefault(day_on, []).append(planned)
    if not days:
        return {}
    away = _away(unit_code, *span)
    found = {}
    for day_on in sorted(days):
        able = {account_id for account_id, spans in away.items() if not _covers(spans, day_on)}
        duties = rules.present(days[day_on], able.__contains__)
        if duties:
            found[date.fromisoformat(day_on)] = duties
    return found


Spans = list[tuple[str, str]]


def _away(unit_code: str, first: str, last: str) -> dict[str, Spans]:
    """The leaves of everybody on the unit's roster who is enabled and belongs there."""
    found: dict[str, Spans] = {}
    place = (unit_code, first, last)
    for account_id, role, own_unit, from_on, to_on in _read(_PEOPLE, (first, last, *place, *place)):
        if not rules.belongs(unit_code, role, own_unit):
            continue
        spans = found.setdefault(account_id, [])
        if from_on is not None:
            spans.append((from_on, to_on))
    return found


def _covers(spans: Spans, day_on: str) -> bool:
    return any(from_on <= day_on <= to_on for from_on, to_on in spans)


def _read(text: str, params: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sql.tuples(text, params)[1]
