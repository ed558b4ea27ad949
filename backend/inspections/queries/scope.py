"""Who reads which mystery visits: said here once, and every statement about them carries it."""
from typing import Any

from backend.core import paging
from backend.core.actor import ADMIN, SUPERVISOR, Actor
from backend.inspections import rules
from backend.org.rules import scope as reach


def keeps(actor: Actor) -> bool:
    """Whether the account is of those who may know of hidden visits."""
    return actor.role in rules.KEEPERS


def condition(actor: Actor) -> tuple[str, list[Any]]:
    """On ``inspection i``: supervisors all of their district, an admin but the hidden ones of his own unit.

    Everybody else the published ones within his reach; a hidden one is to him as if it were not there.
    """
    name, code = reach.column(actor)
    if actor.role == SUPERVISOR:
        return f"i.{name} = ?", [code]
    if actor.role == ADMIN:
        return f"i.{name} = ? AND (i.state = 'published' OR i.unit_code <> ?)", [code, actor.unit_code or ""]
    return f"i.{name} = ? AND i.state = 'published'", [code]


def states(asked: list[str], actor: Actor) -> list[str]:
    """Which states a list walks: hidden rows are not even walked for those who may not know of them."""
    wanted = paging.states_of(asked, rules.STATES, rules.SHOWN_FIRST)
    return [state for state in rules.STATES if state in wanted and (keeps(actor) or state == rules.PUBLISHED)]
