"""People are told what the assessment says of them: the agent himself, a unit's head, a department's duty post."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.assessment.actions.adding import scheme_of
from backend.assessment.rules import AGENT_SUBJECT, UNIT_SUBJECT, scoring
from backend.assessment.rules.schemes import points
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.org import rules as tree
from backend.people.queries import posts

_TOLD = "UPDATE standing SET tell_at = NULL WHERE id = ? AND tell_at IS NOT NULL"
_ABLE = "SELECT 1 FROM account WHERE id = ? AND disabled_at IS NULL"


@transaction
def tell(batch: Sequence[dict[str, Any]], *, actor: Actor, now: datetime) -> int:
    """Tell these of their scores, once for each revision; how many there were to be told."""
    for one in batch:
        if sql.run(_TOLD, (one["id"],)) == 0:
            continue
        scheme = scheme_of(one["district_code"], one["period"])
        template = "score_settled" if one["revision"] == 1 else "score_changed"
        to = post(
            template, one, f"score:{one['id']}:{one['revision']}",
            {"score": points(one["total_tenths"]), "grade": scoring.grade(scheme, one["total_tenths"]) or "—"},
            actor=actor, now=now,
        )
        ledger.record(
            "assessment.tell", "standing", one["id"], scope=one["unit_code"],
            detail={"to": to, "score": points(one["total_tenths"]), "revision": one["revision"]},
        )
    return len(batch)


def post(
    template: str, standing: dict[str, Any], dedupe: str, values: dict[str, Any], *, actor: Actor, now: datetime
) -> str | None:
    """A notice to whom a score is about, at the next opening of the offices; his account, None where there is none."""
    to = _whom(standing)
    if to is not None:
        outbox.post(
            template, to=to, subject_type="standing", subject_id=standing["id"], unit_code=standing["unit_code"],
            values={"name": standing["name"], "period": told(standing["period"])} | values, dedupe=dedupe,
            not_before=hours.office_moment(calendars.calendar(), now), actor=actor, now=now,
        )
    return to


def _whom(standing: dict[str, Any]) -> str | None:
    if standing["subject_type"] == AGENT_SUBJECT:
        return standing["subject_id"] if sql.value(_ABLE, (standing["subject_id"],)) else None
    if standing["subject_type"] == UNIT_SUBJECT:
        held = posts.holder(standing["subject_id"], "head")
        return str(held["id"]) if held else None
    district = tree.district_of(standing["unit_code"])
    held = posts.holder(standing["subject_id"], "duty", district=district)
    return str(held["id"]) if held else None


def told(period: str) -> str:
    """A half-year as people say it."""
    return f"{period[:4]}年{'上' if period[-1] == '1' else '下'}半年"
