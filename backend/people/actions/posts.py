"""Filling the posts of units and departments."""
from datetime import datetime
from typing import Any

from backend.core import clock, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion, invalid
from backend.core.transaction import transaction
from backend.org.models import Post
from backend.org.rules import posts as rules
from backend.people.queries import posts

_FIRST = """
INSERT INTO post (district_code, code, post, account_id, since_at, version) VALUES (?, ?, ?, ?, ?, 1)
ON CONFLICT DO NOTHING
"""
_NEXT = """
UPDATE post SET account_id = ?, since_at = ?, version = version + 1
WHERE district_code = ? AND code = ? AND post = ? AND version = ?
"""


@transaction
def appoint(code: str, post: str, *, account_id: str | None, actor: Actor, now: datetime) -> list[str]:
    """Have an account hold a post, or nobody (rules 4); code and post.

    NotFound for what is not of the district; Forbidden outside the actor's subtree; StaleVersion;
    Invalid where the account cannot hold this post. The present holder again changes nothing.
    """
    district = posts.district_seen(code, post, actor)
    rules.check_reach(actor.role, actor.unit_code, code)
    rules.check_not_self(actor.role, actor.id, post, account_id)
    present = posts.stored(district, code, post)
    versions.check_seen(present, actor)
    if account_id is not None and posts.candidate(account_id, code, district) is None:
        raise invalid("account_id", "须为本机构、其上级机构或本部门的在用账号",
                      "Must be an enabled account of this unit, of one above it, or of this department.")
    if account_id == present["account_id"]:
        return [code, post]
    if not _written(district, code, post, account_id, present["version"], now):
        raise Conflict() if actor.call.if_match is None else StaleVersion()
    ledger.record(
        "post.change", "post", f"{district}/{code}/{post}", scope=code if rules.is_unit(code) else district,
        fields=("account_id",), detail={"from": present["account_id"], "to": account_id},
    )
    return [code, post]


def _written(district: str, code: str, post: str, account_id: str | None, version: int, now: datetime) -> bool:
    since = clock.to_micros(now)
    if version == 0:
        return sql.run(_FIRST, (district, code, post, account_id, since)) == 1
    return sql.run(_NEXT, (account_id, since, district, code, post, version)) == 1


@transaction
def insert_samples(items: list[dict[str, Any]], *, actor: Actor, now: datetime) -> int:
    """Fill posts of a sample district (district_code, code, post, account_id) in one go; how many."""
    sql.insert_many(Post, [{**item, "since_at": now, "version": 1} for item in items])
    ledger.record("post.samples", "post", "samples", detail={"posts": len(items)})
    return len(items)
