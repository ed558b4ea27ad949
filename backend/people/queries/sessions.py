"""Sessions: who a token belongs to, and the devices of an account."""
from datetime import datetime
from typing import Any

from backend.core import clock, paging, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.people.queries.accounts import ABLE
from backend.people.rules import tries

_AUTHENTICATE = f"""
SELECT a.id, a.name, a.role, a.unit_code, a.department_code, s.id AS session_id
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.token_hash = ? AND s.expires_at > ? AND {ABLE}
"""


def authenticate(token: str, now: datetime) -> Actor | None:
    """The account that a token belongs to, while its session lasts and it may sign in."""
    found = sql.execute(_AUTHENTICATE, (secrets.hashed(token), clock.to_micros(now))).fetchone()
    if found is None:
        return None
    account_id, name, role, unit_code, department_code, session_id = found
    return Actor(account_id, name, role, unit_code, department_code, session_id, device=session_id)


def source_of(peer: str | None, forwarded: str, proxies: int) -> str:
    """The caller's address as failures count it; see ``rules.tries``."""
    return tries.source_of(peer, forwarded, proxies)


_PERSON = ("id", "username", "name", "role", "unit_code", "department_code")


def signed_in(made: dict[str, Any]) -> dict[str, Any]:
    """A session just made, as its device is told of it."""
    row = made["account"]
    return {
        "token": made["token"], "expires_at": made["expires_at"],
        "password_change_due": row["password_until_at"] is not None,
        "account": {name: row[name] for name in _PERSON},
    }


_OWN = """
SELECT id, device_name, made_at, expires_at, version FROM session
WHERE account_id = ? AND expires_at > ?
"""


def of_account(actor: Actor, now: datetime, *, limit: int, cursor: str | None) -> Page:
    """The actor's live sessions, earliest first."""
    after = paging.values_of("sessions", cursor)[0] if cursor else ""
    found = sql.rows(
        _OWN + "AND id > ? ORDER BY id LIMIT ?", (actor.id, clock.to_micros(now), after, limit + 1)
    )
    page = paging.page("sessions", found, limit, ("id",))
    return Page([_entry(item, actor) for item in page.items], page.next_cursor)


def own(session_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One live session of the actor; NotFound for any other."""
    found = sql.row(_OWN + "AND id = ?", (actor.id, clock.to_micros(now), session_id))
    if found is None:
        raise NotFound()
    return _entry(found, actor) | {"_etag": found["version"]}


def _entry(item: dict[str, Any], actor: Actor) -> dict[str, Any]:
    shown = {name: item[name] for name in ("id", "device_name", "made_at", "expires_at")}
    return shown | {"current": item["id"] == actor.session_id}


_LOCKED = "SELECT max(until_at) FROM failed_try WHERE (kind = ? AND subject = ?)"


def locked_until(*tallies: tuple[str, str]) -> datetime | None:
    """The latest end of a lock over these (kind, subject) pairs, passed or not."""
    text = _LOCKED + " OR (kind = ? AND subject = ?)" * (len(tallies) - 1)
    until = sql.value(text, [part for pair in tallies for part in pair])
    return None if until is None else clock.from_micros(until)
