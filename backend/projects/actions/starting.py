"""Starting a project from a template, changing its sheet, giving it up."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, pinyin, sql
from backend.core.actor import PROJECT_AGENT, Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.errands.actions import numbering
from backend.org import queries as units
from backend.org import rules as tree
from backend.people import queries as people
from backend.projects.actions import growing, recomputing, row
from backend.projects.models import Procedure, Project
from backend.projects.queries import rows
from backend.projects.queries import templates as found_templates
from backend.projects.rules import graph, progress, states, templates


@transaction
def start(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """A project from the published template of a code, its first procedures open; its id.

    Invalid for an unknown template, agent or township. ``with_extension``: the template's acceptance steps as well.
    """
    template = found_templates.published(given["template_code"])
    if template is None:
        raise invalid("template_code", "没有已发布的该模板", "No such template is published.")
    district = tree.district_of(actor.unit_code or "")
    agent = _agent(given["agent_id"], district)
    body = template["body"]
    wanted = templates.everything(body) if given.get("with_extension") else body["procedures"]
    used = {each["stage"] for each in wanted}
    project = {
        "id": ids.new(now), "number": numbering.draw(district, clock.local_date(now)), "state": states.RUNNING,
        "name": given["name"], "investor": given["investor"], "amount_fen": given["amount_fen"],
        "agent_id": agent["id"], "leader": given["leader"], "district_code": district,
        "township_code": _place(given.get("township_code") or _own_place(agent), district, now),
        "template_id": template["id"], "promised_days": states.PROMISED_WORKING_DAYS, "started_at": now,
        "stages": [stage for stage in body["stages"] if stage["code"] in used], "ended_at": None,
    } | _spelled(given["name"])
    _write(project, growing.procedures_of(project, wanted, 1, now), now)
    ledger.record(
        "project.start", "project", project["id"], scope=district, fields=("state", "number", "procedures"),
        detail={
            "number": project["number"], "name": project["name"], "investor": project["investor"],
            "amount_fen": project["amount_fen"], "agent_id": agent["id"], "leader": project["leader"],
            "template": [template["code"], template["edition"]], "procedures": [each["code"] for each in wanted],
        },
    )
    return str(project["id"])


def _spelled(name: str) -> dict[str, str]:
    return {"pinyin": pinyin.pinyin_of(name)[:1400], "initials": pinyin.initials_of(name)[:400]}


def _agent(account_id: str, district: str) -> dict[str, Any]:
    found = people.account(account_id)
    able = found is not None and found["role"] == PROJECT_AGENT and found["disabled_at"] is None
    if found is None or not able or tree.district_of(found["unit_code"]) != district:
        raise invalid("agent_id", "须为本区在岗的重点项目代办员", "Must be a project agent of this district.")
    return found


def _own_place(agent: dict[str, Any]) -> str | None:
    code = tree.township_of(agent["unit_code"])
    return code if code != tree.district_of(code) else None


def _place(code: str | None, district: str, now: datetime) -> str | None:
    if code is None:
        return None
    found = units.unit(code)
    if found is None or found["level"] != "township" or tree.district_of(code) != district:
        raise invalid("township_code", "须为本区的乡镇街道", "Must be a township of this district.")
    return code


def _write(project: dict[str, Any], procedures: list[dict[str, Any]], now: datetime) -> None:
    ordered = graph.order(templates.arrows(procedures))
    fresh = [each | {"outcome": None, "due_at": None, "finished_at": None} for each in procedures]
    for each, _ in progress.turned(fresh, ordered).opened:
        each["state"] = procedures[each["place"] - 1]["state"] = states.OPEN
        procedures[each["place"] - 1]["opened_at"] = now
    new = recomputing.projected(project, fresh, ordered, 0, calendars.present(), now)
    sql.insert(Project, **project | new)
    sql.insert_many(Procedure, procedures)
    growing.let_read(project, templates.departments_of(procedures))


@transaction
def edit(project_id: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Change a project's sheet, its place, or give it to another agent; its id.

    NotFound, NotYourProject, IllegalMove, StaleVersion, Invalid.
    """
    project = row.carried(project_id, actor)
    row.move(project, "edit", actor)
    values = dict(changes)
    if "agent_id" in values:
        _agent(values["agent_id"], project["district_code"])
    if values.get("township_code"):
        _place(values["township_code"], project["district_code"], now)
    if "name" in values:
        values |= _spelled(values["name"])
    if values:
        row.amend(Project, project, **values)
    ledger.record(
        "project.edit", "project", project_id, scope=project["district_code"], fields=sorted(changes),
        detail={"to": dict(changes), "from": {name: project[name] for name in changes}},
    )
    return project_id


@transaction
def abandon(project_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Give a project up: its clocks end, nothing is decided by silence any more; its id.

    NotFound, NotYourProject, IllegalMove, StaleVersion.
    """
    project = row.carried(project_id, actor)
    state = row.move(project, "abandon", actor)
    for each in rows.procedures(project_id):
        recomputing.stop_clock(each, now)
        running = each["state"] in (states.OPEN, states.SERVED, states.SUSPENDED)
        if running:
            row.amend(Procedure, each, state=states.BLOCKED, due_at=None)
    row.amend(Project, project, state=state, ended_at=now, ended_for=reason)
    ledger.record(
        "project.abandon", "project", project_id, scope=project["district_code"], fields=("state",),
        detail={"reason": reason},
    )
    return project_id
