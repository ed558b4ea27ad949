"""Calendar feeds that an account has, and whom a secret belongs to."""
from typing import Any

from backend.core import secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.people.queries.accounts import ABLE

_OWN = "SELECT id, kind, unit_code, generation, made_at, version FROM feed WHERE account_id = ?"
_SAME = f"{_OWN} AND kind = ? AND unit_code = ?"
_READER = f"""
SELECT f.id AS feed_id, f.kind, f.unit_code AS feed_unit, a.id, a.name, a.role, a.unit_code, a.department_code
FROM feed f JOIN account a ON a.id = f.account_id
WHERE f.secret_hash = ? AND {ABLE}
"""


def secret(feed_id: str, generation: int) -> str:
    """The secret of a feed's address; whoever has it reads the feed."""
    return secrets.derived("feed", feed_id, generation)


def same(kind: str, unit_code: str, actor: Actor) -> dict[str, Any] | None:
    """The actor's feed of this kind and unit, locked."""
    return sql.row(_SAME + sql.held(), (actor.id, kind, unit_code))


def own(feed_id: str, *, actor: Actor) -> dict[str, Any]:
    """One feed of the actor's, with its secret; NotFound for any other."""
    found = sql.row(f"{_OWN} AND id = ?", (actor.id, feed_id))
    if found is None:
        raise NotFound()
    return _shown(found) | {"_etag": found["version"]}


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """The actor's feeds, the oldest first."""
    after = values_of("feeds", query["cursor"])[0] if query["cursor"] else ""
    found = sql.rows(f"{_OWN} AND id > ? ORDER BY id LIMIT ?", (actor.id, after, query["limit"] + 1))
    kept = page("feeds", found, query["limit"], ("id",))
    return Page([_shown(row) for row in kept.items], kept.next_cursor)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "kind", "made_at")}
    return shown | {"unit_code": row["unit_code"] or None, "secret": secret(row["id"], row["generation"])}


def reader(given: str) -> tuple[dict[str, Any], Actor]:
    """The feed that a secret belongs to, and its account as it is now; NotFound where it may no longer sign in."""
    row = sql.row(_READER, (secrets.hashed(given),))
    if row is None:
        raise NotFound()
    feed = {"id": row.pop("feed_id"), "kind": row.pop("kind"), "unit_code": row.pop("feed_unit")}
    return feed, Actor(**row)
