"""Loading an errand to act on it, and changing it guarded by its version."""
from datetime import datetime
from typing import Any

from backend.core import clock, moves, versions
from backend.core.actor import TOWNSHIP, Actor
from backend.errands import rules
from backend.errands.actions import following
from backend.errands.models import Errand
from backend.errands.queries import cases
from backend.people.queries import rosters


def movable(errand_id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The visible errand, locked, that this actor may move; NotFound or NotYours otherwise."""
    found = cases.row(errand_id, actor, lock=True)
    rules.may_move(actor.role, actor.id, _answering(found["agent_id"], actor, now))
    return found


def _answering(agent_id: str, actor: Actor, now: datetime) -> str:
    """Who answers for the errand today: its agent, or the actor who stands in for him by the roster (rules 5.7)."""
    if actor.role == TOWNSHIP or actor.id == agent_id:
        return agent_id
    return actor.id if rosters.stands_in(actor.id, agent_id, clock.local_date(now)) else agent_id


def mandated(errand_id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand as :func:`movable` has it, for an act in the resident's name: MandateExpired (rules 3.3).

    Declining, withdrawing, delivering and closing take nobody's mandate: they end it, or bring home
    what was done under it.
    """
    found = movable(errand_id, actor, now)
    if found["state"] not in rules.OVER:
        rules.check_mandate(found["mandate_expires_on"], clock.local_date(now))
    return found


def unfinished(errand_id: str, actor: Actor) -> dict[str, Any]:
    """The visible errand, locked, to which anyone of the unit may add; ErrandOver once it is closed."""
    found = cases.row(errand_id, actor, lock=True)
    if found["state"] in rules.OVER:
        raise rules.ErrandOver(state=found["state"])
    return found


def change(found: dict[str, Any], actor: Actor, now: datetime | None, **values: Any) -> None:
    """Write the values if nobody else changed the errand meanwhile; ``now`` is None where nobody acted on it."""
    if now is not None:
        values["acted_at"] = clock.NEVER if values.get("state", found["state"]) in rules.OVER else now
    versions.amend(Errand, found, actor, **values)
    following.follow(found, values)


def move(found: dict[str, Any], verb: str) -> dict[str, Any]:
    """What a verb writes of the state machine; IllegalMove names the state and what is possible from here."""
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    if state == rules.PREVIOUS:
        state = found["previous_state"]
    return {"state": state, "previous_state": found["state"], "last_move": verb}
