"""Whose projects an account reaches (rules 12)."""
from collections.abc import Sequence
from typing import Any

from backend.core.actor import HANDLER, TOWNSHIP, Actor
from backend.org.rules import scope as reach
from backend.projects.rules import who

_DEPARTMENTS = """EXISTS (
SELECT 1 FROM project_department d WHERE d.project_id = {}.id AND d.department_code = ? AND d.district_code = ?)"""


def condition(actor: Actor, alias: str = "p") -> tuple[str, list[Any]]:
    """The scope as SQL, with its parameters.

    The district's project agents and offices: all of the district. A handler: where his department has a procedure
    or a summons. A township: what is built there. Everybody else nothing.
    """
    if actor.role not in who.READERS:
        return "1 = 0", []
    if actor.role == HANDLER:
        return _DEPARTMENTS.format(alias), [actor.department_code or "", reach.district(actor)]
    if actor.role == TOWNSHIP:
        return f"{alias}.township_code = ?", [actor.unit_code or ""]
    return f"{alias}.district_code = ?", [reach.district(actor)]


def column(actor: Actor) -> tuple[str, str]:
    """The column that leads a list of the actor's projects into an index, and its value; not for handlers."""
    if actor.role == TOWNSHIP:
        return "township_code", actor.unit_code or ""
    return "district_code", reach.district(actor)


def stands_in(unit_codes: Sequence[str], alias: str = "p") -> tuple[str, list[Any]]:
    """That a project stands in one of these units as SQL, with its parameters: its township, or its district.

    Written so that no index of its own is chosen: the list's order leads into one already.
    """
    marks = ", ".join("?" * len(unit_codes))
    condition = f"({alias}.township_code || '' IN ({marks}) OR {alias}.district_code || '' IN ({marks}))"
    return condition, [*unit_codes, *unit_codes]
