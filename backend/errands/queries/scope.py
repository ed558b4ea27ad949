"""Whose errands an account reaches (rules 12): the one place where it is said."""
from collections.abc import Sequence
from typing import Any

from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.org import rules as tree

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN})
NOBODY = ("unit_code", "")
COLUMNS = ("unit_code", "township_code", "district_code")
_LEVELS = {"village": "unit_code", "township": "township_code"}
DESK = "desk"
"""The scope of a department's handlers, which no column of the errand holds."""

_READ = """EXISTS (SELECT 1 FROM errand_reader d
WHERE d.errand_id = {}.id AND d.code = ? AND d.district_code = ?)"""


def column(actor: Actor) -> tuple[str, str]:
    """The column and value that bound what the actor may see.

    Agents and operators: their unit. Township offices: their subtree. The district's offices: all
    of the district. Handlers: what was ever forwarded to their department within the district, which
    is no column but DESK with the department's code. Everybody else: nothing.
    """
    code = actor.unit_code or ""
    if actor.role in (AGENT, OPERATOR) and code:
        return "unit_code", code
    if actor.role == TOWNSHIP and code:
        return "township_code", tree.township_of(code)
    if actor.role in (OFFICE, SUPERVISOR, ADMIN) and code:
        return "district_code", tree.district_of(code)
    if actor.role == HANDLER and code and actor.department_code:
        return DESK, actor.department_code
    return NOBODY


def district(actor: Actor) -> str:
    """The code of the actor's district."""
    return tree.district_of(actor.unit_code or "")


def root(actor: Actor) -> str:
    """The code of the unit under which all lies that the actor may see."""
    name, code = column(actor)
    return district(actor) if name == DESK else code


def condition(actor: Actor, alias: str = "e") -> tuple[str, list[Any]]:
    """The scope as SQL, with its parameters."""
    name, code = column(actor)
    if name == DESK:
        return _READ.format(alias), [code, district(actor)]
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
    (near, first), (far, second) = sorted((column(actor), asked), key=lambda bound: COLUMNS.index(bound[0]))
    return f"{alias}.{near} = ? AND {alias}.{far} || '' = ?", [first, second]
