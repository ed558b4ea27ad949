"""Routes of files announced before they come: text first, photos later."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.files import schemas
from backend.files.actions import announcing
from backend.files.api.blueprint import READERS, TAKERS, blp
from backend.files.queries import expected
from backend.files.rules.announced import FileIdTaken


@blp.creates(
    "/files/announcements", roles=TAKERS, body=schemas.Announce(), answers=schemas.Announced(), shows=expected.many,
    tagged=False, refuses=(FileIdTaken, NotFound),
)
def announce(*, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Announce files that are sent later: from now on an errand, a visit, a problem may refer to them."""
    return announcing.announce(body["files"], actor=actor, now=now)


@blp.lists("/files/announcements", roles=READERS, item=schemas.AnnouncementShape(), query=schemas.AnnouncementQuery())
def list_announcements(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Announced files of the caller's scope, oldest first: what is still to come, or is overdue after seven days."""
    return expected.listed(query, actor=actor, now=now)


@blp.reads("/files/announcements/<file_id>", roles=READERS, answers=schemas.AnnouncementShape(), cacheable=True)
def read_announcement(file_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One announced file: whether it came, how far it is, what refers to it."""
    return expected.one(file_id, actor=actor, now=now)
