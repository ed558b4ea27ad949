"""What a person changes of his own account: password and second factor."""
import base64
import os
from datetime import datetime
from typing import Any

from backend.core import ledger, secrets, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, Forbidden, Invalid, NotFound, invalid
from backend.core.transaction import transaction
from backend.people.actions import sessions
from backend.people.actions import tries as failures
from backend.people.models import Account
from backend.people.queries import accounts
from backend.people.rules import passwords, second_factor, tries
from backend.people.rules.tries import Limit


class WrongPassword(Invalid):
    """The old password given is not the present one; the field is named."""


def change_password(*, old: str, new: str, actor: Actor, now: datetime) -> str:
    """Set a new password and end the account's other sessions.

    WrongPassword (422) counts as a failed try, TooMany after five. Hashing happens outside the
    transaction, the claim of an idempotency key inside, before the refusal.
    """
    subjects = {tries.PASSWORD: actor.id}
    failures.refuse_locked(subjects, now)
    row = _own(actor)
    right = passwords.is_password(old, row["password_hash"])
    hashed = passwords.hash_password(new) if right else None
    try:
        return _set_password(row, hashed, (old, new), subjects, actor=actor, now=now)
    except WrongPassword:
        failures.count(subjects, account=row, actor=Actor(actor.id, actor.name, actor.role), now=now)
        raise


@transaction
def _set_password(
    row: dict[str, Any], hashed: str | None, texts: tuple[str, str], subjects: dict[Limit, str], *,
    actor: Actor, now: datetime,
) -> str:
    if hashed is None:
        told = invalid("old", "旧密码不正确", "The old password is not right")
        raise WrongPassword(errors=told.errors)
    passwords.check_new(texts[1], row["username"], texts[0])
    done = sql.amend(
        Account, actor.id, row["version"], password_hash=hashed, password_until_at=None
    )
    if not done:
        raise Conflict()
    failures.forgive(subjects)
    ended = sessions.end_all(actor.id, but=actor.session_id)
    ledger.record(
        "account.password", "account", actor.id, scope=actor.unit_code or "",
        fields=("password",), detail={"sessions_ended": ended},
    )
    return actor.id


def _own(actor: Actor) -> dict[str, Any]:
    row = accounts.account(actor.id)
    if row is None:
        raise NotFound()
    return row


def _amended(row: dict[str, Any], actor: Actor, **values: Any) -> None:
    versions.check_seen(row, actor)
    versions.amend(Account, row, actor, **values)


@transaction
def begin_second_factor(*, actor: Actor, now: datetime) -> str:
    """Make a fresh secret that waits for its first code; 409 where one is on already."""
    row = _own(actor)
    if actor.role not in second_factor.ROLES:
        raise Forbidden()
    if row["totp_confirmed_at"] is not None:
        raise second_factor.SecondFactorOn()
    secret = base64.b32encode(os.urandom(20)).decode()
    sealed = secrets.seal(secret, f"account|totp_sealed|{row['id']}")
    _amended(row, actor, totp_sealed=sealed)
    _recorded("account.second_factor_begin", actor)
    return actor.id


@transaction
def confirm_second_factor(code: str, *, actor: Actor, now: datetime) -> str:
    """Switch the second factor on by a code of its secret; from now on sign-in asks for one."""
    row = _own(actor)
    if row["totp_confirmed_at"] is not None:
        raise second_factor.SecondFactorOn()
    if row["totp_sealed"] is None:
        raise second_factor.SecondFactorNotBegun()
    step = second_factor.step_of(code, accounts.totp_secret(row), row["totp_step"], now)
    values = {"totp_confirmed_at": now} if step is None else {"totp_confirmed_at": now, "totp_step": step}
    _amended(row, actor, **values)
    if step is None:
        raise invalid("code", "动态验证码不正确", "The code is not right")
    sessions.end_all(actor.id, but=actor.session_id)
    _recorded("account.second_factor_on", actor)
    return actor.id


@transaction
def remove_second_factor(*, actor: Actor, now: datetime) -> str:
    """Switch the second factor off, or drop a secret that was never confirmed."""
    row = _own(actor)
    if row["totp_sealed"] is None:
        raise second_factor.SecondFactorNotBegun()
    _amended(row, actor, totp_sealed=None, totp_confirmed_at=None)
    _recorded("account.second_factor_off", actor)
    return actor.id


def _recorded(action: str, actor: Actor) -> None:
    ledger.record(action, "account", actor.id, scope=actor.unit_code or "", fields=("second_factor",))
