"""Loading an errand to act on it, and changing it guarded by its version."""
from datetime import datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.errands import rules
from backend.errands.models import Errand
from backend.errands.queries import cases

OVER = (rules.CLOSED, rules.DECLINED, rules.WITHDRAWN)


def movable(errand_id: str, actor: Actor) -> dict[str, Any]:
    """The visible errand, locked, that this actor may move; NotFound or NotYours otherwise."""
    found = cases.row(errand_id, actor, lock=True)
    rules.may_move(actor.role, actor.id, found["agent_id"])
    return found


def mandated(errand_id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand as :func:`movable` has it, for an act in the resident's name: MandateExpired (rules 3.3).

    Declining, withdrawing, delivering and closing take nobody's mandate: they end it, or bring home
    what was done under it.
    """
    found = movable(errand_id, actor)
    if found["state"] not in OVER:
        rules.check_mandate(found["mandate_expires_on"], clock.local_date(now))
    return found


def unfinished(errand_id: str, actor: Actor) -> dict[str, Any]:
    """The visible errand, locked, to which anyone of the unit may add; ErrandOver once it is closed."""
    found = cases.row(errand_id, actor, lock=True)
    if found["state"] in OVER:
        raise rules.ErrandOver(state=found["state"])
    return found


def check_seen(found: dict[str, Any], actor: Actor) -> None:
    """StaleVersion when the caller's If-Match names another version than the present one."""
    if actor.call.if_match is not None and actor.call.if_match != found["version"]:
        raise StaleVersion()


def change(found: dict[str, Any], actor: Actor, **values: Any) -> None:
    """Write the values if nobody else changed the errand meanwhile."""
    if not sql.amend(Errand, found["id"], found["version"], **values):
        raise StaleVersion() if actor.call.if_match is not None else Conflict()

