"""Who is told of what supervision does: posts of bodies, and accounts, at the next opening of the offices."""
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core.actor import Actor
from backend.notifications.actions import outbox
from backend.people.queries import posts


def post(
    template: str, code: str, district: str, *, post: str = "duty", subject: tuple[str, str], dedupe: str,
    values: Mapping[str, Any], actor: Actor, now: datetime,
) -> str | None:
    """Tell whoever answers for a post of a body (rules 4); the account told, None where nobody holds any."""
    to: str | None = posts.answering(code, post, district=district)["account_id"]
    if to is not None:
        account(template, to, district, subject=subject, dedupe=dedupe, values=values, actor=actor, now=now)
    return to


def account(
    template: str, to: str, district: str, *, subject: tuple[str, str], dedupe: str, values: Mapping[str, Any],
    actor: Actor, now: datetime,
) -> None:
    """Tell an account."""
    outbox.post(
        template, to=to, subject_type=subject[0], subject_id=subject[1], unit_code=district, values=values,
        dedupe=dedupe, not_before=hours.office_moment(calendars.calendar(), now), actor=actor, now=now,
    )
