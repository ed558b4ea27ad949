"""The standing weekly meeting: when it is, what is raised there and settled, what was said (rules 8.5)."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import PROJECT_AGENT, Actor
from backend.core.problems import Conflict, NotFound, StaleVersion, invalid
from backend.core.transaction import transaction
from backend.org.rules import scope as reach
from backend.projects.actions import growing, informing, row
from backend.projects.models import ProjectIssue, WeeklyMeeting
from backend.projects.queries import meetings
from backend.projects.queries import templates as names
from backend.projects.rules import meetings as rules
from backend.projects.rules import who
from backend.reports.rules import weeks

_LAST = "SELECT COALESCE(max(n), 0) FROM project_issue WHERE project_id = ?"
_FIRST = """
INSERT INTO standing_meeting (district_code, weekday, time, place, leader, version) VALUES (?, ?, ?, ?, ?, 1)
ON CONFLICT DO NOTHING
"""


@transaction
def stand(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Decide when the actor's district meets every week; the district's code. StaleVersion."""
    district = reach.district(actor)
    present = meetings.standing(district)["version"]
    if actor.call.if_match not in (None, present):
        raise StaleVersion()
    values = {name: given.get(name) for name in ("weekday", "time", "place", "leader")}
    if present == 0:
        done = sql.run(_FIRST, (district, *values.values())) == 1
    else:
        done = _amend_standing(district, present, values)
    if not done:
        raise Conflict()
    ledger.record(
        "meeting.stand", "standing_meeting", district, scope=district, fields=sorted(values), detail=values,
    )
    return district


def _amend_standing(district: str, version: int, values: Mapping[str, Any]) -> bool:
    text = (
        "UPDATE standing_meeting SET weekday = ?, time = ?, place = ?, leader = ?, version = version + 1 "
        "WHERE district_code = ? AND version = ?"
    )
    return sql.run(text, (*values.values(), district, version)) == 1


def _may_raise(agent_id: str, actor: Actor) -> None:
    """NotYourProject for another project's agent; the office speaks for every project."""
    if actor.role == PROJECT_AGENT:
        who.may_carry(actor.role, actor.id, agent_id)


