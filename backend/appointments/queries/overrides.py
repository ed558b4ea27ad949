"""Seats that staff added to a day, within one's scope."""
from datetime import datetime
from typing import Any

from backend.appointments.queries import offers
from backend.core import sql
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound

KIND = "overrides"
_COLUMNS = "SELECT id, unit_code, day_on, desk, from_minute, to_minute, seats, reason, made_by, made_at, version"
_ONE = f"{_COLUMNS} FROM cell_override WHERE unit_code = ? AND id = ?"
_PAGE = f"""
{_COLUMNS} FROM cell_override WHERE unit_code = ? AND (day_on, id) > (?, ?) ORDER BY day_on, id LIMIT ?
"""


def row(unit_code: str, override_id: str, actor: Actor) -> dict[str, Any]:
    """An override as it is stored; NotFound outside the actor's scope."""
    offers.check_seen(unit_code, actor)
    found = sql.row(_ONE, (unit_code, override_id))
    if found is None:
        raise NotFound()
    return found


def one(unit_code: str, override_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One override as the wire shows it."""
    return _shown(row(unit_code, override_id, actor))


def listed(unit_code: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The overrides of a unit by day."""
    offers.check_seen(unit_code, actor)
    after = values_of(KIND, query["cursor"]) if query["cursor"] else ["", ""]
    found = page(KIND, sql.rows(_PAGE, (unit_code, *after, query["limit"] + 1)), query["limit"], ("day_on", "id"))
    return Page([_shown(each) for each in found.items], found.next_cursor)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return found | {
        "date": found.pop("day_on"), "from": told(found.pop("from_minute")), "to": told(found.pop("to_minute")),
        "desk": found["desk"] or None,
    }
