"""Making and changing accounts: one role each, two persons for supervisors and admins."""
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import ADMIN, Actor
from backend.core.problems import Conflict, Invalid, invalid
from backend.core.transaction import transaction
from backend.org import queries as units
from backend.org import rules as tree
from backend.people.actions import sessions, stamping
from backend.people.models import Account
from backend.people.queries import accounts
from backend.people.rules import accounts as rules
from backend.people.rules import passwords

GRANTS = ("role", "unit_code", "department_code")
BATCH = 200
FRESH = {"totp_step": 0, "version": 1}


def create(
    *, username: str, name: str, role: str, unit_code: str, department_code: str | None = None,
    phone: str | None = None, password: str | None = None, actor: Actor, now: datetime,
) -> str:
    """Make an account; its id. Without ``password`` it starts with a one-time one.

    A supervisor or admin made by a person waits for another admin's approval; one made by the
    system (the command line on the machine itself) does not.
    """
    account_id = ids.new(now)
    if password is not None:
        passwords.check_new(password, username)
    hashed = passwords.hash_password(password or accounts.one_time_password(account_id, 1))
    values = {
        "id": account_id, "username": username.strip().lower(), "name": name, "role": role,
        "unit_code": unit_code, "department_code": department_code, "phone": phone,
        "password_hash": hashed, "password_generation": 1, "made_at": now,
        "password_until_at": None if password else now + rules.ONE_TIME_PASSWORD,
    }
    return _insert(values, actor=actor, now=now)


