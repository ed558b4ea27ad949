"""Loading a project to act on it, its row held before any of its procedures."""
from typing import Any

from backend.core import moves
from backend.core.actor import Actor
from backend.core.problems import IllegalMove, StaleVersion
from backend.projects.queries import rows
from backend.projects.rules import states, who


def project(project_id: str, actor: Actor) -> dict[str, Any]:
    """The visible project, held; NotFound."""
    return rows.project(project_id, actor, lock=True)


def carried(project_id: str, actor: Actor) -> dict[str, Any]:
    """The visible project, held, which this actor carries; NotFound or NotYourProject."""
    found = project(project_id, actor)
    who.may_carry(actor.role, actor.id, found["agent_id"])
    return found


def move(found: dict[str, Any], verb: str, actor: Actor | None) -> str:
    """The state that a verb leads the project to; IllegalMove, then StaleVersion of an ``actor``'s If-Match."""
    state = moves.move(states.PROJECT_MOVES, found["state"], verb, states.PROJECT_NAMES)
    if actor is not None and actor.call.if_match not in (None, found["version"]):
        raise StaleVersion()
    return state


def check_unfinished(procedure: dict[str, Any]) -> None:
    """IllegalMove where the procedure has passed: what was decided stands as it was decided."""
    if states.passed(procedure["state"], procedure["outcome"]):
        raise IllegalMove("该手续已办结", "The procedure is finished", state=procedure["state"], possible=[])
