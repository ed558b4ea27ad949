"""To whom a complaint goes: never to the person complained about, nor to his own unit (rules 10.2). Pure."""
from collections.abc import Mapping
from typing import Any

from backend.core.actor import ADMIN, SUPERVISOR, TOWNSHIP
from backend.org import rules as tree

SERIES = "990000"
"""What complaints' numbers begin with, so that no unit's own numbers show a gap where one was made about it."""


def handler_of(
    unit_code: str, about: Mapping[str, Any] | None, agent: Mapping[str, Any] | None = None, *, standing: bool = True
) -> str:
    """The body that handles a complaint about a unit, a person (``role``, ``unit_code``), an errand's agent.

    What concerns a village goes to its township; what concerns the township's own house, or anybody of it, to the
    district; so does what concerns a village of a township that has left office (not ``standing``).
    """
    township = tree.township_of(unit_code)
    concerned = [person for person in (about, agent) if person]
    if not standing or tree.level_of(unit_code) != "village" or any(_beyond(one, township) for one in concerned):
        return tree.district_of(unit_code)
    return township


def _beyond(person: Mapping[str, Any], township_code: str) -> bool:
    """Whether the township must not judge him: its own office or house, or nobody of its villages."""
    own = person["unit_code"] or ""
    below = tree.level_of(own) == "village" and tree.township_of(own) == township_code
    return person["role"] == TOWNSHIP or not below


def above(handler_code: str) -> str | None:
    """The body a level up; None above the district."""
    district = tree.district_of(handler_code)
    return None if district == handler_code else district


def may_handle(role: str, handler_code: str, about_role: str | None) -> bool:
    """Townships what is routed to them, supervisors all, an admin what is about a supervisor."""
    if role == SUPERVISOR:
        return True
    if role == ADMIN:
        return about_role == SUPERVISOR
    return role == TOWNSHIP and tree.level_of(handler_code) == "township"


def number_root(district_code: str) -> str:
    """The place under which complaints of a district are numbered."""
    return district_code[:6] + SERIES