@transaction
def _insert(values: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    _check_place(values, actor)
    if sql.value("SELECT 1 FROM account WHERE username = ?", (values["username"],)):
        raise rules.UsernameTaken()
    try:
        sql.insert(Account, **values, **FRESH, sample=False, **_proposal(values["role"], actor))
    except IntegrityError as error:
        raise rules.UsernameTaken() from error
    shown = ("username", "name", "role", "unit_code", "department_code")
    ledger.record(
        "account.create", "account", values["id"], scope=values["unit_code"],
        fields=shown, detail={name: values[name] for name in shown},
    )
    return str(values["id"])


def _proposal(role: str, actor: Actor) -> dict[str, Any]:
    """What is noted of a grant: who proposed it, and that the system needs no second person."""
    if role not in rules.TWO_PERSONS:
        return {"proposed_by": None, "approval_by": None}
    return {"proposed_by": actor.id, "approval_by": None if actor.signed_in else actor.id}


def _check_place(values: dict[str, Any], actor: Actor) -> None:
    unit = units.unit(values["unit_code"])
    if unit is None or actor.signed_in and not tree.contains(actor.unit_code or "", unit["code"]):
        raise _unknown("unit_code")
    rules.check_place(values["role"], unit["level"], values["department_code"])
    if values["department_code"] and units.department(values["department_code"]) is None:
        raise _unknown("department_code")


def _unknown(field: str) -> Invalid:
    return invalid(field, "没有这个代码", "There is no such code")


@transaction
def insert_samples(
    items: list[dict[str, Any]], password_hash: str, *, actor: Actor, now: datetime
) -> int:
    """Insert sample accounts (username, name, role, unit_code, department_code?) in one go."""
    made = [
        {
            "id": ids.new(now), "username": item["username"].lower(), "name": item["name"],
            "role": item["role"], "unit_code": item["unit_code"],
            "department_code": item.get("department_code"), "password_hash": password_hash,
            "password_generation": 0, "sample": True, "made_at": now, **FRESH,
            **_proposal(item["role"], actor),
        }
        for item in items
    ]
    for start in range(0, len(made), BATCH):
        sql.insert_many(Account, made[start : start + BATCH])
    ledger.record("account.samples", "account", "samples", detail={"accounts": len(made)})
    return len(made)


@transaction
def edit(account_id: str, changes: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Change name, phone, role or place. Nobody changes his own role or place (403).

    A supervisor or admin who gets another role or place waits for a second admin anew.
    """
    row = accounts.governed(account_id, actor)
    changed = {name: value for name, value in changes.items() if value != row[name]}
    granted = {name for name in changed if name in GRANTS}
    if granted:
        rules.check_not_self(actor, account_id)
    if row["role"] == ADMIN and "role" in granted:
        _keep_an_admin(account_id)
    _match(row, actor)
    if granted:
        _check_place(row | changed, actor)
        rules.check_own_password(changed.get("role"), row["password_until_at"])
    if not changed:
        return account_id
    role = changed.get("role", row["role"])
    proposal = _proposal(role, actor) if granted else {}
    _amend(row, actor, **changed, **proposal)
    if granted:
        stamping.touch(account_id, clock.local_date(now))
    if "approval_by" in proposal and rules.is_pending(role, proposal["approval_by"]):
        sessions.end_all(account_id)
    ledger.record(
        "account.edit", "account", account_id, scope=row["unit_code"], fields=sorted(changed),
        detail={"before": {name: row[name] for name in changed}, "after": changed},
    )
    return account_id


def _match(row: dict[str, Any], actor: Actor) -> None:
    versions.check_seen(row, actor)


def _amend(row: dict[str, Any], actor: Actor, **values: Any) -> None:
    versions.amend(Account, row, actor, **values)


_ADMINS = """
SELECT id FROM account WHERE role = 'admin' AND disabled_at IS NULL AND approval_by IS NOT NULL
ORDER BY id
"""


def _keep_an_admin(account_id: str) -> None:
    """Refuse to take the last admin able to sign in; holds their rows against a simultaneous one."""
    able = sql.execute(_ADMINS + sql.held()).fetchall()
    if not {found[0] for found in able} - {account_id}:
        raise rules.LastAdmin()


@transaction
def disable(account_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Shut an account out at once; its sessions end. The last admin stays (409)."""
    row = accounts.governed(account_id, actor)
    if row["disabled_at"] is not None:
        raise rules.AlreadyDisabled()
    if row["role"] == ADMIN:
        _keep_an_admin(account_id)
    _match(row, actor)
    _amend(row, actor, disabled_at=now)
    stamping.touch(account_id, clock.local_date(now))
    ended = sessions.end_all(account_id)
    ledger.record(
        "account.disable", "account", account_id, scope=row["unit_code"], fields=("disabled_at",),
        detail={"reason": reason, "sessions_ended": ended},
    )
    return account_id


@transaction
def enable(account_id: str, *, actor: Actor, now: datetime) -> str:
    """Let a disabled account in again; a supervisor or admin needs approval anew."""
    row = accounts.governed(account_id, actor)
    rules.check_not_self(actor, account_id)
    if row["disabled_at"] is None:
        raise rules.NotDisabled()
    _match(row, actor)
    _amend(row, actor, disabled_at=None, **_proposal(row["role"], actor))
    stamping.touch(account_id, clock.local_date(now))
    ledger.record(
        "account.enable", "account", account_id, scope=row["unit_code"], fields=("disabled_at",)
    )
    return account_id


@transaction
def approve(account_id: str, *, actor: Actor, now: datetime) -> str:
    """Be the second person of a grant of supervisor or admin."""
    row = accounts.governed(account_id, actor)
    rules.check_second_person(actor, account_id, row["proposed_by"])
    if accounts.state_of(row) != "pending":
        raise rules.NotPending()
    _match(row, actor)
    _amend(row, actor, approval_by=actor.id)
    ledger.record(
        "account.approve", "account", account_id, scope=row["unit_code"], fields=("approval_by",),
        detail={"role": row["role"], "proposed_by": row["proposed_by"]},
    )
    return account_id


def reset_password(
    account_id: str, *, clear_second_factor: bool, actor: Actor, now: datetime
) -> str:
    """Give out a fresh one-time password; sessions end; supervisors and admins need approval anew.

    Otherwise one admin could take another's account and be his own second person.
    """
    row = accounts.governed(account_id, actor)
    generation = row["password_generation"] + 1
    hashed = passwords.hash_password(accounts.one_time_password(account_id, generation))
    return _reset(account_id, generation, hashed, clear_second_factor, actor=actor, now=now)


@transaction
def _reset(
    account_id: str, generation: int, hashed: str, clear: bool, *, actor: Actor, now: datetime
) -> str:
    row = accounts.governed(account_id, actor)
    rules.check_not_self(actor, account_id)
    if row["role"] == ADMIN:
        _keep_an_admin(account_id)
    _match(row, actor)
    if row["password_generation"] + 1 != generation:
        raise Conflict()
    values = {"totp_sealed": None, "totp_confirmed_at": None} if clear else {}
    _amend(
        row, actor, password_hash=hashed, password_generation=generation,
        password_until_at=now + rules.ONE_TIME_PASSWORD, **values, **_proposal(row["role"], actor),
    )
    ended = sessions.end_all(account_id)
    ledger.record(
        "account.password_reset", "account", account_id, scope=row["unit_code"],
        fields=("password", *(("second_factor",) if clear else ())), detail={"sessions_ended": ended},
    )
    return account_id
