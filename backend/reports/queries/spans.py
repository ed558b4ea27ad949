"""Since when each site of a district is planned and built, counted together where that is the same."""
from datetime import date
from typing import Any

from backend.core import sql
from backend.org import rules as tree
from backend.reports.rules.burnup import Span

_PLANNED = """
SELECT u.level, substr(u.code, 1, 9) AS place, u.valid_from_on, u.valid_to_on, count(*) AS sites FROM unit u
WHERE u.level IN ('township', 'village') AND u.code BETWEEN ? AND ?
GROUP BY u.level, substr(u.code, 1, 9), u.valid_from_on, u.valid_to_on
"""
_BUILT = """
SELECT u.level, substr(u.code, 1, 9) AS place, u.valid_from_on, u.valid_to_on, b.from_on, b.to_on, count(*) AS sites
FROM unit u JOIN unit_built b ON b.unit_code = u.code
WHERE u.level IN ('township', 'village') AND u.code BETWEEN ? AND ?
GROUP BY u.level, substr(u.code, 1, 9), u.valid_from_on, u.valid_to_on, b.from_on, b.to_on
"""

Spans = list[tuple[tuple[str, str], Span]]


def planned(district: str) -> Spans:
    """From when until when so many sites of a level and township are in office; one statement."""
    return [
        ((level, place), Span(_day(since), _day(until), sites))
        for level, place, since, until, sites in sql.tuples(_PLANNED, tree.subtree(district))[1]
    ]


def built(district: str) -> Spans:
    """From when until when so many of them were built, while in office; one statement."""
    return [
        ((level, place), Span(_day(since), _day(until), sites).within(Span(_day(from_on), _day(to_on), sites)))
        for level, place, since, until, from_on, to_on, sites in sql.tuples(_BUILT, tree.subtree(district))[1]
    ]


def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)
