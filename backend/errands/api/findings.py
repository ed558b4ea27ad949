"""Routes of what supervision reads of errands: findings, the zero-refusal register, work outside hours."""
from datetime import datetime
from typing import Any

from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.errands.api.blueprint import blp
from backend.errands.queries import diligence, refusals
from backend.errands.queries import findings as found
from backend.errands.schemas import telling as shapes
from backend.org.rules.scope import READERS

STAFF = READERS - {HANDLER}


@blp.lists("/findings", roles=found.READERS, item=shapes.Finding(), query=shapes.FindingQuery())
def findings(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Findings on officers of one's subtree, latest first; an agent or operator sees his own."""
    return found.listed(query, actor=actor)


@blp.reads("/findings/<string:finding_id>", roles=found.READERS, answers=shapes.Finding())
def finding(finding_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One finding."""
    return found.finding(finding_id, actor=actor, now=now)


@blp.lists("/refusals", roles=STAFF, item=shapes.Refusal(), query=shapes.SpanQuery())
def list_refusals(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The zero-refusal register, latest first: each no with its reason, the way on, who and when."""
    return refusals.listed(query, actor=actor)


@blp.lists("/off-hours-work", roles=STAFF, item=shapes.OffHours(), query=shapes.SpanQuery())
def off_hours_work(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """How much each account did outside office hours, this month unless asked otherwise; one's own at a desk."""
    return diligence.listed(query, actor=actor, now=now)
