"""Loading a project to act on it, its row held before any of its procedures; what was seen of a row, its change."""
from typing import Any

from backend.core import moves, sql, versions
from backend.core.actor import PROJECT_AGENT, Actor
from backend.core.db import Row
from backend.core.problems import Conflict, IllegalMove
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
    if actor is not None:
        versions.check_seen(found, actor)
    return state


def check_unfinished(procedure: dict[str, Any]) -> None:
    """IllegalMove where the procedure has passed: what was decided stands as it was decided."""
    if states.passed(procedure["state"], procedure["outcome"]):
        raise IllegalMove("该手续已办结", "The procedure is finished", state=procedure["state"], possible=[])


def held(project_id: str, code: str, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """The visible project, then its procedure, both held; NotFound."""
    found = project(project_id, actor)
    return found, rows.procedure(project_id, code, lock=True)


def speaks(found: dict[str, Any], department_code: str, actor: Actor) -> bool:
    """Whether the actor speaks for this department in the project."""
    return who.acts_for(actor.role, actor.department_code, actor.unit_code, department_code, found["township_code"])


def may_record(found: dict[str, Any], department_code: str, actor: Actor) -> None:
    """NotYourProject or NotYourDepartment unless the project's agent, or who speaks for this department."""
    if actor.role == PROJECT_AGENT:
        who.may_carry(actor.role, actor.id, found["agent_id"])
    elif not speaks(found, department_code, actor):
        raise who.NotYourDepartment()


def turn(procedure: dict[str, Any], verb: str, actor: Actor) -> str:
    """The state that a verb leads a procedure to; IllegalMove, then StaleVersion of the actor's If-Match."""
    state = moves.move(states.MOVES, procedure["state"], verb, states.STATE_NAMES)
    versions.check_seen(procedure, actor)
    return state


def amend(model: type[Row], found: dict[str, Any], **values: Any) -> None:
    """Change a row as it was read; Conflict where it is another by now."""
    if not sql.amend(model, found["id"], found["version"], **values):
        raise Conflict()
