"""Papers that the investor handed in once, by right of the procedures that need them (rules 8, 12)."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import SUPERVISOR, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.projects.queries import rows, scope
from backend.projects.rules import who

_OF = """
SELECT a.id, a.project_id, a.name, a.file_id, f.sha256, f.media_type, f.size, a.made_at, a.withdrawn_at, a.version,
       p.agent_id, p.township_code, p.district_code, r.code AS procedure_code, r.state AS procedure_state,
       r.lead_department, r.joining_departments
FROM project p JOIN project_paper a ON a.project_id = p.id JOIN file f ON f.id = a.file_id
LEFT JOIN procedure_paper n ON n.paper_id = a.id LEFT JOIN procedure r ON r.id = n.procedure_id
WHERE p.id = ?
"""
_SHOWN = ("id", "project_id", "name", "file_id", "sha256", "media_type", "size", "made_at", "withdrawn_at", "version")


def _readable(found: dict[str, Any], actor: Actor) -> bool:
    """Whose procedure needs the paper reads it; so do the project's own agent, and the supervisor."""
    if actor.role == SUPERVISOR or who.carries(actor.role, actor.id, found["agent_id"]):
        return True
    if found["procedure_code"] is None:
        return False
    departments = (found["lead_department"], *orjson.loads(found["joining_departments"]))
    return any(
        who.acts_for(actor.role, actor.department_code, actor.unit_code, code, found["township_code"])
        for code in departments
    )


def of(project_id: str, actor: Actor) -> list[dict[str, Any]]:
    """The papers of a project that the actor may read, oldest first, with the procedures that need them."""
    condition, params = scope.condition(actor)
    papers: dict[str, dict[str, Any]] = {}
    allowed: set[str] = set()
    for found in sql.rows(f"{_OF} AND {condition} ORDER BY a.id, r.place", [project_id, *params]):
        paper = papers.setdefault(
            found["id"], {name: found[name] for name in _SHOWN} | {"procedure_codes": [], "_states": {}}
        )
        if found["procedure_code"] is not None:
            paper["procedure_codes"].append(found["procedure_code"])
            paper["_states"][found["procedure_code"]] = found["procedure_state"]
        if _readable(found, actor):
            allowed.add(found["id"])
    return [paper for paper in papers.values() if paper["id"] in allowed]


def row(project_id: str, paper_id: str, actor: Actor) -> dict[str, Any]:
    """One readable paper, with the states of the procedures that need it; NotFound."""
    for paper in of(project_id, actor):
        if paper["id"] == paper_id:
            return paper
    raise NotFound()


def one(project_id: str, paper_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One paper as the wire shows it; NotFound."""
    found = row(project_id, paper_id, actor)
    del found["_states"]
    return found


def listed(project_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The readable papers of a project, oldest first; two statements. NotFound."""
    rows.project(project_id, actor)
    (after,) = values_of("papers", query["cursor"]) if query["cursor"] else ("",)
    found = [paper for paper in of(project_id, actor) if paper["id"] > after]
    part = page("papers", found[: query["limit"] + 1], query["limit"], ("id",))
    for paper in part.items:
        del paper["_states"]
    return part
