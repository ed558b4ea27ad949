"""Visits whose agent will not come: their unit is told once, and the task goes once that is settled."""
from datetime import datetime
from typing import Any

from backend.core import ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import calls
from backend.people.queries import posts
from backend.visits.actions import telling
from backend.visits.models import Visit
from backend.visits.queries import away

DUTY = "duty"
SETTLED = "已另行安排"


@transaction
def warn(visit_id: str, *, actor: Actor, now: datetime) -> int:
    """Open the unit's call task for a visit whose agent is away, and tell the township's duty post; 1, or 0."""
    found = away.any_row(visit_id)
    if found is None or not away.is_away(found):
        return 0
    opened = calls.open(
        subject_type="visit", subject_id=visit_id, subject_number=found["number"], resident_id=found["resident_id"],
        unit_code=found["unit_code"], reason=away.AWAY, dedupe=away.dedupe(found), actor=actor, now=now,
    )
    if opened is None:
        return 0
    holder = posts.answering(found["township_code"], DUTY)["account_id"]
    if holder is not None:
        telling.tell_staff(away.AWAY, found, holder, actor=actor, now=now)
    return 1


@transaction
def check(visit_id: str, *, actor: Actor, now: datetime) -> int:
    """Withdraw the task of a visit whose agent comes after all; how many. A later absence is told anew."""
    found = away.any_row(visit_id)
    if found is None or away.is_away(found):
        return 0
    sql.amend(Visit, visit_id, found["version"])
    ledger.record("visit.expect", "visit", visit_id, scope=found["unit_code"], reaches=(found["agent_id"],))
    return settle(found, actor=actor, now=now)


def settle(found: dict[str, Any], *, actor: Actor, now: datetime) -> int:
    """Within the act that gives a visit to somebody, begins or ends it: nobody needs to be rung any more."""
    return calls.withdraw(
        subject_type="visit", subject_id=found["id"], reasons=(away.AWAY,), note=SETTLED, actor=actor, now=now
    )
