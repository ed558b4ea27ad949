"""Who is told of what happens to ratings and complaints: never whom it concerns; posted in the act's transaction."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.notifications.actions import outbox


def tell(
    template: str, accounts: Iterable[str], subject: str, found: dict[str, Any], values: dict[str, Any], key: str, *,
    actor: Actor, now: datetime,
) -> None:
    """Tell these accounts, but not him who acts; ``key`` is the same whenever the same thing is told again."""
    for account_id in accounts:
        if account_id == actor.id:
            continue
        outbox.post(
            template, to=account_id, subject_type=subject, subject_id=found["id"], unit_code=found["unit_code"],
            values=values, dedupe=f"{subject}:{found['id']}:{key}:{account_id}", actor=actor, now=now,
        )
