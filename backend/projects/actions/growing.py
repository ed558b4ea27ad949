"""What is written of procedures when a project gets them: at its making, and mid-run (rules 8.1)."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core import ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Invalid, Text, invalid
from backend.core.transaction import transaction
from backend.projects.actions import recomputing, row
from backend.projects.models import Procedure
from backend.projects.queries import rows
from backend.projects.queries import templates as names
from backend.projects.rules import graph, states, templates, who

_DEPARTMENT = """
INSERT INTO project_department (project_id, department_code, district_code) VALUES {}
ON CONFLICT (project_id, department_code) DO NOTHING
"""
EVER = "0001-01-01"


def procedures_of(
    project: dict[str, Any], given: Iterable[dict[str, Any]], place: int, now: datetime
) -> list[dict[str, Any]]:
    """Rows of new procedures of a project, blocked; departments by the names that they have today."""
    listed = list(given)
    told = names.departments(templates.departments_of(listed), EVER)
    kept = ("code", "name", "stage", "lead_department", "joining_departments", "limit_working_days", "legal_days",
            "predecessors", "timeout_consent", "absence_consent", "joint_review", "note")
    return [
        {name: each[name] for name in kept} | {
            "id": ids.new(now), "project_id": project["id"], "place": place + number,
            "district_code": project["district_code"], "lead_name": told[each["lead_department"]],
            "added_at": now, "state": states.BLOCKED, "opened_at": None,
        }
        for number, each in enumerate(listed)
    ]


def let_read(project: dict[str, Any], departments: Iterable[str]) -> None:
    """Let the handlers of these departments read the project from now on."""
    codes = list(dict.fromkeys(departments))
    if codes:
        params = [value for code in codes for value in (project["id"], code, project["district_code"])]
        sql.run(_DEPARTMENT.format(", ".join(["(?, ?, ?)"] * len(codes))), params)


@transaction
def add(project_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> list[str]:
    """Add a procedure mid-run; the references of project and procedure.

    ``given``: a procedure as templates have them, and ``successors``: those that must wait for it, as long as nobody
    has their papers. NotFound, NotYourProject, IllegalMove, StaleVersion; Invalid names the field, Cycle the ring.
    """
    project = row.carried(project_id, actor)
    row.move(project, "extend_graph", actor)
    found = rows.procedures(project_id)
    procedure = templates.filled(given)
    successors = procedure.pop("successors", [])
    _check(procedure, successors, project, found)
    (made,) = procedures_of(project, [procedure], max(each["place"] for each in found) + 1, now)
    sql.insert(Procedure, **made)
    let_read(project, templates.departments_of([procedure]))
    for each in found:
        if each["code"] in successors:
            row.amend(Procedure, each, predecessors=[*each["predecessors"], made["code"]])
    ledger.record(
        "project.add_procedure", "project", project_id, scope=project["district_code"], fields=("procedures",),
        detail={"procedure": procedure, "successors": successors},
    )
    ledger.record(
        "procedure.add", recomputing.SUBJECT, made["id"], scope=project["district_code"], fields=("code", "state"),
        detail={"project": project["number"], "code": made["code"]},
    )
    recomputing.recompute(project_id, actor=actor, now=now)
    return [project_id, made["code"]]


def _check(
    procedure: dict[str, Any], successors: list[str], project: dict[str, Any], found: list[dict[str, Any]]
) -> None:
    known = {each["code"]: each for each in found}
    told = names.departments(templates.departments_of([procedure]), EVER)
    errors = {name[1:]: texts for name, texts in templates.department_faults("", procedure, told).items()}
    if procedure["code"] in known:
        errors["code"] = [Text("手续编码重复", "The code stands already.")]
    if procedure["stage"] not in {stage["code"] for stage in project["stages"]}:
        errors["stage"] = [Text("没有这个阶段", "No such stage.")]
    for field, codes in (("predecessors", procedure["predecessors"]), ("successors", successors)):
        missing = [code for code in codes if code not in known]
        if missing:
            errors[field] = [Text(f"没有这项手续：{', '.join(missing)}", f"No such procedure: {', '.join(missing)}.")]
    begun = [code for code in successors if code in known and known[code]["state"] not in (states.BLOCKED, states.OPEN)]
    if begun:
        told_codes = ", ".join(begun)
        errors["successors"] = [Text(f"已送件，不能再加前置：{told_codes}", f"Served already: {told_codes}.")]
    if errors:
        raise Invalid(errors=errors)
    arrows = {code: [*each["predecessors"], *([procedure["code"]] if code in successors else [])]
              for code, each in known.items()}
    graph.order(arrows | {procedure["code"]: procedure["predecessors"]})


@transaction
def join(
    project_id: str, code: str, *, department_code: str, reason: str | None = None, actor: Actor, now: datetime
) -> list[str]:
    """Let one more department join a procedure; the references of project and procedure.

    NotFound, NotYourProject, IllegalMove once it is finished, StaleVersion; Invalid for a department unknown or there.
    """
    project = row.project(project_id, actor)
    found = rows.procedure(project_id, code, lock=True)
    who.may_carry(actor.role, actor.id, project["agent_id"])
    row.move(project, "edit", None)
    row.check_unfinished(found)
    versions.check_seen(found, actor)
    if not names.departments([department_code], EVER):
        raise invalid("department_code", "没有这个部门", "There is no such department.")
    if department_code in (found["lead_department"], *found["joining_departments"]):
        raise invalid("department_code", "该部门已参与此手续", "The department takes part already.")
    row.amend(Procedure, found, joining_departments=[*found["joining_departments"], department_code])
    let_read(project, [department_code])
    ledger.record(
        "procedure.join", recomputing.SUBJECT, found["id"], scope=project["district_code"],
        fields=("joining_departments",),
        detail={"project": project["number"], "code": code, "department_code": department_code, "reason": reason},
    )
    return [project_id, code]
