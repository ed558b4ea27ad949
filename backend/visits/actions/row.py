"""Loading a visit to act on it, and changing it guarded by its version."""
from datetime import datetime
from typing import Any

from backend.core import moves, versions
from backend.core.actor import Actor
from backend.visits import rules
from backend.visits.models import Visit
from backend.visits.queries import visits
from backend.visits.rules import late


def movable(visit_id: str, actor: Actor) -> dict[str, Any]:
    """The visible visit, locked, that this actor makes or answers for; NotFound or NotYourVisit otherwise."""
    found = visits.row(visit_id, actor, lock=True)
    rules.may_move(actor.role, actor.id, found["agent_id"])
    return found


def change(found: dict[str, Any], actor: Actor, **values: Any) -> None:
    """Write the values if nobody else changed the visit meanwhile."""
    versions.amend(Visit, found, actor, **values)


def move(found: dict[str, Any], verb: str, actor: Actor) -> dict[str, Any]:
    """What a verb writes of the state machine; IllegalMove, then StaleVersion."""
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    return {"state": state}


def lateness(found: dict[str, Any], at: datetime, now: datetime) -> bool:
    """Whether the visit counts as entered late, now that this step is."""
    return bool(found["late"]) or late.is_late(at, now)
