"""The graph of a project, laid out for programs and drawn for people."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.projects.queries import projects
from backend.projects.rules import drawing, layout

_NODE = (
    "code", "name", "stage", "state", "outcome", "lead_department", "lead_department_name", "limit_working_days",
    "starts_on", "finishes_on", "due_at", "float_working_days", "critical",
)


def of(project_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Nodes with their places, edges, stages; three statements. NotFound outside the actor's scope."""
    found, parts, plan = projects.planned(project_id, actor, now)
    laid = layout.laid(
        {each["code"]: each["predecessors"] for each in parts}, {each["code"]: each["stage"] for each in parts},
        [stage["code"] for stage in found["stages"]],
    )
    decisive = {each["code"]: each["critical"] for each in parts}
    finishes = {each["code"]: each["finishes_on"] for each in parts}
    starts = {each["code"]: each["starts_on"] for each in parts}
    return {
        "project_id": found["id"], "name": found["name"], "forecast_on": plan["forecast_on"],
        "critical_path": plan["critical_path"], "critical_path_working_days": plan["critical_path_working_days"],
        "stages": found["stages"],
        "nodes": [
            {name: each[name] for name in _NODE} | {"column": laid.places[each["code"]].column,
               "line": laid.places[each["code"]].line}
            for each in parts
        ],
        "edges": [
            {
                "from": before, "to": each["code"],
                "critical": decisive[before] and decisive[each["code"]] and finishes[before] >= starts[each["code"]],
            }
            for each in parts for before in each["predecessors"]
        ],
    }


def drawn(project_id: str, *, actor: Actor, now: datetime) -> str:
    """The same as SVG."""
    return drawing.drawn(of(project_id, actor=actor, now=now))
