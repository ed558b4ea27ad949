"""Which act on a visit tells whom, in which words; posted in the act's own transaction.

A resident is told of every time that is set, moved or given up for her, and rung where no text message goes
(the templates must arrive). Who enters afterwards what has long happened tells nobody.
"""
from datetime import datetime, timedelta
from typing import Any

from backend.core import daytime
from backend.core.actor import Actor
from backend.errands.queries import contacts
from backend.notifications.actions import outbox

NEWS_FOR = timedelta(days=1)


def tell_resident(
    act: str, found: dict[str, Any], *, at: datetime, not_after: datetime | None = None, actor: Actor, now: datetime,
    **values: Any,
) -> None:
    """Within the act that changes the visit ``found`` (as it is from now on): tell its resident; ``at`` is its time."""
    if now - at > NEWS_FOR or not_after is not None and not_after <= now:
        return
    whom = found | {"agent_id": found["agent_id"] or found["requested_by"]}
    outbox.post(
        act, to=found["resident_id"], subject_type="visit", subject_id=found["id"], unit_code=found["unit_code"],
        values={"number": found["number"], "at": at} | values | contacts.of(whom), not_after=not_after,
        dedupe=f"visit:{found['id']}:{act}:{found['version']}", actor=actor, now=now,
    )


def tell_staff(act: str, found: dict[str, Any], account_id: str, *, actor: Actor, now: datetime) -> None:
    """Tell an account of a visit that concerns it, unless it acts itself."""
    if account_id == actor.id:
        return
    outbox.post(
        act, to=account_id, subject_type="visit", subject_id=found["id"], unit_code=found["unit_code"],
        values={"number": found["number"], "at": time_of(found), "by": actor.name},
        dedupe=f"visit:{found['id']}:{act}:{found['version']}:{account_id}", actor=actor, now=now,
    )


def time_of(found: dict[str, Any]) -> datetime:
    """When a visit is, or the beginning of its window while nobody has set a time."""
    start: datetime | None = found["start_at"]
    return start or daytime.moment(found["day_on"], found["from_minute"])
