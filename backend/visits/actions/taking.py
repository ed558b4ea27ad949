"""At the household: errands taken on the spot, and the resident's address and phone in full."""
from datetime import datetime
from typing import Any

from backend.core import ledger, sql
from backend.core.actor import TOWNSHIP, Actor
from backend.core.transaction import transaction
from backend.errands.actions import intake
from backend.org import rules as tree
from backend.people.actions import residents
from backend.visits.actions import row
from backend.visits.models import VisitErrand
from backend.visits.queries import visits

HOME_VISIT = "home_visit"


@transaction
def take(visit_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Register an errand of the resident who is visited, and link it to the visit; the errand's id.

    ``given`` is the body of POST /errands without resident and channel. Where the agent's unit is not the visit's,
    his own takes the errand.
    """
    found = row.movable(visit_id, actor)
    row.move(found, "register", actor)
    own = actor.unit_code or ""
    reaches = tree.contains(own, found["unit_code"]) if actor.role == TOWNSHIP else own == found["unit_code"]
    errand = {"unit_code": found["unit_code"] if reaches else own, "claimed_at": found["arrived_at"]} | given
    errand |= {"channel": HOME_VISIT, "resident_id": found["resident_id"]}
    errand_id = intake.register(errand, actor=actor, now=now)
    sql.insert(VisitErrand, visit_id=visit_id, errand_id=errand_id, taken_at=now)
    row.change(found, actor)
    ledger.record(
        "visit.register", "visit", visit_id, scope=found["unit_code"], fields=("errands",),
        detail={"errand": errand_id}, reaches=(found["agent_id"],),
    )
    return errand_id


@transaction
def look(visit_id: str, *, reason: str, actor: Actor, now: datetime) -> list[str]:
    """Look at the address and the numbers of the resident who is visited, in full; counted and recorded as ever."""
    found = visits.row(visit_id, actor)
    return [visit_id, residents.view_in_full(found["resident_id"], reason=reason, actor=actor, now=now)]
