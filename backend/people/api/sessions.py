"""Routes of signing in and out."""
from datetime import datetime
from typing import Any

from flask import current_app, request

from backend.core import http
from backend.core.actor import Actor
from backend.core.problems import NotFound, TooMany, Unavailable
from backend.people.actions import sessions
from backend.people.api.blueprint import STAFF, blp
from backend.people.queries import sessions as held
from backend.people.rules.accounts import SignInRefused
from backend.people.schemas import accounts as shapes


@blp.creates("/sessions", roles=http.PUBLIC, keyed=False, tagged=False, body=shapes.SignIn(),
             answers=shapes.SignedIn(), refuses=(TooMany, Unavailable, SignInRefused))
def sign_in(*, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Sign a device in; the token goes into the Authorization header of later calls."""
    source = held.source_of(
        request.remote_addr, request.headers.get("X-Forwarded-For", ""),
        current_app.extensions["daiban"].settings.proxies,
    )
    made = sessions.sign_in(**body, source=source, actor=actor, now=now)
    return held.signed_in(made)


@blp.deletes("/sessions/current", roles=STAFF, matched=False, refuses=(NotFound,))
def sign_out(*, actor: Actor, now: datetime) -> str:
    """Sign this device out."""
    return sessions.end(actor.session_id or "", actor=actor, now=now)
