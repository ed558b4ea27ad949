"""Recording that owner, builder and helping unit were asked together why a project is late (rules 8.6)."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql
from backend.core.actor import PROJECT_AGENT, Actor
from backend.core.problems import NotFound, invalid
from backend.core.transaction import transaction
from backend.org.rules import posts as ladder
from backend.people.queries import posts
from backend.projects.actions import informing, row
from backend.projects.models import Interview
from backend.projects.queries import interviews as found_interviews
from backend.projects.queries import projects, rows
from backend.projects.rules import board, who
from backend.projects.rules import interviews as rules


@transaction
def record(project_id: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> list[Any]:
    """Record an interview about a late project; the references of project and interview.

    By the project's agent, the office, a supervisor. NotFound, NotYourProject, NotLate; Invalid for a day to come, a
    party that was not there, an unknown procedure.
    """
    project = row.project(project_id, actor)
    if actor.role == PROJECT_AGENT:
        who.may_carry(actor.role, actor.id, project["agent_id"])
    _check(project, given, now)
    n = found_interviews.last(project_id) + 1
    made = {
        "id": ids.new(now), "project_id": project_id, "n": n, "district_code": project["district_code"],
        "procedure_id": _procedure(project_id, given.get("procedure_code")), "account_id": actor.id, "made_at": now,
    } | {name: given[name] for name in ("held_on", "present", "account", "fault", "body")}
    sql.insert(Interview, **made)
    ledger.record(
        "project.interview", informing.INTERVIEW, made["id"], scope=project["district_code"], fields=("fault", "body"),
        outcome=given["fault"],
        detail={
            "project": project["number"], "n": n, "held_on": given["held_on"].isoformat(), "body": given["body"],
            "account": given["account"], "present": given["present"],
        },
    )
    head = posts.answering(project["district_code"], ladder.HEAD)["account_id"]
    informing.tell(
        "interview_held", informing.About(informing.INTERVIEW, made["id"], project),
        [project["agent_id"], *([head] if head else [])], "held", actor=actor, now=now,
        fault=rules.FAULT_NAMES[given["fault"]].zh, body=given["body"],
    )
    return [project_id, n]


def _check(project: dict[str, Any], given: Mapping[str, Any], now: datetime) -> None:
    days = projects.days_of(project["calendar_stamp"], project["district_code"])
    promised_on = board.promised_on(clock.local_date(project["started_at"]), project["promised_days"], days)
    overdue = found_interviews.overdue(project["id"], clock.to_micros(now))
    reached_on = max(project["forecast_on"], clock.local_date(project["ended_at"] or now))
    if not rules.is_late(reached_on, promised_on, overdue):
        raise rules.NotLate()
    if given["held_on"] > clock.local_date(now):
        raise invalid("held_on", "不得晚于今天", "Must not be still to come.")
    missing = sorted(set(rules.FAULTS) - {each["party"] for each in given["present"]})
    if missing:
        told = "、".join(rules.FAULT_NAMES[each].zh for each in missing)
        raise invalid("present", f"三方缺少：{told}", f"Of the three parties these lack: {', '.join(missing)}.")


def _procedure(project_id: str, code: str | None) -> str | None:
    if code is None:
        return None
    try:
        return str(rows.procedure(project_id, code)["id"])
    except NotFound:
        raise invalid("procedure_code", "没有这项手续", "No such procedure.") from None
