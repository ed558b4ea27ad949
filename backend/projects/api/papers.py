"""Routes of a project's papers: handed in once, read by right of the procedures that need them."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound
from backend.files import api as files
from backend.files.schemas import MEDIA
from backend.projects.actions import papers
from backend.projects.api.projects import AGENTS, READERS, within
from backend.projects.queries import papers as found
from backend.projects.rules.who import NotYourProject
from backend.projects.schemas import papers as shapes

blp = http.Blueprint("project_papers", description="项目材料 · papers of key projects, collected once")

_PAPERS = "/projects/<string:project_id>/papers"


def within_paper(project_id: str, paper_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where there is no such paper that the caller may read."""
    found.row(project_id, paper_id, actor)


def _shown(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return found.one(*ref, actor=actor, now=now)


@blp.creates(
    _PAPERS, roles=AGENTS, body=shapes.NewPaper(), answers=shapes.PaperShape(), shows=_shown, within=within,
    refuses=(NotYourProject, IllegalMove, Conflict),
)
def hand_in_paper(project_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Hand a paper in once, for all procedures that need it."""
    return papers.hand_in(project_id, **body, actor=actor, now=now)


@blp.lists(_PAPERS, roles=READERS, item=shapes.PaperShape(), within=within)
def paper_list(project_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The papers of a project that the caller's procedures need; all of them for its agent and the supervisor."""
    return found.listed(project_id, query, actor=actor)


@blp.reads(f"{_PAPERS}/<string:paper_id>", roles=READERS, answers=shapes.PaperShape())
def project_paper(project_id: str, paper_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One paper, and which procedures need it."""
    return found.one(project_id, paper_id, actor=actor, now=now)


@blp.reads(
    f"{_PAPERS}/<string:paper_id>/content", roles=READERS, media=MEDIA, cacheable=True, refuses=(NotFound,),
)
def paper_content(project_id: str, paper_id: str, *, actor: Actor, now: datetime) -> Response:
    """The content of a paper, by right of the procedure that needs it."""
    paper = found.one(project_id, paper_id, actor=actor, now=now)
    return files.served(paper["sha256"], paper["media_type"])


@blp.changes(
    f"{_PAPERS}/<string:paper_id>/procedures", roles=AGENTS, body=shapes.Sharing(), answers=shapes.PaperShape(),
    shows=_shown, within=within_paper, refuses=(NotYourProject, IllegalMove, Conflict),
)
def share_paper(project_id: str, paper_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Say which procedures need a paper; one that has it already keeps it."""
    return papers.share(project_id, paper_id, **body, actor=actor, now=now)


@blp.changes(
    f"{_PAPERS}/<string:paper_id>/withdrawal", roles=AGENTS, body=shapes.PaperWithdrawal(),
    answers=shapes.PaperShape(), shows=_shown, within=within_paper, refuses=(NotYourProject, IllegalMove, Conflict),
)
def withdraw_paper(project_id: str, paper_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Mark a paper that was handed in by mistake as withdrawn."""
    return papers.withdraw(project_id, paper_id, **body, actor=actor, now=now)
