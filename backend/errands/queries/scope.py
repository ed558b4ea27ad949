"""Whose errands an account reaches (rules 12): the one place where it is said."""
from collections.abc import Sequence
from typing import Any

from backend.core.actor import HANDLER, Actor
from backend.org import rules as tree
from backend.org.rules import scope as reach

_LEVELS = {"village": "unit_code", "township": "township_code"}
DESK = "desk"
"""The scope of a department's handlers, which no column of the errand holds."""

_READ = """EXISTS (SELECT 1 FROM errand_reader d
WHERE d.errand_id = {}.id AND d.code = ? AND d.district_code = ?)"""


def column(actor: Actor) -> tuple[str, str]:
    """The column and value that bound what the actor may see.

    Handlers: what was ever forwarded to their department within the district, which is no column but DESK
    with the department's code. Everybody else: as far as he reaches over the units.
    """
    if actor.role == HANDLER and actor.unit_code and actor.department_code:
        return DESK, actor.department_code
    return reach.column(actor)


def root(actor: Actor) -> str:
    """The code of the unit under which all lies that the actor may see."""
    name, code = column(actor)
    return reach.district(actor) if name == DESK else code


def condition(actor: Actor, alias: str = "e") -> tuple[str, list[Any]]:
    """The scope as SQL, with its parameters."""
    name, code = column(actor)
    if name == DESK:
        return _READ.format(alias), [code, reach.district(actor)]
    return f"{alias}.{name} = ?", [code]


def narrowed(actor: Actor, unit_codes: Sequence[str], alias: str = "e") -> tuple[str, list[Any]]:
    """The scope, and of it what lies at or under these units, as SQL led by the narrower index.

    ``|| ''`` keeps an engine that counts nothing from the wider one.
    """
    if len(unit_codes) != 1 or column(actor)[0] == DESK:
        text, params = condition(actor, alias)
        if not unit_codes:
            return text, params
        under = [(_LEVELS.get(tree.level_of(code), "district_code"), code) for code in unit_codes]
        any_of = " OR ".join(f"{alias}.{name} = ?" for name, _ in under)
        return f"{text} AND ({any_of})", [*params, *(code for _, code in under)]
    asked = (_LEVELS.get(tree.level_of(unit_codes[0]), "district_code"), unit_codes[0])
    (near, first), (far, second) = sorted((column(actor), asked), key=lambda bound: reach.COLUMNS.index(bound[0]))
    return f"{alias}.{near} = ? AND {alias}.{far} || '' = ?", [first, second]
