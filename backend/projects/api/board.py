"""Routes of the board, its workbook, and interviews about late projects."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import clock, downloads, http, sheets
from backend.core.actor import ADMIN, OFFICE, PROJECT_AGENT, SUPERVISOR, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, TooMany
from backend.projects.actions import exporting, interviewing
from backend.projects.api.projects import within
from backend.projects.queries import board, interviews
from backend.projects.rules import interviews as rules
from backend.projects.rules import who
from backend.projects.schemas import board as shapes
from backend.projects.schemas.projects import ListQuery

blp = http.Blueprint("project_board", description="项目看板 · the board of key projects; interviews about late ones")

DISTRICT = frozenset({PROJECT_AGENT, OFFICE, SUPERVISOR, ADMIN})
"""Who reads all projects of the district (rules 12)."""
INTERVIEWS = "/projects/<string:project_id>/interviews"


@blp.reads("/project-board", roles=DISTRICT, answers=shapes.BoardShape(), query=shapes.BoardQuery(), tagged=False)
def project_board(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """All projects at one glance: days used against the promise, who is late, what was deemed, whose fault."""
    return board.shown(query, actor=actor, now=now)


@blp.reads(
    "/project-board.xlsx", roles=DISTRICT, media=sheets.MEDIA, query=shapes.SheetQuery(), refuses=(TooMany,)
)
def export_board(*, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The board as an Excel workbook with all of its projects; each export is entered in the ledger."""
    file = exporting.export(query, downloads.folder(), actor=actor, now=now)
    return downloads.sent(file, f"projects-{clock.local_date(now):%Y%m%d}.xlsx", sheets.MEDIA)


@blp.lists(
    INTERVIEWS, roles=who.READERS, item=shapes.InterviewShape(), query=ListQuery(), within=within, refuses=(NotFound,),
)
def interview_list(project_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The interviews of a project in their order."""
    return interviews.listed(project_id, query, actor=actor, now=now)


@blp.creates(
    INTERVIEWS, roles=rules.HOLDERS, body=shapes.InterviewIn(), answers=shapes.InterviewShape(), shows=interviews.one,
    within=within, refuses=(NotFound, who.NotYourProject, Conflict, rules.NotLate), at_once=True,
)
def record_interview(project_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Record that owner, builder and helping unit were asked together why a project is late, and whose fault it is."""
    return interviewing.record(project_id, body, actor=actor, now=now)


@blp.reads(f"{INTERVIEWS}/<string:n>", roles=who.READERS, answers=shapes.InterviewShape())
def interview(project_id: str, n: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One interview: who was there, what was said, whose fault, who pursues it."""
    return interviews.one((project_id, n), actor=actor, now=now)