@transaction
def raise_issue(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Raise what holds a project up: it stands open on every weekly meeting until it is settled; its id.

    NotFound, NotYourProject, IllegalMove; Invalid for a department unknown or a day that is over.
    """
    project = row.project(given["project_id"], actor)
    _may_raise(project["agent_id"], actor)
    row.move(project, "edit", None)
    today, code, due_on = clock.local_date(now), given.get("department_code"), given.get("due_on")
    if code is not None and not names.departments([code], today.isoformat()):
        raise invalid("department_code", "没有这个部门", "There is no such department.")
    if due_on is not None and due_on < today:
        raise invalid("due_on", "不能早于今天", "Must not be over already.")
    issue_id, n = ids.new(now), int(sql.value(_LAST, (project["id"],))) + 1
    sql.insert(
        ProjectIssue, id=issue_id, project_id=project["id"], district_code=project["district_code"], n=n,
        text=given["text"], department_code=code, due_on=due_on, state=rules.OPEN, raised_by=actor.id, raised_at=now,
    )
    ledger.record(
        "issue.raise", informing.ISSUE, issue_id, scope=project["district_code"], fields=("state",),
        detail={"project": project["number"], "n": n, "text": given["text"], "department": code,
                "due_on": due_on and due_on.isoformat()},
    )
    if code is not None:
        growing.let_read(project, [code])
        about = informing.About(informing.ISSUE, issue_id, project)
        informing.tell(
            "issue_raised", about, informing.working(about, code), "raised", actor=actor, now=now, issue=given["text"],
            department=informing.name_of(code), due=due_on or "下次例会",
        )
    return issue_id


def _turn(issue_id: str, verb: str, actor: Actor, **values: Any) -> dict[str, Any]:
    found = meetings.issue_row(issue_id, actor, lock=True)
    _may_raise(found["agent_id"], actor)
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    row.amend(ProjectIssue, found, state=state, **values)
    return found


@transaction
def settle(issue_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Settle an issue, saying how; its id. NotFound, NotYourProject, IllegalMove, StaleVersion."""
    found = _turn(issue_id, "settle", actor, settlement=text, settled_by=actor.id, settled_at=now)
    ledger.record(
        "issue.settle", informing.ISSUE, issue_id, scope=found["district_code"], fields=("state",),
        detail={"text": text},
    )
    about = informing.About(informing.ISSUE, issue_id, informing.project_of(found))
    to = informing.working(about, found["department_code"]) if found["department_code"] else []
    informing.tell(
        "issue_settled", about, [*to, found["agent_id"]], f"settled:{found['version']}", actor=actor, now=now,
        issue=found["text"],
    )
    return issue_id


@transaction
def reopen(issue_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Open a settled issue again; its id. NotFound, NotYourProject, IllegalMove, StaleVersion."""
    found = _turn(issue_id, "reopen", actor, settled_by=None, settled_at=None)
    ledger.record(
        "issue.reopen", informing.ISSUE, issue_id, scope=found["district_code"], fields=("state",),
        detail={"reason": reason, "settlement": found["settlement"]},
    )
    return issue_id


@transaction
def record(week: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Record once what was said at a week's meeting, with the issues as they stood; the week.

    NotFound for what is no week, AlreadyHeld, StaleVersion; Invalid for a day to come or of another week.
    """
    monday, district = weeks.monday_of(week), reach.district(actor)
    if monday is None:
        raise NotFound()
    if meetings.recorded(district, week) is not None:
        raise rules.AlreadyHeld()
    if actor.call.if_match not in (None, 0):
        raise StaleVersion()
    plan, today = meetings.standing(district), clock.local_date(now)
    held_on = given.get("held_on") or rules.day_of(monday, plan["weekday"], calendars.calendar())
    if held_on is None or held_on > today or weeks.week_of(held_on) != week:
        raise invalid("held_on", "须为本周内、不晚于今天的日期", "Must be a day of the week that is not to come.")
    leader = given.get("leader") or plan["leader"]
    if leader is None:
        raise invalid("leader", "须写明主持领导", "Needs the leader who presided.")
    issues = [_frozen(each) for each in meetings.open_issues(district, today)]
    meeting_id = ids.new(now)
    sql.insert(
        WeeklyMeeting, id=meeting_id, district_code=district, week=week, held_on=held_on, leader=leader,
        present=given["present"], text=given["text"], issues=issues, account_id=actor.id, recorded_at=now,
    )
    ledger.record(
        "meeting.record", "weekly_meeting", meeting_id, scope=district, fields=("text", "issues"),
        detail={"week": week, "held_on": held_on.isoformat(), "leader": leader, "present": given["present"],
                "text": given["text"], "issues": [each["id"] for each in issues]},
    )
    return week


def _frozen(issue: dict[str, Any]) -> dict[str, Any]:
    """An issue as it stands, as JSON."""
    def told(value: Any) -> Any:
        if isinstance(value, datetime):
            return clock.wire(value)
        return value.isoformat() if isinstance(value, date) else value

    return {name: told(value) for name, value in issue.items()}


@transaction
def remind(district: str, week: str, at: datetime, *, actor: Actor, now: datetime) -> int:
    """Tell a district's project agents and office, once, of the meeting to come and its open issues; of how many."""
    count = len(meetings.open_issues(district, clock.local_date(now)))
    about = informing.About("weekly_meeting", f"{district}-{week}", {
        "district_code": district, "name": "", "number": week,
    })
    told = meetings.attending(district)
    informing.tell("meeting_reminder", about, told, "reminder", actor=actor, now=now, at=at, count=count)
    return len(told)
