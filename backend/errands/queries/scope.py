"""Whose errands an account reaches (rules 12): the one place where it is said."""
from typing import Any

from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.org import rules as tree

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
NOBODY = ("unit_code", "")


def column(actor: Actor) -> tuple[str, str]:
    """The column and value that bound what the actor may see.

    Agents and operators: their unit. Township offices: their subtree. The district's offices: all
    of the district. Everybody else: nothing.
    """
    code = actor.unit_code or ""
    if actor.role in (AGENT, OPERATOR) and code:
        return "unit_code", code
    if actor.role == TOWNSHIP and code:
        return "township_code", tree.township_of(code)
    if actor.role in (OFFICE, SUPERVISOR, ADMIN) and code:
        return "district_code", tree.district_of(code)
    return NOBODY


def condition(actor: Actor, alias: str = "e") -> tuple[str, list[Any]]:
    """The scope as SQL, with its parameters."""
    name, code = column(actor)
    return f"{alias}.{name} = ?", [code]
