"""Signing in and out."""
import base64
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, db, ids, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.people.actions import tries as failures
from backend.people.models import Session
from backend.people.queries import accounts
from backend.people.queries import sessions as held
from backend.people.rules import accounts as rules
from backend.people.rules import passwords, second_factor, tries
from backend.people.rules.second_factor import SecondFactorRequired
from backend.people.rules.tries import Limit


def sign_in(
    *, username: str, password: str, device_name: str | None = None, totp: str | None = None,
    source: str, actor: Actor, now: datetime,
) -> dict[str, Any]:
    """A new session: its token (told this once), when it ends, and the account's row.

    Refuses alike an unknown name, a wrong password, a disabled or unapproved account
    (SignInRefused), and with TooMany once name and source, name, or source failed too often.
    The password is checked outside any transaction; a failure is counted in one of its own.
    """
    name = username.strip().lower()
    subjects = _subjects(name, source)
    failures.refuse_locked(subjects, now)
    row = accounts.by_username(name)
    right = passwords.is_password(password, row["password_hash"] if row else None)
    if row is None or not right or not _may_sign_in(row, now):
        failures.count(subjects, account=row, actor=actor, now=now)
        raise rules.SignInRefused()
    who = Actor(row["id"], row["name"], row["role"], row["unit_code"], row["department_code"])
    try:
        return begin(row, subjects, device_name, totp, source, actor=who.calling(actor.call), now=now)
    except SecondFactorRequired:
        if totp is not None:
            failures.count(subjects, account=row, actor=actor, now=now)
        raise


def _subjects(name: str, source: str) -> dict[Limit, str]:
    return {
        tries.PAIR: secrets.alias("pair", f"{name}|{source}").hex(),
        tries.ACCOUNT: secrets.alias("username", name).hex(),
        tries.SOURCE: secrets.alias("source", source).hex(),
    }


def _may_sign_in(row: dict[str, Any], now: datetime) -> bool:
    fresh = row["password_until_at"] is None or now < row["password_until_at"]
    return fresh and accounts.state_of(row) == "enabled"


@transaction
def begin(
    known: dict[str, Any], subjects: dict[Limit, str], device_name: str | None, totp: str | None,
    source: str, *, actor: Actor, now: datetime,
) -> dict[str, Any]:
    """Make the session of an account whose password was right, unless it changed meanwhile."""
    row = _held(known["id"])
    failures.refuse_locked(subjects, now)
    if row is None or row["password_hash"] != known["password_hash"] or not _may_sign_in(row, now):
        raise rules.SignInRefused()
    if row["totp_confirmed_at"] is not None:
        _use_code(row, totp, now)
    failures.forgive({limit: subjects[limit] for limit in (tries.PAIR, tries.ACCOUNT)})
    session_id, token = ids.new(now), _token()
    expires_at = now + rules.session_span(row["role"], temporary=row["password_until_at"] is not None)
    sql.insert(
        Session, id=session_id, token_hash=secrets.hashed(token), account_id=row["id"],
        device_name=device_name, made_at=now, expires_at=expires_at, version=1,
    )
    ledger.record(
        "session.begin", "account", row["id"], scope=row["unit_code"],
        detail={"session": session_id, "device": device_name, "source": source},
    )
    return {"token": token, "expires_at": expires_at, "account": row}


def _held(account_id: str) -> dict[str, Any] | None:
    if not db.is_sqlite():
        sql.execute("SELECT id FROM account WHERE id = ? FOR UPDATE", (account_id,))
    return accounts.account(account_id)


def _use_code(row: dict[str, Any], code: str | None, now: datetime) -> None:
    found = None
    if code is not None:
        found = second_factor.step_of(code, accounts.totp_secret(row), row["totp_step"], now)
    if found is None or not use_step(row["id"], found):
        raise SecondFactorRequired()


_USE = "UPDATE account SET totp_step = ? WHERE id = ? AND totp_step < ?"


def use_step(account_id: str, step: int) -> bool:
    """Use up a time step; False when it, or a later one, was used before."""
    return sql.run(_USE, (step, account_id, step)) == 1


def _token() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


@transaction
def end(session_id: str, *, actor: Actor, now: datetime) -> str:
    """Sign one of the actor's own devices out; NotFound for any other session."""
    found = held.own(session_id, actor=actor, now=now)
    if sql.run("DELETE FROM session WHERE id = ? AND account_id = ?", (session_id, actor.id)) != 1:
        raise NotFound()
    ledger.record(
        "session.end", "account", actor.id, scope=actor.unit_code or "",
        detail={"session": session_id, "device": found["device_name"]},
    )
    return session_id


def end_all(account_id: str, *, but: str | None = None) -> int:
    """End an account's sessions, except one, in the running transaction; how many."""
    return sql.run("DELETE FROM session WHERE account_id = ? AND id <> ?", (account_id, but or ""))


def end_everybodys() -> int:
    """End all sessions: in a restored database stand those that were ended, or taken away, since; how many."""
    return sql.run("DELETE FROM session")


_END_SOME = "DELETE FROM session WHERE id IN ({})"


def end_some(session_ids: Sequence[str]) -> int:
    """End these sessions, in the running transaction; how many."""
    return sql.run(_END_SOME.format(", ".join("?" * len(session_ids))), session_ids) if session_ids else 0


@transaction
def forget_expired(*, actor: Actor, now: datetime) -> int:
    """Delete sessions that have ended; how many went."""
    return sql.run("DELETE FROM session WHERE expires_at <= ?", (clock.to_micros(now),))
