"""The routes by which people follow what bears a number, and cancel an appointment, without account."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import asking
from backend.appointments.api.callers import source
from backend.appointments.schemas.bookings import CancelByNumber
from backend.core import http
from backend.core.actor import Actor
from backend.core.problems import Conflict, NotFound, TooMany
from backend.errands.schemas import shown, taken

blp = http.Blueprint("progress", description="查询 · what people follow by number and four digits")


@blp.creates(
    "/progress", roles=http.PUBLIC, keyed=False, tagged=False, status=200, body=taken.AskProgress(),
    answers=shown.Progress(), refuses=(NotFound, TooMany),
)
def progress(*, body: dict[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """What a person sees of her errand or appointment, by its number and four digits."""
    return asking.progress(body, source=source(), now=now)


@blp.changes(
    "/progress/cancellation", roles=http.PUBLIC, matched=False, tagged=False, body=CancelByNumber(),
    answers=shown.Progress(), shows=asking.shown_after, refuses=(NotFound, Conflict, TooMany),
)
def cancel_by_number(*, body: dict[str, str], actor: Actor, now: datetime) -> str:
    """Cancel one's own appointment, by its number and four digits."""
    return asking.cancel(body, source=source(), actor=actor, now=now)
