"""Routes of notices of praise, criticism and exposure."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import downloads, http, official
from backend.core.actor import Actor
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion, Unavailable
from backend.supervision.actions import noticing, printing
from backend.supervision.queries import notices
from backend.supervision.rules.states import SUPERVISORS
from backend.supervision.schemas import notices as shapes

blp = http.Blueprint("supervision_notices", description="督查通报 · notices of praise, criticism and exposure")

NOTICE = "/notices/<string:notice_id>"
SHAPE = shapes.NoticeShape()
CHANGING = (NotFound, IllegalMove, Conflict, StaleVersion)


def _within(notice_id: str, *, actor: Actor, now: datetime) -> None:
    notices.row(notice_id, actor)


@blp.lists("/notices", roles=PUBLIC, item=SHAPE, query=shapes.NoticesQuery(), refuses=(NotFound,))
def notice_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Issued notices, the newest first: the staff read their district's, everybody the public ones."""
    return notices.page(query, actor=actor, now=now)


@blp.creates(
    "/notices", roles=SUPERVISORS, body=shapes.NoticeIn(), answers=SHAPE, shows=notices.one, refuses=(Conflict,)
)
def draft_notice(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Draft a notice; nobody else sees it until it is issued."""
    return noticing.draft(body, actor=actor, now=now)


@blp.reads(NOTICE, roles=PUBLIC, answers=SHAPE, refuses=(NotFound,))
def one_notice(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice."""
    return notices.one(notice_id, actor=actor, now=now)


@blp.changes(
    NOTICE, roles=SUPERVISORS, body=shapes.NoticeIn(), answers=SHAPE, shows=notices.one, within=_within,
    refuses=CHANGING,
)
def edit_notice(notice_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write a draft anew."""
    return noticing.edit(notice_id, body, actor=actor, now=now)


@blp.changes(
    f"{NOTICE}/discarding", roles=SUPERVISORS, answers=SHAPE, shows=notices.one, within=_within, refuses=CHANGING
)
def discard_notice(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Discard a draft."""
    return noticing.discard(notice_id, actor=actor, now=now)


@blp.changes(
    f"{NOTICE}/issue", roles=SUPERVISORS, answers=SHAPE, shows=notices.one, within=_within, refuses=CHANGING
)
def issue_notice(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Issue a draft: from now on it never changes; those it names are told."""
    return noticing.issue(notice_id, actor=actor, now=now)


@blp.reads(f"{NOTICE}.json", roles=PUBLIC, media="application/json", refuses=(NotFound,))
def notice_content(notice_id: str, *, actor: Actor, now: datetime) -> Response:
    """The very bytes whose SHA-256 is ``content_sha256``; 404 before issue."""
    return Response(notices.content(notice_id, actor=actor), content_type="application/json")


@blp.reads(f"{NOTICE}.docx", roles=PUBLIC, media=official.MEDIA, refuses=(NotFound, Unavailable))
def notice_document(notice_id: str, *, actor: Actor, now: datetime) -> Response:
    """The notice as an official document (GB/T 9704) for Word."""
    body = notices.body(notice_id, actor=actor)
    return downloads.sent(printing.word(body, downloads.folder()), "notice.docx", official.MEDIA)
