"""Call tasks within one's scope; what they are about stands in the row, whatever it is."""
from datetime import datetime
from typing import Any

from backend.core import sql
from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.org import rules as tree

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
STATES = ("open", "done")
_COLUMNS = """
SELECT id, subject_type, subject_id, subject_number, resident_id, unit_code, reason, state, reached, note, made_at,
       called_at, version
FROM call_task
"""


def _scope(actor: Actor) -> tuple[str, str]:
    """The column and code that bound what the actor reads (rules.md 12)."""
    code = actor.unit_code or ""
    if actor.role in (AGENT, OPERATOR) and code:
        return "unit_code", code
    if actor.role == TOWNSHIP and code:
        return "township_code", tree.township_of(code)
    if actor.role in (OFFICE, SUPERVISOR, ADMIN) and code:
        return "district_code", tree.district_of(code)
    return "unit_code", ""


def row(task_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A call task in the actor's scope, as stored; NotFound otherwise."""
    column, code = _scope(actor)
    suffix = " FOR UPDATE" if lock and sql.on_postgresql() else ""
    found = sql.row(f"{_COLUMNS} WHERE id = ? AND {column} = ?{suffix}", (task_id, code))
    if found is None:
        raise NotFound()
    return found


def one(task_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One call task."""
    return _shown(row(task_id, actor))


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Call tasks of the actor's scope, oldest first; open ones unless asked otherwise."""
    column, code = _scope(actor)
    asked = query["state"] or ["open"]
    states = STATES if "all" in asked else tuple(dict.fromkeys(asked))
    units = query["unit_code"]
    where, filters, key = [f"{column} = ?", "state = ?"], [], code
    if len(units) == 1:
        where, filters, key = ["unit_code = ?", "state = ?", f"{column} || '' = ?"], [code], units[0]
    elif units:
        where.append(f"unit_code IN ({', '.join('?' * len(units))})")
        filters += units
    if query["cursor"]:
        where.append("id > ?")
        filters += values_of("calls", query["cursor"])
    branch = f"SELECT * FROM ({_COLUMNS} WHERE {' AND '.join(where)} ORDER BY id LIMIT ?) AS branch"
    params: list[Any] = []
    for state in states:
        params += [key, state, *filters, query["limit"] + 1]
    found = sql.rows(" UNION ALL ".join([branch] * len(states)), params)
    found.sort(key=lambda each: each["id"])
    part = page("calls", found[: query["limit"] + 1], query["limit"], ("id",))
    return Page([_shown(item) for item in part.items], part.next_cursor)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """The task; of an errand it names the errand as ever."""
    errand = found["subject_type"] == "errand"
    return found | {
        "errand_id": found["subject_id"] if errand else None,
        "errand_number": found["subject_number"] if errand else None,
        "reached": None if found["reached"] is None else bool(found["reached"]),
    }
