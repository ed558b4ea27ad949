"""Reminders to those who answer for a unit."""
from datetime import date, datetime

from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.people.queries import posts


@transaction
def remind_of_rosters(township_code: str, names: list[str], first: date, *, actor: Actor, now: datetime) -> int:
    """Tell who answers for the township which units' rosters from ``first`` on are not published; 1 where he was told.

    0 where nobody holds a post on the way up (he is told once somebody does), or where he was told before.
    """
    to = posts.answering(township_code, "duty")["account_id"]
    if to is None:
        return 0
    month = f"{first:%Y-%m}"
    posted = outbox.post(
        "rosters_unpublished", to=to, subject_type="rosters", subject_id=f"{township_code}/{month}",
        unit_code=township_code, values={"first": first, "count": len(names), "units": names},
        dedupe=f"rosters:{township_code}:{month}", actor=actor, now=now,
    )
    return 0 if posted is None else 1
