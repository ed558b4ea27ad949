"""Accounts: the staff whom a caller can name, and an account's own sheet."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core import paging, secrets, sql
from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import rules as tree
from backend.people.rules import accounts as rules
from backend.people.rules import second_factor as codes

_COLUMNS = """
SELECT id, username, name, role, unit_code, department_code, phone, password_hash,
       password_until_at, password_generation, totp_sealed, totp_step, totp_confirmed_at,
       disabled_at, proposed_by, approval_by, sample, made_at, version
FROM account
"""
ABLE = "a.disabled_at IS NULL AND (a.role NOT IN ('supervisor', 'admin') OR a.approval_by IS NOT NULL)"
"""An account ``a`` that may act: not disabled, and approved by a second person where that is asked for."""


def account(account_id: str) -> dict[str, Any] | None:
    """The raw row of an account."""
    return sql.row(_COLUMNS + "WHERE id = ?", (account_id,))


def by_username(username: str) -> dict[str, Any] | None:
    """The raw row of the account with this name, in any case of letters."""
    return sql.row(_COLUMNS + "WHERE username = ?", (username.strip().lower(),))


def agents_of(unit_code: str) -> list[dict[str, Any]]:
    """The enabled agents of exactly this unit: id and name."""
    return sql.rows(
        "SELECT id, name FROM account WHERE unit_code = ? AND role = 'agent' "
        "AND disabled_at IS NULL ORDER BY id", (unit_code,)
    )


def has_handlers(department_code: str, district_code: str) -> bool:
    """Whether somebody of the department can decide a step in this district: an enabled handler."""
    text = (
        "SELECT 1 FROM account WHERE unit_code BETWEEN ? AND ? AND department_code = ? AND role = 'handler' "
        "AND disabled_at IS NULL LIMIT 1"
    )
    return sql.value(text, (*tree.subtree(district_code), department_code)) is not None


def handlers_of(department_code: str, district_code: str) -> list[str]:
    """The ids of the department's enabled handlers in this district."""
    text = (
        "SELECT id FROM account WHERE unit_code BETWEEN ? AND ? AND department_code = ? AND role = 'handler' "
        "AND disabled_at IS NULL ORDER BY id"
    )
    found = sql.execute(text, (*tree.subtree(district_code), department_code)).fetchall()
    return [account_id for (account_id,) in found]


def names(ids: Iterable[str]) -> dict[str, str]:
    """The names of accounts by id; one statement."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    return dict(sql.execute(f"SELECT id, name FROM account WHERE id IN ({marks})", wanted).fetchall())


def has_samples() -> bool:
    """Whether accounts of the sample district are here."""
    return sql.value("SELECT 1 FROM account WHERE sample LIMIT 1") is not None


def _scope(actor: Actor) -> tuple[str, list[Any]]:
    """Colleagues one can name: those of one's own subtree, and of the units straight above."""
    code = actor.unit_code or ""
    chain = {tree.township_of(code), tree.district_of(code)} - {code}
    marks = ", ".join("?" * len(chain))
    above = f" OR unit_code IN ({marks})" if chain else ""
    return f"(unit_code BETWEEN ? AND ?{above})", [*tree.subtree(code), *sorted(chain)]


_FILTERS = ("unit_code", "role", "department_code")


def visible_to(actor: Actor, query: dict[str, Any], now: datetime) -> Page:
    """Colleagues in the actor's reach by unit, then id; disabled ones for admins only."""
    where, params = _scope(actor)
    if actor.role != ADMIN:
        where += " AND disabled_at IS NULL"
    for name in _FILTERS:
        if query[name]:
            where += f" AND {name} IN ({', '.join('?' * len(query[name]))})"
            params += query[name]
    if query["cursor"]:
        where += " AND (unit_code, id) > (?, ?)"
        params += paging.values_of("accounts", query["cursor"])
    text = f"{_COLUMNS} WHERE {where} ORDER BY unit_code, id LIMIT ?"
    found = sql.rows(text, [*params, query["limit"] + 1])
    page = paging.page("accounts", found, query["limit"], ("unit_code", "id"))
    return Page([entry(row, now, actor) for row in page.items], page.next_cursor)


