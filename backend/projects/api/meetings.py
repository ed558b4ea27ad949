"""Routes of the standing weekly meeting and of the issues that stand open on it."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import OFFICE, PROJECT_AGENT, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound
from backend.projects.actions import meeting
from backend.projects.api.board import DISTRICT
from backend.projects.queries import meetings
from backend.projects.rules import meetings as rules
from backend.projects.rules import who
from backend.projects.schemas import meetings as shapes
from backend.projects.schemas.projects import ListQuery

blp = http.Blueprint("project_meetings", description="重点项目例会 · the standing weekly meeting and its open issues")

HOLDERS = frozenset({PROJECT_AGENT, OFFICE})
ISSUE = "/project-issues/<string:issue_id>"


def within_issue(issue_id: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where the issue is not the caller's to see."""
    meetings.issue_row(issue_id, actor)


@blp.lists("/project-meetings", roles=DISTRICT, item=shapes.ListedMeeting(), query=ListQuery())
def meeting_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The weekly meetings that were recorded, the latest first."""
    return meetings.listed(query, actor=actor, now=now)


@blp.reads("/project-meetings/standing", roles=DISTRICT, answers=shapes.StandingShape())
def standing_meeting(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """When the district meets every week, where, and who presides."""
    return meetings.standing_shown(actor=actor, now=now)


@blp.changes(
    "/project-meetings/standing", roles=HOLDERS, body=shapes.StandingIn(), answers=shapes.StandingShape(),
    shows=meetings.standing_shown, refuses=(Conflict,), at_once=True,
)
def stand_meeting(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decide when the district meets every week, where, and who presides."""
    return meeting.stand(body, actor=actor, now=now)


@blp.reads("/project-meetings/<string:week>", roles=DISTRICT, answers=shapes.MeetingShape())
def week_meeting(week: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A week's meeting: its day, the open issues, what was recorded."""
    return meetings.one(week, actor=actor, now=now)


def within_week(week: str, *, actor: Actor, now: datetime) -> None:
    """NotFound for what is no week."""
    meetings.one(week, actor=actor, now=now)


@blp.changes(
    "/project-meetings/<string:week>/record", roles=HOLDERS, body=shapes.MeetingRecord(), answers=shapes.MeetingShape(),
    shows=meetings.one, within=within_week, refuses=(Conflict, rules.AlreadyHeld), at_once=True,
)
def record_meeting(week: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record once what was said at a week's meeting; the issues that stand open are kept as they stand."""
    return meeting.record(week, body, actor=actor, now=now)


@blp.lists("/project-issues", roles=who.READERS, item=shapes.IssueShape(), query=shapes.IssueQuery())
def issue_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What holds projects up, open issues unless asked otherwise, the oldest first."""
    return meetings.issues(query, actor=actor, now=now)


@blp.creates(
    "/project-issues", roles=HOLDERS, body=shapes.IssueIn(), answers=shapes.IssueShape(), shows=meetings.issue,
    refuses=(NotFound, who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def raise_issue(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Raise what holds a project up: it stands open on every weekly meeting until it is settled."""
    return meeting.raise_issue(body, actor=actor, now=now)


@blp.reads(ISSUE, roles=who.READERS, answers=shapes.IssueShape())
def project_issue(issue_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One issue: whose it is to solve, until when, for how many weeks it has stood open."""
    return meetings.issue(issue_id, actor=actor, now=now)


@blp.changes(
    f"{ISSUE}/settlement", roles=HOLDERS, body=shapes.IssueSettlement(), answers=shapes.IssueShape(),
    shows=meetings.issue, within=within_issue, refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def settle_issue(issue_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Settle an issue, saying how."""
    return meeting.settle(issue_id, **body, actor=actor, now=now)


@blp.changes(
    f"{ISSUE}/reopening", roles=HOLDERS, body=shapes.IssueReopening(), answers=shapes.IssueShape(),
    shows=meetings.issue, within=within_issue, refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def reopen_issue(issue_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Open a settled issue again."""
    return meeting.reopen(issue_id, **body, actor=actor, now=now)
