"""Procedures as they are shown: state, what is due, what the plan says of them, deemed consents, late answers."""
from typing import Any

from backend.clocks.queries import suspensions as stops
from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.projects.queries import rows, scope
from backend.projects.rules import graph, states
from backend.projects.rules.days import Days

_OF = """
SELECT r.*, d.effective_at AS deemed_at, d.detected_at, d.notice_number, d.notice_on, d.opinion_due_at, d.opinion,
       d.opinion_at
FROM procedure r LEFT JOIN deemed_consent d ON d.procedure_id = r.id
     AND d.n = (SELECT max(x.n) FROM deemed_consent x WHERE x.procedure_id = r.id)
WHERE r.project_id = ? ORDER BY r.place
"""
_SAID = """
SELECT a.procedure_id, '' AS department_code, a.n AS place, a.decision, a.reasons, a.received_at AS said_at
FROM procedure r JOIN late_answer a ON a.procedure_id = r.id WHERE r.project_id = ?
UNION ALL
SELECT a.procedure_id, a.department_code, 0, a.decision, a.reasons, a.answered_at
FROM procedure r JOIN joining_answer a ON a.procedure_id = r.id AND a.round = r.round WHERE r.project_id = ?
ORDER BY 3, 6, 2
"""


def of(project_id: str) -> list[dict[str, Any]]:
    """All procedures of a project that the caller was found to reach, in their order; two statements."""
    found = [rows.procedure_of(row) for row in sql.rows(_OF, (project_id,))]
    late: dict[str, list[dict[str, Any]]] = {}
    joining: dict[str, list[dict[str, Any]]] = {}
    for said in sql.rows(_SAID, (project_id, project_id)):
        told = {"decision": said["decision"], "reasons": said["reasons"]}
        if said["department_code"]:
            told |= {"department_code": said["department_code"], "answered_at": said["said_at"]}
            joining.setdefault(said["procedure_id"], []).append(told)
        else:
            late.setdefault(said["procedure_id"], []).append(told | {"received_at": said["said_at"]})
    return [
        row | {"late_answers": late.get(row["id"], []), "joining_answers": joining.get(row["id"], [])} for row in found
    ]


_PLAIN = (
    "id", "project_id", "code", "name", "stage", "state", "outcome", "lead_department", "joining_departments",
    "limit_working_days", "legal_days", "predecessors", "timeout_consent", "absence_consent", "joint_review", "note",
    "opened_at", "served_at", "signed_by", "due_at", "finished_at", "reasons", "late_answers", "joining_answers",
    "version",
)
_DEEMED = ("detected_at", "notice_number", "notice_on", "opinion_due_at", "opinion", "opinion_at")


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


_CONSENTS = """
SELECT id, n, kind, department_code, effective_at, detected_at, notice_number, notice_on, noticed_at, opinion_due_at,
       opinion, opinion_at, revoked_at, revoked_for, version
FROM deemed_consent WHERE procedure_id = ? AND n > ? ORDER BY n LIMIT ?
"""


def consents(project_id: str, code: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The deemed consents of a visible procedure, those revoked as well, first one first; two statements. NotFound."""
    (after,) = values_of("consents", query["cursor"]) if query["cursor"] else (0,)
    found = sql.rows(_CONSENTS, (row(project_id, code, actor)["id"], after, query["limit"] + 1))
    return page("consents", found, query["limit"], ("n",))


def suspensions_of(project_id: str, code: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """What stopped the clock of a visible procedure, oldest first; two statements. NotFound."""
    found = row(project_id, code, actor)
    part = stops.of("procedure", found["id"], query)
    return Page([each | {"procedure_code": code} for each in part.items], part.next_cursor)


def suspension(project_id: str, code: str, n: int, *, actor: Actor) -> dict[str, Any]:
    """One suspension of a visible procedure; NotFound."""
    found = row(project_id, code, actor)
    return stops.one("procedure", found["id"], n) | {"procedure_code": code}


_NOTICE = """
SELECT d.n, d.kind, d.effective_at, d.notice_number, d.notice_on, d.noticed_at, d.opinion_due_at, d.revoked_at,
       d.revoked_for, r.name AS procedure, r.lead_name AS department, r.limit_working_days, p.name AS project,
       p.number, p.investor, u.name AS office
FROM deemed_consent d JOIN procedure r ON r.id = d.procedure_id JOIN project p ON p.id = r.project_id
JOIN unit u ON u.code = p.district_code WHERE d.procedure_id = ? AND d.n = ?
"""


def notice(project_id: str, code: str, n: int, *, actor: Actor) -> dict[str, Any]:
    """What the numbered notice of a deemed consent says; two statements. NotFound."""
    found = sql.row(_NOTICE, (row(project_id, code, actor)["id"], n))
    if found is None:
        raise NotFound()
    return found