def visible(account_id: str, actor: Actor) -> dict[str, Any]:
    """The raw row of a colleague in the actor's reach; NotFound for any other."""
    where, params = _scope(actor)
    found = sql.row(f"{_COLUMNS} WHERE id = ? AND {where}", [account_id, *params])
    if found is None or (found["disabled_at"] and actor.role != ADMIN and found["id"] != actor.id):
        raise NotFound()
    return found


def governed(account_id: str, actor: Actor) -> dict[str, Any]:
    """The raw row of an account under an admin (or of any, for the system); else NotFound."""
    found = account(account_id)
    if found is None or actor.signed_in and not tree.contains(actor.unit_code or "", found["unit_code"]):
        raise NotFound()
    return found


def entry(row: dict[str, Any], now: datetime, actor: Actor) -> dict[str, Any]:
    """An account as the actor may see it: name and place, for admins the whole sheet."""
    shown = {name: row[name] for name in ("id", "name", "role", "unit_code", "department_code")}
    return shown | (_sheet(row, now) if actor.role == ADMIN else {})


def own_sheet(actor: Actor, now: datetime) -> dict[str, Any]:
    """The actor's own account, whole."""
    row = account(actor.id)
    if row is None:
        raise NotFound()
    shown = {name: row[name] for name in ("id", "name", "role", "unit_code", "department_code")}
    return shown | _sheet(row, now) | {"_etag": row["version"]}


def _sheet(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "username": row["username"], "phone": row["phone"], "state": state_of(row),
        "second_factor": row["totp_confirmed_at"] is not None,
        "password_expires_at": row["password_until_at"], "proposed_by": row["proposed_by"],
        "approved_by": row["approval_by"], "sample": bool(row["sample"]), "made_at": row["made_at"],
    }


def state_of(row: dict[str, Any]) -> str:
    """disabled, pending (a second admin's approval), or enabled."""
    if row["disabled_at"] is not None:
        return "disabled"
    return "pending" if rules.is_pending(row["role"], row["approval_by"]) else "enabled"


def one_time_password(account_id: str, generation: int) -> str:
    """The password that an admin hands over: reproducible for a replay, never stored."""
    text = secrets.derived("one-time password", account_id, generation)
    return text[:16].replace("-", "x").replace("_", "k")


def as_issued(account_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The sheet with the one-time password, or the actor's half of it, as long as that is still to be changed."""
    row = governed(account_id, actor)
    until = row["password_until_at"]
    fresh = until is not None and now < until
    password = _part_of(one_time_password(account_id, row["password_generation"]), row, actor) if fresh else None
    return entry(row, now, actor) | {"one_time_password": password, "_etag": row["version"]}


def _part_of(password: str, row: dict[str, Any], actor: Actor) -> str | None:
    """What this admin is told of a one-time password: of one that two persons give, each his own half."""
    if row["role"] not in rules.TWO_PERSONS:
        return password
    half = len(password) // 2
    return {row["approval_by"]: password[half:], row["proposed_by"]: password[:half]}.get(actor.id)


def shown(account_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One account as the actor may see it; NotFound outside his reach."""
    row = visible(account_id, actor)
    return entry(row, now, actor) | {"_etag": row["version"]}


def second_factor(actor: Actor) -> dict[str, Any]:
    """Whether the actor's second factor is off, pending or on; the secret while pending."""
    row = account(actor.id)
    if row is None:
        raise NotFound()
    found: dict[str, Any] = {"state": "off", "secret": None, "otpauth_uri": None, "_etag": row["version"]}
    if row["totp_confirmed_at"] is not None:
        return found | {"state": "on"}
    if row["totp_sealed"] is None:
        return found
    secret = totp_secret(row)
    return found | {"state": "pending", "secret": secret, "otpauth_uri": codes.uri(secret, row["username"])}


def totp_secret(row: dict[str, Any]) -> str:
    """The base32 secret of an account that has one."""
    return secrets.unseal(row["totp_sealed"], f"account|totp_sealed|{row['id']}")
