"""Templates as they are shown and used."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.projects.rules import states, templates

_COLUMNS = """
id, code, edition, name, state, sample, critical_path, critical_days AS critical_path_working_days, published_at,
version
"""
_BY_ID = f"SELECT {_COLUMNS}, body FROM project_template WHERE id = ?"
_BY_CODE = f"SELECT {_COLUMNS}, body FROM project_template WHERE code = ? ORDER BY edition DESC LIMIT 1"
_PUBLISHED = f"SELECT {_COLUMNS}, body FROM project_template WHERE code = ? AND state = ?"


def row(reference: str, *, lock: bool = False) -> dict[str, Any]:
    """An edition by its id, or the newest one of a code; NotFound."""
    suffix = sql.held(lock)
    found = sql.row(_BY_ID + suffix, (reference,)) or sql.row(_BY_CODE + suffix, (reference,))
    if found is None:
        raise NotFound()
    return _read(found) | {"body": orjson.loads(found["body"])}


def published(code: str) -> dict[str, Any] | None:
    """The edition of a code that projects are made from, if any."""
    found = sql.row(_PUBLISHED, (code, states.PUBLISHED))
    return found and _read(found) | {"body": orjson.loads(found["body"])}


def _read(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"critical_path": orjson.loads(found["critical_path"]), "sample": bool(found["sample"])}


def one(reference: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An edition with its procedures and figures; NotFound."""
    found = row(reference)
    body = found.pop("body")
    return found | templates.figures(body["procedures"]) | body


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Editions by code, the newest first; one statement."""
    wanted = query["state"] or (states.DRAFT, states.PUBLISHED)
    text = f"SELECT {_COLUMNS} FROM project_template WHERE 1 = 1"
    params: list[Any] = []
    if "all" not in wanted:
        text += f" AND state IN ({', '.join('?' * len(wanted))})"
        params += wanted
    if query["code"]:
        text += f" AND code IN ({', '.join('?' * len(query['code']))})"
        params += query["code"]
    if query["cursor"]:
        code, edition = values_of("templates", query["cursor"])
        text += " AND (code > ? OR code = ? AND edition < ?)"
        params += [code, code, edition]
    found = sql.rows(f"{text} ORDER BY code, edition DESC LIMIT ?", [*params, query["limit"] + 1])
    part = page("templates", found, query["limit"], ("code", "edition"))
    return Page([_read(each) for each in part.items], part.next_cursor)


_DEPARTMENTS = "SELECT code, name FROM department WHERE code IN ({}) AND (valid_to_on IS NULL OR valid_to_on > ?)"


def departments(codes: list[str], today: str) -> dict[str, str]:
    """Those of the departments that are in office, with their names; one statement."""
    if not codes:
        return {}
    found = sql.rows(_DEPARTMENTS.format(", ".join("?" * len(codes))), [*codes, today])
    return {each["code"]: each["name"] for each in found}
