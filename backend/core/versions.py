"""A row that the caller has read and now changes: refused where somebody else changed it meanwhile."""
from collections.abc import Mapping
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.db import Row
from backend.core.problems import Conflict, StaleVersion


def check_seen(found: Mapping[str, Any], actor: Actor) -> None:
    """StaleVersion where the caller's If-Match names another version than the row's present one."""
    if actor.call.if_match not in (None, found["version"]):
        raise StaleVersion()


def amend(model: type[Row], found: Mapping[str, Any], actor: Actor, **values: Any) -> None:
    """Write the values where nobody else changed the row since it was read; else StaleVersion, or Conflict."""
    if not sql.amend(model, found["id"], found["version"], **values):
        raise Conflict() if actor.call.if_match is None else StaleVersion()
