"""Routes of notices and call tasks."""
from datetime import datetime
from typing import Any

from flask import current_app, request

from backend.core import faults, http, wire
from backend.core.actor import ADMIN, AGENT, OPERATOR, ROLES, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound
from backend.notifications import rules, schemas
from backend.notifications.actions import calls as ringing
from backend.notifications.actions import outbox, receipts
from backend.notifications.queries import calls, reading
from backend.notifications.rules import receipts as receiving
from backend.org.rules.scope import READERS

blp = http.Blueprint("notifications", description="通知与回访 · notices to residents and staff, and calls instead")

STAFF = frozenset(ROLES)
KEEPERS = frozenset({SUPERVISOR, ADMIN})
CALLERS = frozenset({AGENT, OPERATOR, TOWNSHIP})
TIMESTAMP, NONCE, SIGNATURE = "X-Daiban-Timestamp", "X-Daiban-Nonce", "X-Daiban-Signature"


def _own(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return reading.own(notice_id, english=faults.wants_english(), actor=actor, now=now)


def _within(notice_id: str, *, actor: Actor, now: datetime) -> None:
    reading.visible(notice_id, actor)


@blp.lists("/me/notices", roles=STAFF, item=schemas.OwnNotice(), query=schemas.InboxQuery())
def my_notices(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """One's own notices, the newest first."""
    return reading.inbox(query, english=faults.wants_english(), actor=actor, now=now)


@blp.reads("/me/notices/<string:notice_id>", roles=STAFF, answers=schemas.OwnNotice())
def my_notice(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice of one's own."""
    return _own(notice_id, actor=actor, now=now)


@blp.changes(
    "/me/notices/<string:notice_id>/reading", roles=STAFF, matched=False, answers=schemas.OwnNotice(), shows=_own
)
def read(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Mark a notice of one's own as read; again changes nothing."""
    return outbox.read(notice_id, actor=actor, now=now)


@blp.lists("/outbox", roles=KEEPERS, item=schemas.ShownNotice(), query=schemas.NoticeQuery())
def notices(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The outbox of the district: what waits and what is dead, unless other states are asked for."""
    return reading.listed(query, actor=actor)


@blp.reads("/outbox/<string:notice_id>", roles=KEEPERS, answers=schemas.ShownNotice())
def notice(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice of the outbox."""
    return reading.shown(notice_id, actor=actor, now=now)


@blp.creates(
    "/outbox/<string:notice_id>/replays", roles=frozenset({ADMIN}), answers=schemas.ShownNotice(),
    shows=reading.shown, within=_within, refuses=(Conflict,),
)
def replay(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Try a dead letter again, as if it were new."""
    return outbox.replay(notice_id, actor=actor, now=now)


@blp.creates(
    "/outbox/receipts", roles=http.PUBLIC, keyed=False, tagged=False, status=200, body=schemas.Receipt(),
    answers=schemas.Receipted(), shows=reading.receipted, refuses=(rules.BadReceipt, NotFound),
    headers=(TIMESTAMP, NONCE, SIGNATURE),
)
def receive(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Report whether a message arrived: the gateway's word, signed; a copy of it has no effect.

    The signature is `sha256=` and the hex HMAC-SHA256, under DAIBAN_RECEIPT_SECRET, of timestamp (seconds
    since 1970), a dot, nonce (8–64 characters), a dot, and the body.
    """
    timestamp, nonce, signature = (request.headers.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
    secret = current_app.extensions["daiban"].settings.notices.receipt_secret
    receiving.check(secret, timestamp, nonce, signature, wire.as_sent(request), now)
    return receipts.receive(
        nonce=nonce, status=body["status"], notice_id=body.get("notice_id"), provider_id=body.get("provider_id"),
        code=body.get("code"), actor=actor, now=now,
    )


@blp.lists("/call-tasks", roles=READERS, item=schemas.Call(), query=schemas.CallQuery())
def call_tasks(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Residents to be rung; open tasks unless asked otherwise."""
    return calls.listed(query, actor=actor)


@blp.reads("/call-tasks/<string:task_id>", roles=READERS, answers=schemas.Call())
def call_task(task_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One call task."""
    return calls.one(task_id, actor=actor, now=now)


@blp.changes(
    "/call-tasks/<string:task_id>/outcome", roles=CALLERS, body=schemas.CallOutcome(), answers=schemas.Call(),
    shows=calls.one, within=calls.one, refuses=(Conflict,),
)
def record_call(task_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record whether the resident was reached."""
    return ringing.record(task_id, **body, actor=actor, now=now)
