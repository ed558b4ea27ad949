"""Since when the sites of a district are planned and built, counted by the database."""
from datetime import date, timedelta

from backend.core import sql
from backend.org import rules as tree
from backend.reports.rules import forecast
from backend.reports.rules.body import Counts
from backend.reports.rules.burnup import Span

_WITHIN = "u.level IN ('township', 'village') AND u.code BETWEEN ? AND ?"
_PLANNED = f"""
SELECT u.level, u.valid_from_on, u.valid_to_on, count(*) FROM unit u WHERE {_WITHIN}
GROUP BY u.level, u.valid_from_on, u.valid_to_on
"""
_STOOD = f"""
SELECT u.level AS level, substr(u.code, 1, 9) AS place,
       CASE WHEN u.valid_from_on > b.from_on THEN u.valid_from_on ELSE b.from_on END AS since,
       CASE WHEN b.to_on IS NULL OR u.valid_to_on < b.to_on THEN u.valid_to_on ELSE b.to_on END AS until,
       u.valid_to_on AS leaves
FROM unit u JOIN unit_built b ON b.unit_code = u.code WHERE {_WITHIN}
"""
_BUILT = f"SELECT level, since, until, count(*) FROM ({_STOOD}) AS stood GROUP BY level, since, until"
_ON = "since <= ? AND (until IS NULL OR until > ?)"
_PLACES = f"""
SELECT level, place, sum(CASE WHEN {_ON} THEN 1 ELSE 0 END), sum(CASE WHEN {_ON} AND since >= ? THEN 1 ELSE 0 END),
       sum(CASE WHEN {_ON} AND (leaves IS NULL OR leaves > ?) THEN 1 ELSE 0 END)
FROM ({_STOOD}) AS stood GROUP BY level, place
"""
_WANTED = f"""
SELECT u.level, substr(u.code, 1, 9), count(*) FROM unit u WHERE {_WITHIN}
AND (u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)
GROUP BY u.level, substr(u.code, 1, 9)
"""

Spans = list[tuple[str, Span]]


def planned(district: str) -> Spans:
    """From when until when so many sites of a level are in office; one statement."""
    return _spans(_PLANNED, district)


def built(district: str) -> Spans:
    """From when until when so many of them were built, while in office; one statement."""
    return _spans(_BUILT, district)


def _spans(text: str, district: str) -> Spans:
    found = sql.tuples(text, tree.subtree(district))[1]
    return [(level, Span(_day(since), _day(until), count)) for level, since, until, count in found]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def places(district: str, as_of: date, monday: date) -> Counts:
    """What is planned and built on a day, new since a Monday, and was built four weeks before, by level and township.

    Two statements; a township is told by its nine digits. Who has left since counts nowhere: a merger is no loss.
    """
    day, before = as_of.isoformat(), (as_of - timedelta(days=forecast.PACE_DAYS)).isoformat()
    span = tree.subtree(district)
    wanted = sql.tuples(_WANTED, (*span, day, day))[1]
    stood = sql.tuples(_PLACES, (day, day, day, day, monday.isoformat(), before, before, day, *span))[1]
    return Counts(
        {(level, place): count for level, place, count in wanted},
        {(level, place): count for level, place, count, _, _ in stood},
        {(level, place): count for level, place, _, count, _ in stood},
        {(level, place): count for level, place, _, _, count in stood},
    )
