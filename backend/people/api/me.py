"""Routes of one's own account: sheet, devices, password, second factor."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion, TooMany
from backend.people.actions import own, sessions
from backend.people.api.blueprint import STAFF, blp
from backend.people.queries import accounts
from backend.people.queries import sessions as held
from backend.people.rules import second_factor as codes
from backend.people.schemas import accounts as shapes


def _sheet(ref: Any = None, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return accounts.own_sheet(actor, now)


def _second_factor(ref: Any = None, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return accounts.second_factor(actor)


@blp.reads("/me", roles=STAFF, answers=shapes.AccountShape())
def me(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """One's own account."""
    return _sheet(actor=actor, now=now)


@blp.lists("/me/sessions", roles=STAFF, item=shapes.SessionShape())
def my_sessions(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The devices on which one is signed in."""
    return held.of_account(actor, now, limit=query["limit"], cursor=query["cursor"])


@blp.reads("/me/sessions/<session_id>", roles=STAFF, answers=shapes.SessionShape(), refuses=(NotFound,))
def my_session(session_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One signed-in device of one's own."""
    return held.own(session_id, actor=actor, now=now)


@blp.deletes("/me/sessions/<session_id>", roles=STAFF, matched=False, refuses=(NotFound,))
def end_session(session_id: str, *, actor: Actor, now: datetime) -> str:
    """Sign one of one's own devices out."""
    return sessions.end(session_id, actor=actor, now=now)


@blp.changes("/me/password", roles=STAFF, matched=False, body=shapes.PasswordChange(),
             answers=shapes.AccountShape(), shows=_sheet, refuses=(Conflict, TooMany))
def change_password(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Change one's password; one's other devices are signed out."""
    return own.change_password(**body, actor=actor, now=now)


@blp.reads("/me/second-factor", roles=codes.ROLES, answers=shapes.SecondFactorShape())
def second_factor(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """Whether one's second factor is on."""
    return _second_factor(actor=actor, now=now)


@blp.changes("/me/second-factor", roles=codes.ROLES, answers=shapes.SecondFactorShape(),
             shows=_second_factor, refuses=(codes.SecondFactorOn, StaleVersion))
def begin_second_factor(*, actor: Actor, now: datetime) -> str:
    """Begin a second factor: the secret for an authenticator, to be confirmed by a code."""
    return own.begin_second_factor(actor=actor, now=now)


@blp.changes("/me/second-factor/confirmation", roles=codes.ROLES, body=shapes.OneTimeCode(),
             answers=shapes.SecondFactorShape(), shows=_second_factor,
             refuses=(codes.SecondFactorOn, StaleVersion))
def confirm_second_factor(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Switch the second factor on by a code of the authenticator."""
    return own.confirm_second_factor(body["code"], actor=actor, now=now)


@blp.deletes("/me/second-factor", roles=codes.ROLES, refuses=(codes.SecondFactorNotBegun, StaleVersion))
def remove_second_factor(*, actor: Actor, now: datetime) -> str:
    """Switch the second factor off."""
    return own.remove_second_factor(actor=actor, now=now)
