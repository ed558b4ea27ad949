"""Who is on duty at a unit, and the stamp that grows when that changes."""
from datetime import date, timedelta
from typing import Any

import orjson

from backend.core import clock, sql
from backend.org import rules as tree
from backend.people.rules import rosters as rules
from backend.people.rules.rosters import Duty, Planned

__all__ = ["Duty", "on_duty", "stamp", "stands_in", "unpublished"]

_SHIFTS = """
SELECT day_on, account_id, stand_in_id, desk, from_minute, to_minute, services, kind FROM shift
WHERE unit_code = ? AND day_on BETWEEN ? AND ?
"""
_PEOPLE = """
SELECT a.id, a.role, a.unit_code, a.disabled_at, l.from_on, l.to_on FROM account a
LEFT JOIN leave l ON l.account_id = a.id AND l.state = 'approved' AND l.to_on >= ? AND l.from_on <= ?
WHERE a.id IN (
    SELECT account_id FROM shift WHERE unit_code = ? AND day_on BETWEEN ? AND ?
    UNION SELECT stand_in_id FROM shift WHERE unit_code = ? AND day_on BETWEEN ? AND ?
)
"""

_FOR_EVER = "9999-12-31"


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
    away = absent(unit_code, *span)
    found = {}
    for day_on in sorted(days):
        able = {account_id for account_id, spans in away.items() if not covers(spans, day_on)}
        duties = rules.present(days[day_on], able.__contains__)
        if duties:
            found[date.fromisoformat(day_on)] = duties
    return found


Spans = list[tuple[str, str]]


def absent(unit_code: str, first: str, last: str) -> dict[str, Spans]:
    """When everybody on the unit's roster who belongs there is away: on leave, and from the day of his disabling on."""
    found: dict[str, Spans] = {}
    place = (unit_code, first, last)
    for account_id, role, own_unit, disabled_at, from_on, to_on in _read(_PEOPLE, (first, last, *place, *place)):
        if not rules.belongs(unit_code, role, own_unit):
            continue
        spans = found.setdefault(account_id, [])
        if disabled_at is not None:
            spans.append((clock.local_date(clock.from_micros(disabled_at)).isoformat(), _FOR_EVER))
        if from_on is not None:
            spans.append((from_on, to_on))
    return found


def covers(spans: Spans, day_on: str) -> bool:
    """Whether a day, as ISO text, lies within one of the spans."""
    return any(from_on <= day_on <= to_on for from_on, to_on in spans)


def _read(text: str, params: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sql.tuples(text, params)[1]


_STANDS_IN = """
SELECT 1 FROM shift s JOIN leave l ON l.account_id = s.account_id AND l.state = 'approved'
    AND l.to_on >= ? AND l.from_on <= ?
WHERE s.account_id = ? AND s.day_on = ? AND s.stand_in_id = ? LIMIT 1
"""


def stands_in(account_id: str, for_id: str, day: date) -> bool:
    """Whether the roster has an account stand in on a day for another who is on leave then (rules 5.7)."""
    on = day.isoformat()
    return sql.value(_STANDS_IN, (on, on, for_id, on, account_id)) is not None


_UNPUBLISHED = """
SELECT u.code, u.name FROM roster r JOIN unit u ON u.code = r.unit_code WHERE r.month IN (?, ?)
GROUP BY u.code, u.name HAVING max(CASE WHEN r.month = ? AND r.published_at IS NOT NULL THEN 1 ELSE 0 END) = 0
ORDER BY u.code
"""


def unpublished(first: date) -> dict[str, list[str]]:
    """The units that keep rosters (had one the month before, or begin one) and whose roster from ``first`` is not out.

    Their names by township.
    """
    month, before = f"{first:%Y-%m}", f"{first - timedelta(days=1):%Y-%m}"
    found: dict[str, list[str]] = {}
    for code, name in sql.execute(_UNPUBLISHED, (before, month, month)).fetchall():
        found.setdefault(tree.township_of(code), []).append(name)
    return found
