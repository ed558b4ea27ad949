"""Interviews about projects that are late, within the reader's scope."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.projects.queries import rows

INTERVIEWS = "interviews"
_COLUMNS = """
SELECT i.id, i.project_id, i.n, c.code AS procedure_code, i.held_on, i.present, i.account, i.fault, i.body,
       i.account_id, a.name AS account_name, i.made_at, i.version
FROM interview i LEFT JOIN procedure c ON c.id = i.procedure_id LEFT JOIN account a ON a.id = i.account_id
"""
_OVERDUE = "SELECT count(*) FROM procedure WHERE project_id = ? AND state = 'served' AND due_at < ?"
_LAST = "SELECT COALESCE(max(n), 0) FROM interview WHERE project_id = ?"


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    by = {"id": found.pop("account_id"), "name": found.pop("account_name") or ""}
    return found | {"present": orjson.loads(found["present"]), "recorded_by": by}


def one(ref: Sequence[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One interview by project and number; two statements. NotFound."""
    project_id, n = ref
    rows.project(project_id, actor)
    number = int(n) if str(n).isdecimal() and len(str(n)) < 9 else 0
    found = sql.row(f"{_COLUMNS} WHERE i.project_id = ? AND i.n = ?", (project_id, number))
    if found is None:
        raise NotFound()
    return _shown(found)


def listed(project_id: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The interviews of a project in their order; two statements. NotFound."""
    rows.project(project_id, actor)
    after = values_of(INTERVIEWS, query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(
        f"{_COLUMNS} WHERE i.project_id = ? AND i.n > ? ORDER BY i.n LIMIT ?", (project_id, after, query["limit"] + 1)
    )
    part = page(INTERVIEWS, found, query["limit"], ("n",))
    return Page([_shown(each) for each in part.items], part.next_cursor)


def overdue(project_id: str, now: int) -> int:
    """How many procedures of a project are with a department past their due moment."""
    return int(sql.value(_OVERDUE, (project_id, now)))


def last(project_id: str) -> int:
    """The number of the last interview of a project, 0 before the first."""
    return int(sql.value(_LAST, (project_id,)))


