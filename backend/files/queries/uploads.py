"""Uploads in parts: how far they are, and what became of them."""
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.files.queries import scope
from backend.files.rules import resumable as rules

_COLUMNS = """
u.id, u.account_id, u.unit_code, u.length, u.received, u.parts, u.state, u.refusal, u.made_at, u.expires_at
"""
_ROW = f"SELECT {_COLUMNS} FROM upload u WHERE u.id = ?"
_WITH_FILE = f"""
SELECT {_COLUMNS}, f.sha256, f.media_type, f.size, f.version
FROM upload u LEFT JOIN file f ON f.id = u.id AND u.state = 'kept'
"""
_OPEN = """
SELECT COALESCE(sum(length), 0), count(*) FROM upload WHERE account_id = ? AND state = 'arriving' AND expires_at > ?
"""
_CHUNKS = "SELECT id, start, sealed FROM upload_chunk WHERE upload_id = ? ORDER BY start"


def row(upload_id: str, now: datetime, *, lock: bool = False) -> dict[str, Any] | None:
    """An upload's own row, whosever it is, in its state of now."""
    found = sql.row(_ROW + sql.held(lock), (upload_id,))
    return found and found | {"state": rules.state_of(found["state"], found["expires_at"], now)}


def own(upload_id: str, *, actor: Actor, now: datetime, lock: bool = False) -> dict[str, Any]:
    """The actor's own upload; NotFound for all others: nobody goes on with what another one has begun."""
    found = row(upload_id, now, lock=lock)
    if found is None or found["account_id"] != actor.id:
        raise NotFound()
    return found


def going_on(upload_id: str, *, actor: Actor, now: datetime, lock: bool = False) -> dict[str, Any]:
    """The actor's own upload that arrives or has arrived; NotFound, Gone, UnsupportedFile or UnsafeFile."""
    found = own(upload_id, actor=actor, now=now, lock=lock)
    rules.check_going_on(found)
    return found


def one(upload_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An upload of the actor's scope, and its file once it is one; NotFound otherwise."""
    condition, params = scope.condition(actor, "u")
    found = sql.row(f"{_WITH_FILE} WHERE u.id = ? AND {condition}", (upload_id, *params))
    if found is None:
        raise NotFound()
    return _shown(found, now) | {"_etag": found["received"] + 1}


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The actor's own uploads, the latest begun first; all states unless asked otherwise."""
    where, params = ["u.account_id = ?"], [actor.id]
    if wanted := set(query["state"]) - {"all"}:
        conditions, micros = [], clock.to_micros(now)
        for state in sorted(wanted):
            conditions.append(_IN_STATE.get(state, "u.state = ?"))
            params += [micros] if state in _IN_STATE else [state]
        where.append(f"({' OR '.join(conditions)})")
    if query["cursor"]:
        where.append("(u.made_at, u.id) < (?, ?)")
        params += values_of("uploads", query["cursor"])
    text = f"{_WITH_FILE} WHERE {' AND '.join(where)} ORDER BY u.made_at DESC, u.id DESC LIMIT ?"
    part = page("uploads", sql.rows(text, (*params, query["limit"] + 1)), query["limit"], ("made_at", "id"))
    return Page([_shown(found, now) for found in part.items], part.next_cursor)


_IN_STATE = {
    rules.ARRIVING: "(u.state = 'arriving' AND u.expires_at > ?)",
    rules.EXPIRED: "(u.state = 'expired' OR (u.state = 'arriving' AND u.expires_at <= ?))",
}


def _shown(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    state = rules.state_of(found["state"], found["expires_at"], now)
    file = {name: found[name] for name in ("id", "sha256", "media_type", "size", "version")}
    return {name: found[name] for name in ("id", "unit_code", "length", "refusal", "made_at")} | {
        "state": state, "offset": 0 if state == rules.EXPIRED else found["received"],
        "expires_at": found["expires_at"] if state == rules.ARRIVING else None,
        "file": file if found["sha256"] else None,
    }


def progress(found: dict[str, Any], now: datetime, *, size: int | None) -> dict[str, int | None]:
    """``offset`` and ``length`` of an announced file by its upload's row (all None without one); ``size``: as told."""
    if found["length"] is None:
        return {"offset": 0, "length": size}
    gone = rules.state_of(found["state"], found["expires_at"], now) in (rules.EXPIRED, rules.REFUSED)
    return {"offset": 0 if gone else found["received"], "length": found["length"]}


def unfinished(account_id: str, now: datetime) -> tuple[int, int]:
    """Bytes and number of an account's unfinished uploads."""
    open_bytes, count = sql.execute(_OPEN, (account_id, clock.to_micros(now))).fetchone()
    return int(open_bytes), int(count)


def content(upload_id: str) -> bytes:
    """What has arrived of an upload; the caller has looked whose it is."""
    whole = b""
    for chunk in sql.plain(_CHUNKS, (upload_id,)):
        if chunk["start"] != len(whole):
            raise RuntimeError(f"upload {upload_id} lacks what stands before {chunk['start']}")
        whole += secrets.unseal_bytes(chunk["sealed"], place(chunk["id"]))
    return whole


def place(chunk_id: str) -> str:
    """What a sealed part is bound to."""
    return f"upload_chunk|sealed|{chunk_id}"


def lapsed(now: datetime, limit: int) -> list[str]:
    """Unfinished uploads that nobody goes on with, longest first."""
    text = "SELECT id FROM upload WHERE state = 'arriving' AND expires_at <= ? ORDER BY expires_at LIMIT ?"
    return [upload_id for (upload_id,) in sql.execute(text, (clock.to_micros(now), limit)).fetchall()]


def long_over(now: datetime, limit: int) -> list[str]:
    """Uploads over for so long that no phone asks for them any more."""
    before = clock.to_micros(now - timedelta(days=rules.KEPT_DAYS))
    text = """
    SELECT id FROM upload WHERE state IN ('kept', 'refused', 'expired') AND expires_at < ? ORDER BY state LIMIT ?
    """
    return [upload_id for (upload_id,) in sql.execute(text, (before, limit)).fetchall()]
