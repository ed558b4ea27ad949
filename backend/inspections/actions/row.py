"""Moving a mystery visit or a plan, guarded by its version."""
from typing import Any

from backend.core import moves, sql
from backend.core.actor import Actor
from backend.core.db import Row
from backend.core.problems import Conflict, StaleVersion
from backend.inspections import rules
from backend.inspections.models import Inspection


def move(found: dict[str, Any], verb: str, actor: Actor) -> dict[str, Any]:
    """What a verb writes of a visit's state; IllegalMove, then StaleVersion."""
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    check_seen(found, actor)
    return {"state": state}


def check_seen(found: dict[str, Any], actor: Actor) -> None:
    """StaleVersion when the caller's If-Match names another version than the present one."""
    if actor.call.if_match not in (None, found["version"]):
        raise StaleVersion()


def change(found: dict[str, Any], actor: Actor, *, model: type[Row] = Inspection, **values: Any) -> None:
    """Write the values if nobody else changed the row meanwhile."""
    if not sql.amend(model, found["id"], found["version"], **values):
        raise StaleVersion() if actor.call.if_match is not None else Conflict()
