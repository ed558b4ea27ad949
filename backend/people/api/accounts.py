"""Routes of the staff's accounts."""
from datetime import datetime
from typing import Any

from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.people.actions import accounts
from backend.people.api.blueprint import STAFF, blp
from backend.people.queries import accounts as staff
from backend.people.schemas import accounts as shapes

ADMINS = frozenset({ADMIN})
REFUSES = (NotFound, Conflict, StaleVersion)


@blp.lists("/accounts", roles=STAFF, item=shapes.AccountShape(), query=shapes.AccountQuery())
def list_accounts(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Colleagues of one's own subtree and of the units straight above, by unit."""
    return staff.visible_to(actor, query, now)


@blp.reads("/accounts/<account_id>", roles=STAFF, answers=shapes.AccountShape(), refuses=(NotFound,))
def account(account_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One colleague."""
    return staff.shown(account_id, actor=actor, now=now)


@blp.creates("/accounts", roles=ADMINS, body=shapes.NewAccount(), answers=shapes.IssuedAccount(),
             shows=staff.as_issued, refuses=(Conflict, NotFound))
def create_account(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Make an account with a one-time password; of a supervisor's or admin's the second admin tells the other half."""
    return accounts.create(**body, actor=actor, now=now)


@blp.patches("/accounts/<account_id>", roles=ADMINS, body=shapes.AccountChanges(),
             answers=shapes.AccountShape(), shows=staff.shown, within=staff.shown, refuses=REFUSES)
def edit_account(account_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Change an account's name, phone, role or place; nobody grants to himself."""
    return accounts.edit(account_id, body, actor=actor, now=now)


@blp.changes("/accounts/<account_id>/disabling", roles=ADMINS, body=shapes.Disabling(),
             answers=shapes.AccountShape(), shows=staff.shown, within=staff.shown, refuses=REFUSES)
def disable_account(account_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Shut an account out; its sessions end at once."""
    return accounts.disable(account_id, **body, actor=actor, now=now)


@blp.deletes("/accounts/<account_id>/disabling", roles=ADMINS, within=staff.shown, refuses=REFUSES)
def enable_account(account_id: str, *, actor: Actor, now: datetime) -> str:
    """Let a disabled account in again."""
    return accounts.enable(account_id, actor=actor, now=now)


@blp.changes("/accounts/<account_id>/approval", roles=ADMINS, answers=shapes.IssuedAccount(),
             shows=staff.as_issued, within=staff.shown, refuses=REFUSES)
def approve_account(account_id: str, *, actor: Actor, now: datetime) -> str:
    """Approve, as the second admin, an account's role of supervisor or admin; told is his half of its password."""
    return accounts.approve(account_id, actor=actor, now=now)


@blp.changes("/accounts/<account_id>/password-reset", roles=ADMINS, body=shapes.PasswordReset(),
             answers=shapes.IssuedAccount(), shows=staff.as_issued, within=staff.shown, refuses=REFUSES)
def reset_password(account_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Give out a one-time password for an account; its sessions end at once."""
    return accounts.reset_password(account_id, **body, actor=actor, now=now)
