"""The route by which residents follow their errands, without account."""
from datetime import datetime
from typing import Any

from flask import current_app, request

from backend.core import http
from backend.core.actor import Actor
from backend.core.problems import NotFound, TooMany
from backend.errands.actions import asking
from backend.errands.api.blueprint import blp
from backend.errands.schemas import shown, taken
from backend.people.queries import sessions


@blp.creates(
    "/progress", roles=http.PUBLIC, keyed=False, tagged=False, status=200, body=taken.AskProgress(),
    answers=shown.Progress(), refuses=(NotFound, TooMany),
)
def progress(*, body: dict[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """What a resident sees of her errand, by its number and four digits."""
    source = sessions.source_of(
        request.remote_addr, request.headers.get("X-Forwarded-For", ""),
        current_app.extensions["daiban"].settings.proxies,
    )
    return asking.progress(body, source=source, now=now)
