"""Routes of the change feed and its digest."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.sync.actions import declared, feed
from backend.sync.api.blueprint import TAKERS, blp
from backend.sync.rules.cursors import DigestDiffers, ResetRequired
from backend.sync.schemas import feed as schemas

__all__ = ["changes", "declared", "digest"]


@blp.reads("/sync/changes", roles=TAKERS, query=schemas.ChangesQuery(), answers=schemas.Changes(), tagged=False,
           refuses=(ResetRequired,))
def changes(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """What changed of what the phone holds, in the order of commits; without a cursor all that it should hold.

    Tell the cursor of the last answer with the next call, until `has_more` is false. 410 `reset-required`: read
    everything anew, without a cursor, and keep the outbox.
    """
    return feed.page(query["cursor"], query["limit"], actor=actor, now=now)


@blp.creates("/sync/digest", roles=TAKERS, keyed=False, status=200, body=schemas.DigestBody(),
             answers=schemas.Digest(), tagged=False, refuses=(DigestDiffers, ResetRequired))
def digest(*, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Whether the phone holds what it should; 412 `digest-differs` names the types of which it does not."""
    return feed.digest(body["buckets"], body["cursor"], actor=actor, now=now)
