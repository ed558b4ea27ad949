"""What follows when something of a project has changed: what opens, what waits again, the plan, the forecast.

The projections of the graph are written here and nowhere else.
"""
from datetime import datetime
from typing import Any, NamedTuple

from backend.clocks import queries as calendars
from backend.clocks.actions import running
from backend.clocks.queries import running as clocks
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.projects.actions import row
from backend.projects.models import Procedure, Project
from backend.projects.queries import rows
from backend.projects.rules import consent, graph, progress, states
from backend.projects.rules.days import Days

SUBJECT = "procedure"
"""What the clocks call a procedure."""

_OPEN = "UPDATE procedure SET state = ?, opened_at = ?, version = version + 1 WHERE state = ? AND id IN ({})"
_BLOCK = """
UPDATE procedure SET state = ?, outcome = NULL, opened_at = NULL, served_at = NULL, signed_by = NULL, service_by = NULL,
       due_at = NULL, finished_at = NULL, answered_by = NULL, reasons = NULL, version = version + 1
WHERE id IN ({})
"""


class Recomputed(NamedTuple):
    """What a change led to, as codes of procedures; ``moved``: the forecast is another day now."""

    opened: list[str]
    blocked: list[str]
    moved: bool


@transaction
def recompute(project_id: str, *, actor: Actor, now: datetime) -> Recomputed:
    """Bring a project to what its procedures are now, within the act that changed one of them.

    Opens what waits for nothing any more, at the moment at which that became true; lets wait again what rested on a
    consent that is gone, its clock ended; writes plan, forecast, critical path and what is finished. Four statements,
    and one entry of the ledger for each procedure that turned. It holds the project's row: take that before a
    procedure's (``rows.project(…, lock=True)``).
    """
    project = rows.held(project_id)
    if project["state"] == states.ABANDONED:
        return Recomputed([], [], False)
    found = rows.graph(project_id)
    ordered = graph.order({each["code"]: each["predecessors"] for each in found})
    turned = progress.turned(found, ordered)
    _open(turned.opened, project, now)
    _block(turned.blocked, project, now)
    moved = lay(project, found, ordered, turned.passed, now)
    return Recomputed([each["code"] for each, _ in turned.opened], [each["code"] for each in turned.blocked], moved)


def _open(opened: list[tuple[dict[str, Any], datetime | None]], project: dict[str, Any], now: datetime) -> None:
    by_moment: dict[datetime, list[dict[str, Any]]] = {}
    for each, at in opened:
        by_moment.setdefault(at or project["started_at"], []).append(each)
    for at, batch in by_moment.items():
        text = _OPEN.format(", ".join("?" * len(batch)))
        ids = [each["id"] for each in batch]
        if sql.run(text, [states.OPEN, clock.to_micros(at), states.BLOCKED, *ids]) != len(ids):
            raise Conflict()
        for each in batch:
            each |= {"state": states.OPEN, "opened_at": at}
            _record("procedure.open", each, project, happened_at=at)


def _block(blocked: list[dict[str, Any]], project: dict[str, Any], now: datetime) -> None:
    for each in blocked:
        stop_clock(each, now)
        before = {name: each[name] for name in ("state", "outcome", "due_at", "finished_at")}
        _record("procedure.block", each, project, before=before)
        each |= {"state": states.BLOCKED, "outcome": None, "due_at": None, "finished_at": None}
    if blocked:
        sql.run(_BLOCK.format(", ".join("?" * len(blocked))), [states.BLOCKED, *(each["id"] for each in blocked)])


def stop_clock(found: dict[str, Any], now: datetime) -> None:
    """End what a department still owes to a procedure; its suspension, where it stands, ends with it."""
    if found["state"] == states.SUSPENDED:
        running.resume(SUBJECT, found["id"], restart=False, now=now)
    if found["state"] in (states.SERVED, states.SUSPENDED) or found["outcome"] in states.DEEMED:
        running.end(SUBJECT, found["id"], now=now)


def answering(project: dict[str, Any], department_code: str) -> dict[str, Any]:
    """Where a clock of a project's procedure belongs: to the department, or to the township of the project's place."""
    if department_code == states.PLACE and project["township_code"]:
        return {"unit_code": project["township_code"], "department_code": None}
    return {"unit_code": project["district_code"], "department_code": department_code}


def followed(found: dict[str, Any]) -> dict[str, Any]:
    """What a procedure whose row is held takes over from its clock, laid on the present calendar, where it moved."""
    if found["state"] != states.SERVED:
        return {}
    running.lay_anew(SUBJECT, found["id"])
    due_at = due_of(found)
    if due_at == found["due_at"]:
        return {}
    row.amend(Procedure, found, due_at=due_at)
    return {"due_at": due_at, "version": found["version"] + 1}


def limit_of(found: dict[str, Any]) -> dict[str, Any]:
    """The clock of a procedure's latest service."""
    limits = [each for each in clocks.of(SUBJECT, found["id"]) if each["kind"] == consent.LIMIT]
    return max(limits, key=lambda each: each["part"])


def due_of(found: dict[str, Any]) -> datetime | None:
    """When the running limit of a procedure that is with its department ends; None while it stands."""
    due_at: datetime | None = limit_of(found)["due_at"]
    return due_at


def _record(
    action: str, found: dict[str, Any], project: dict[str, Any], happened_at: datetime | None = None, **detail: Any
) -> None:
    ledger.record(
        action, SUBJECT, found["id"], scope=project["district_code"], fields=("state",),
        detail={"project": project["number"], "code": found["code"], **detail}, happened_at=happened_at,
    )


def lay(
    project: dict[str, Any], found: list[dict[str, Any]], ordered: list[str], passed: int, now: datetime
) -> bool:
    """Write the projections of a project whose row is held; whether the forecast is another day now."""
    present = calendars.present(project["calendar_stamp"])
    new = projected(project, found, ordered, passed, present, now)
    moved = new["forecast_on"] != project["forecast_on"]
    if all(project[name] == value for name, value in new.items()):
        return False
    row.amend(Project, project, **new)
    if moved or new["state"] != project["state"]:
        ledger.record(
            "project.plan", "project", project["id"], scope=project["district_code"],
            fields=("forecast_on", "critical_path", "state"), outcome=new["state"],
            detail={"from": project["forecast_on"], "to": new["forecast_on"], "critical_path": new["critical_path"]},
        )
    return moved


def projected(
    project: dict[str, Any], found: list[dict[str, Any]], ordered: list[str], passed: int, present: calendars.Present,
    now: datetime,
) -> dict[str, Any]:
    """The columns of a project that follow from its procedures."""
    days = Days(present.calendar, present.closed(project["district_code"]))
    started_on, today = clock.local_date(project["started_at"]), clock.local_date(now)
    plan = progress.planned(found, started_on, today, days, ordered)
    forecast_on = max(days.day(plan.ends), started_on)
    done = passed == len(found)
    return {
        "state": states.DONE if done else states.RUNNING, "forecast_on": forecast_on,
        "provisional": days.is_provisional(today, forecast_on),
        "critical_path": plan.critical, "critical_days": plan.ends - days.number(started_on),
        "plan": {code: shown(slot, days) for code, slot in plan.slots.items()},
        "procedures": len(found), "finished": passed,
        "ended_at": max(each["finished_at"] for each in found) if done else None,
    }


def shown(slot: graph.Slot, days: Days) -> list[Any]:
    """A slot as it is stored: the day of its beginning, of its finish, and its float."""
    return [days.day(slot.starts).isoformat(), days.day(slot.finishes).isoformat(), slot.slack]
