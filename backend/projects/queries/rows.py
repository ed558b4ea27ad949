"""Rows of projects and procedures as actions need them: found in the actor's scope, held until the end."""
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.projects.queries import scope

_PROJECT = """
SELECT p.*, (SELECT version FROM calendar_stamp WHERE id = 1) AS calendar_stamp FROM project p WHERE p.id = ?
"""
_PROCEDURES = "SELECT * FROM procedure WHERE project_id = ? ORDER BY place"
_GRAPH = """
SELECT id, code, state, outcome, predecessors, limit_working_days, due_at, finished_at FROM procedure
WHERE project_id = ? ORDER BY place
"""
_PROCEDURE = "SELECT * FROM procedure WHERE project_id = ? AND code = ?"
_LISTS = ("joining_departments", "predecessors")
_FLAGS = ("timeout_consent", "absence_consent", "joint_review")


def project(project_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The project's own row within the actor's scope; NotFound. ``lock``: before any of its procedures is held."""
    condition, params = scope.condition(actor)
    found = sql.row(f"{_PROJECT} AND {condition}{sql.held(lock, of='p')}", [project_id, *params])
    if found is None:
        raise NotFound()
    return _project(found)


def held(project_id: str) -> dict[str, Any]:
    """The project's own row, held until the transaction ends; whoever asks has found it in his scope, or is a job."""
    found = sql.row(_PROJECT + sql.held(of="p"), (project_id,))
    if found is None:
        raise NotFound()
    return _project(found)


def _project(found: dict[str, Any]) -> dict[str, Any]:
    return found | {name: orjson.loads(found[name]) for name in ("stages", "critical_path", "plan")}


def procedures(project_id: str) -> list[dict[str, Any]]:
    """All procedures of a project in their order; one statement."""
    return [procedure_of(found) for found in sql.rows(_PROCEDURES, (project_id,))]


def graph(project_id: str) -> list[dict[str, Any]]:
    """Of all procedures of a project what its graph and plan need, in their order; one statement."""
    found = sql.rows(_GRAPH, (project_id,))
    for each in found:
        each["predecessors"] = orjson.loads(each["predecessors"])
    return found


def procedure(project_id: str, code: str, *, lock: bool = False) -> dict[str, Any]:
    """One procedure of a project that the actor was found to reach; NotFound."""
    suffix = sql.held(lock)
    found = sql.row(_PROCEDURE + suffix, (project_id, code))
    if found is None:
        raise NotFound()
    return procedure_of(found)


def by_id(procedure_id: str) -> dict[str, Any]:
    """The procedure of that id; NotFound."""
    found = sql.row("SELECT * FROM procedure WHERE id = ?", (procedure_id,))
    if found is None:
        raise NotFound()
    return procedure_of(found)


def procedure_of(found: dict[str, Any]) -> dict[str, Any]:
    """A procedure's row with its lists and flags as such."""
    for name in _LISTS:
        found[name] = orjson.loads(found[name])
    for name in _FLAGS:
        found[name] = bool(found[name])
    return found
