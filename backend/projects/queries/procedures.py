"""Procedures as they are shown: state, what is due, what the plan says of them, deemed consents, late answers."""
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.projects.queries import rows, scope
from backend.projects.rules import graph, states
from backend.projects.rules.days import Days

_OF = """
SELECT r.*, d.effective_at AS deemed_at, d.detected_at, d.notice_number, d.notice_on, d.opinion_due_at, d.opinion_at
FROM procedure r LEFT JOIN deemed_consent d ON d.procedure_id = r.id
     AND d.n = (SELECT max(x.n) FROM deemed_consent x WHERE x.procedure_id = r.id)
WHERE r.project_id = ? ORDER BY r.place
"""
_LATE = """
SELECT l.procedure_id, l.decision, l.reasons, l.received_at FROM late_answer l JOIN procedure r ON r.id = l.procedure_id
WHERE r.project_id = ? ORDER BY l.procedure_id, l.n
"""


def of(project_id: str) -> list[dict[str, Any]]:
    """All procedures of a project that the caller was found to reach, in their order; two statements."""
    found = [rows.procedure_of(row) for row in sql.rows(_OF, (project_id,))]
    late: dict[str, list[dict[str, Any]]] = {}
    for answer in sql.rows(_LATE, (project_id,)):
        late.setdefault(answer.pop("procedure_id"), []).append(answer)
    return [row | {"late_answers": late.get(row["id"], [])} for row in found]


_PLAIN = (
    "id", "project_id", "code", "name", "stage", "state", "outcome", "lead_department", "joining_departments",
    "limit_working_days", "legal_days", "predecessors", "timeout_consent", "absence_consent", "joint_review", "note",
    "opened_at", "served_at", "signed_by", "due_at", "finished_at", "reasons", "late_answers", "version",
)
_DEEMED = ("detected_at", "notice_number", "notice_on", "opinion_due_at", "opinion_at")


def shown(row: dict[str, Any], slot: graph.Slot, days: Days) -> dict[str, Any]:
    """A procedure of :func:`of` as the wire shows it."""
    deemed = None
    if row["outcome"] in states.DEEMED and row["deemed_at"] is not None:
        deemed = {"effective_at": row["deemed_at"]} | {name: row[name] for name in _DEEMED}
    return {name: row[name] for name in _PLAIN} | {
        "lead_department_name": row["lead_name"], "starts_on": days.day(slot.starts),
        "finishes_on": days.day(slot.finishes), "float_working_days": slot.slack, "critical": slot.slack == 0,
        "deemed": deemed,
    }


def row(project_id: str, code: str, actor: Actor) -> dict[str, Any]:
    """The procedure's row within the actor's scope, with its project's agent, place and state; NotFound."""
    condition, params = scope.condition(actor)
    found = sql.row(
        "SELECT r.*, p.agent_id, p.township_code, p.state AS project_state FROM procedure r "
        f"JOIN project p ON p.id = r.project_id WHERE r.project_id = ? AND r.code = ? AND {condition}",
        [project_id, code, *params],
    )
    if found is None:
        raise NotFound()
    return rows.procedure_of(found)
