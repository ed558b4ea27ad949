"""Subscribing to a calendar, and ending that."""
from datetime import datetime

from backend.core import ids, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.feeds import queries, rules
from backend.feeds.models import Feed
from backend.people.queries import rostering


@transaction
def subscribe(kind: str, unit_code: str | None, *, actor: Actor, now: datetime) -> str:
    """Make the actor's feed of this kind and unit, or give it a new secret: the one before is worth nothing then.

    NotFound for a unit beyond the actor's reach; Invalid for a unit of one's own days; Conflict where two
    do it at once.
    """
    code = rules.place(kind, unit_code, actor.unit_code or "")
    if code:
        rostering.seen(code, actor)
    found = queries.same(kind, code, actor)
    if found is None:
        feed_id, generation = ids.new(now), 1
        sql.insert(
            Feed, id=feed_id, account_id=actor.id, kind=kind, unit_code=code, generation=generation,
            secret_hash=secrets.hashed(queries.secret(feed_id, generation)), made_at=now,
        )
    else:
        feed_id, generation = found["id"], found["generation"] + 1
        done = sql.amend(
            Feed, feed_id, found["version"], generation=generation, made_at=now,
            secret_hash=secrets.hashed(queries.secret(feed_id, generation)),
        )
        if not done:
            raise Conflict()
    ledger.record("feed.subscribe", "feed", feed_id, scope=code, detail={"kind": kind, "generation": generation})
    return feed_id


@transaction
def end(feed_id: str, *, actor: Actor, now: datetime) -> str:
    """End a feed of one's own; its address is unknown from then on. NotFound, StaleVersion."""
    found = queries.own(feed_id, actor=actor)
    if actor.call.if_match is not None and actor.call.if_match != found["_etag"]:
        raise StaleVersion()
    sql.run("DELETE FROM feed WHERE id = ?", (feed_id,))
    ledger.record("feed.end", "feed", feed_id, scope=found["unit_code"] or "")
    return feed_id
