"""Transition tables: a state machine is a dict ``(state, verb) → Move(state, roles)``."""
from collections.abc import Mapping
from typing import NamedTuple

from backend.core.problems import IllegalMove, Text


class Move(NamedTuple):
    """Where a verb leads, and which roles may say it."""

    state: str
    roles: frozenset[str]


Table = Mapping[tuple[str, str], Move]


def possible(table: Table, state: str, role: str | None = None) -> list[str]:
    """The verbs that somebody (``role``) can say in ``state``, in the table's order; not those of the jobs."""
    return [
        verb for (at, verb), move in table.items()
        if at == state and (move.roles if role is None else role in move.roles)
    ]


def move(table: Table, state: str, verb: str, names: Mapping[str, Text] | None = None) -> str:
    """The state that ``verb`` leads to; IllegalMove names the state and what is possible here."""
    found = table.get((state, verb))
    if found is not None:
        return found.state
    verbs = possible(table, state)
    told = names.get(state, Text(state, state)) if names else Text(state, state)
    raise IllegalMove(
        f"当前状态为“{told.zh}”，不能办理此步骤",
        f"The state is {told.en!r}; possible from here: {', '.join(verbs) or 'nothing'}",
        state=state,
        possible=verbs,
    )
