"""Whose visits an account reaches: as far as it reaches over the units, and those that it makes itself."""
from typing import Any

from backend.core.actor import AGENT, OPERATOR, Actor
from backend.org.rules import scope as reach


def makes_visits(actor: Actor) -> bool:
    """Whether the account may be sent to households outside its own unit, and must see them then."""
    return actor.role in (AGENT, OPERATOR)


def condition(actor: Actor, alias: str = "v") -> tuple[str, list[Any]]:
    """The scope as SQL, with its parameters."""
    name, code = reach.column(actor)
    if makes_visits(actor):
        return f"({alias}.{name} = ? OR {alias}.agent_id = ?)", [code, actor.id]
    return f"{alias}.{name} = ?", [code]
