"""Moving a mystery visit."""
from typing import Any

from backend.core import moves, versions
from backend.core.actor import Actor
from backend.inspections import rules


def move(found: dict[str, Any], verb: str, actor: Actor) -> dict[str, Any]:
    """What a verb writes of a visit's state; IllegalMove, then StaleVersion."""
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    return {"state": state}
