"""Which scheme holds in a half-year, and the list of what a district drew up."""
from datetime import datetime
from typing import Any

import orjson

from backend.assessment.rules import schemes as rules
from backend.assessment.rules.schemes import Scheme
from backend.core import paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope

SCHEMES = "assessment-schemes"
_COLUMNS = "number, from_period, body, made_at"
_HOLDING = f"""
SELECT {_COLUMNS} FROM assessment_scheme WHERE district_code = ? AND from_period <= ?
ORDER BY from_period DESC, number DESC LIMIT 1
"""
_ONE = f"SELECT {_COLUMNS} FROM assessment_scheme WHERE district_code = ? AND number = ?"
_LISTED = f"{_ONE.partition(' AND number')[0]} AND number < ? ORDER BY number DESC LIMIT ?"
_LAST = "SELECT COALESCE(max(number), 0) FROM assessment_scheme WHERE district_code = ?"


def holding(district_code: str, period: str) -> Scheme:
    """The scheme of a half-year: the last one drawn up for it or for an earlier one, else the product's own."""
    found = sql.row(_HOLDING, (district_code, period))
    return _scheme(found) if found else rules.USUAL


def _scheme(found: dict[str, Any]) -> Scheme:
    return Scheme(found["number"], found["from_period"], orjson.loads(found["body"]))


def numbered(district_code: str, number: int) -> Scheme:
    """The scheme of that number; 0 is the product's own. NotFound for any other."""
    if number == 0:
        return rules.USUAL
    found = sql.row(_ONE, (district_code, number))
    if found is None:
        raise NotFound()
    return _scheme(found)


def last_number(district_code: str) -> int:
    """The number of the last one drawn up."""
    return int(sql.value(_LAST, (district_code,)))


def one(number: int, *, actor: Actor, now: Any) -> dict[str, Any]:
    """A scheme of the actor's district as the wire shows it."""
    if number == 0:
        return _shown(rules.USUAL, None)
    found = sql.row(_ONE, (scope.district(actor), number))
    if found is None:
        raise NotFound()
    return _shown(_scheme(found), found["made_at"])


def _shown(scheme: Scheme, made_at: datetime | None) -> dict[str, Any]:
    return {"number": scheme.number, "from_period": scheme.from_period, **scheme.body, "made_at": made_at}


def page(query: dict[str, Any], *, actor: Actor) -> Page:
    """What the district drew up, the last first, the product's own at the end."""
    after = paging.values_of(SCHEMES, query["cursor"])[0] if query["cursor"] else 1 << 31
    found = sql.rows(_LISTED, (scope.district(actor), after, query["limit"] + 1))
    part = paging.page(SCHEMES, found, query["limit"], ("number",))
    items = [_shown(_scheme(one), one["made_at"]) for one in part.items]
    if part.next_cursor is None and len(items) < query["limit"]:
        return Page([*items, _shown(rules.USUAL, None)], None)
    if part.next_cursor is None:
        return Page(items, paging.cursor_of(SCHEMES, [1]))
    return Page(items, part.next_cursor)
