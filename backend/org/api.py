"""Routes of the tree and the departments."""
from datetime import datetime
from typing import Any

from backend.core import clock, http
from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import queries
from backend.org.actions import units
from backend.org.schemas import DepartmentQuery, DepartmentShape, UnitPatch, UnitQuery, UnitShape

blp = http.Blueprint("org", description="机构与部门 · units and departments")


@blp.lists("/units", roles=http.PUBLIC, item=UnitShape(), query=UnitQuery())
def list_units(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Units by level, parent, or the beginning of their name, pinyin or initials."""
    return queries.units(
        levels=query["level"], parents=query["parent_code"], q=query["q"], standing=query["in_office"],
        on=clock.local_date(now), limit=query["limit"], cursor=query["cursor"],
    )


def _shown(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    row = queries.unit(code)
    if row is None:
        raise NotFound()
    return queries.shown(row, clock.local_date(now))


@blp.reads("/units/<code>", roles=http.PUBLIC, answers=UnitShape(), cacheable=True)
def read_unit(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One unit, in office or not."""
    return _shown(code, actor=actor, now=now)


@blp.patches(
    "/units/<code>", roles=frozenset({ADMIN}), body=UnitPatch(), answers=UnitShape(),
    shows=_shown, within=_shown,
)
def change_unit(code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Change a unit of one's own subtree; with valid_to it leaves office on that day."""
    return units.change(code, changes=body, actor=actor, now=now)


@blp.lists("/departments", roles=http.PUBLIC, item=DepartmentShape(), query=DepartmentQuery())
def list_departments(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Departments by code."""
    return queries.departments(
        standing=query["in_office"], on=clock.local_date(now), limit=query["limit"], cursor=query["cursor"]
    )


@blp.reads("/departments/<code>", roles=http.PUBLIC, answers=DepartmentShape(), cacheable=True)
def read_department(code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One department, in office or not."""
    row = queries.department(code)
    if row is None:
        raise NotFound()
    return queries.shown_department(row, clock.local_date(now))
