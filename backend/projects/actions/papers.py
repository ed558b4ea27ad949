"""Papers of a project: handed in once by its agent, shared by all procedures that need them (rules 8)."""
from datetime import datetime
from typing import Any

from backend.core import ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove, invalid
from backend.core.transaction import transaction
from backend.files import queries as files
from backend.projects.actions import row
from backend.projects.models import ProcedurePaper, ProjectPaper
from backend.projects.queries import papers, rows
from backend.projects.rules import handling, states

_KNOWN = "SELECT 1 FROM project_paper WHERE project_id = ? AND file_id = ?"
_DROP = "DELETE FROM procedure_paper WHERE paper_id = ? AND procedure_id = ?"


@transaction
def hand_in(
    project_id: str, *, name: str, file_id: str, procedure_codes: list[str], actor: Actor, now: datetime
) -> list[str]:
    """Add a paper for the procedures that need it; the references of project and paper.

    NotFound, NotYourProject, IllegalMove, Conflict for a file that is there; Invalid for a strange file or code.
    """
    project = row.carried(project_id, actor)
    handling.check_running(project["state"])
    if files.arrived(file_id, actor) is None:
        raise invalid("file_id", "没有此文件", "No such file.")
    wanted = _procedures(project_id, procedure_codes)
    if sql.value(_KNOWN, (project_id, file_id)):
        raise Conflict("该文件已在项目材料中", "The file is among the project's papers")
    paper_id = ids.new(now)
    sql.insert(
        ProjectPaper, id=paper_id, project_id=project_id, name=name, file_id=file_id, account_id=actor.id, made_at=now
    )
    sql.insert_many(ProcedurePaper, [{"procedure_id": each, "paper_id": paper_id} for each in wanted.values()])
    _record("hand_in", project, paper_id, name=name, file_id=file_id, procedures=procedure_codes)
    return [project_id, paper_id]


def _procedures(project_id: str, codes: list[str]) -> dict[str, str]:
    known = {each["code"]: each["id"] for each in rows.procedures(project_id)}
    missing = [code for code in codes if code not in known]
    if missing:
        told = ", ".join(missing)
        raise invalid("procedure_codes", f"没有这项手续：{told}", f"No such procedure: {told}.")
    return {code: known[code] for code in codes}


def _record(verb: str, project: dict[str, Any], paper_id: str, **detail: Any) -> None:
    ledger.record(
        f"project.paper_{verb}", "project", project["id"], scope=project["district_code"], fields=("papers",),
        detail={"paper_id": paper_id} | detail,
    )


@transaction
def share(
    project_id: str, paper_id: str, *, procedure_codes: list[str], actor: Actor, now: datetime
) -> list[str]:
    """Say which procedures need a paper; the references. A department that has it, or decided on it, keeps it.

    NotFound, NotYourProject, IllegalMove, StaleVersion; Invalid for an unknown code.
    """
    project, found = _held(project_id, paper_id, actor)
    wanted = _procedures(project_id, procedure_codes)
    gone = [code for code in found["procedure_codes"] if code not in wanted]
    kept = [code for code in gone if found["_states"][code] not in (states.BLOCKED, states.OPEN)]
    if kept:
        told = ", ".join(kept)
        raise invalid("procedure_codes", f"已送件的手续不能去掉：{told}", f"Served already: {told}.")
    known = _procedures(project_id, found["procedure_codes"])
    for code in gone:
        sql.run(_DROP, (paper_id, known[code]))
    added = [each for code, each in wanted.items() if code not in known]
    sql.insert_many(ProcedurePaper, [{"procedure_id": each, "paper_id": paper_id} for each in added])
    row.amend(ProjectPaper, found)
    _record("share", project, paper_id, procedures=procedure_codes, before=found["procedure_codes"])
    return [project_id, paper_id]


def _held(project_id: str, paper_id: str, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    project = row.carried(project_id, actor)
    found = papers.row(project_id, paper_id, actor)
    handling.check_running(project["state"])
    if found["withdrawn_at"] is not None:
        raise IllegalMove("该材料已撤下", "The paper is withdrawn", state="withdrawn", possible=[])
    versions.check_seen(found, actor)
    return project, found


@transaction
def withdraw(project_id: str, paper_id: str, *, reason: str, actor: Actor, now: datetime) -> list[str]:
    """Withdraw a paper that was handed in by mistake; it stays to be read, marked. The references."""
    project, found = _held(project_id, paper_id, actor)
    row.amend(ProjectPaper, found, withdrawn_at=now)
    _record("withdraw", project, paper_id, reason=reason)
    return [project_id, paper_id]
