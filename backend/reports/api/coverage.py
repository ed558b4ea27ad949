"""Routes of coverage: rates, targets, the matrix of onboarded items, checklists, the register of sites."""
from datetime import datetime
from typing import Any

from backend.core import clock
from backend.core.actor import ADMIN, OFFICE, Actor
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, StaleVersion
from backend.reports.actions import deciding
from backend.reports.api.blueprint import blp
from backend.reports.queries import coverage, register
from backend.reports.rules.states import OFFICES, READERS
from backend.reports.schemas import coverage as shapes

DRAWERS = frozenset({OFFICE, ADMIN})


@blp.lists(
    "/coverage", roles=PUBLIC, item=shapes.CoverageShape(), query=shapes.CoverageQuery(), refuses=(NotFound,),
    cacheable=True,
)
def coverage_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """How much of each level is built, of the district and of each township, today or ``as_of`` a day.

    The caller's own district, that of ``unit_code``, or the installation's first.
    """
    return coverage.page(query, actor=actor, now=now)


def _targets(district: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return coverage.shown_targets(district, now)


@blp.reads(
    "/coverage/targets", roles=PUBLIC, answers=shapes.TargetsShape(), query=shapes.DistrictQuery(), refuses=(NotFound,),
)
def coverage_targets(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The district's targets by level; until it decides otherwise, all townships by 31 July, villages by 31 October."""
    return _targets(coverage.district_of(query["unit_code"], actor), actor=actor, now=now)


@blp.changes(
    "/coverage/targets", roles=OFFICES, body=shapes.TargetsBody(), answers=shapes.TargetsShape(), shows=_targets,
    refuses=(NotFound, Conflict, StaleVersion),
)
def set_targets(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Set the targets of the caller's district; a level that is not named has the usual one."""
    return deciding.aim(**body, actor=actor, now=now)


@blp.reads(
    "/coverage/onboarded", roles=PUBLIC, answers=shapes.MatrixShape(), query=shapes.DistrictQuery(),
    refuses=(NotFound,), tagged=False,
)
def onboarded(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """How many service items of each department can be handed in at the sites of each township."""
    return coverage.onboarded(coverage.district_of(query["unit_code"], actor), now)


@blp.lists("/checklists", roles=PUBLIC, item=shapes.ChecklistShape(), query=shapes.ChecklistQuery())
def checklists(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Every version of the readiness checklists, the product's samples marked as such; always one page."""
    return register.checklist_page(query["level"], clock.local_date(now))


def _checklist(ref: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    found = register.checklist_page([ref["level"]], clock.local_date(now)).items
    return dict(next(one for one in found if one["number"] == ref["number"]))


@blp.creates(
    "/checklists", roles=DRAWERS, body=shapes.ChecklistBody(), answers=shapes.ChecklistShape(), shows=_checklist,
    refuses=(Conflict,), tagged=False,
)
def draw_up(*, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Enter a new version of a level's checklist, valid from tomorrow at the earliest; what is built stays built."""
    return deciding.draw_up(**body, actor=actor, now=now)


@blp.lists("/sites", roles=READERS, item=shapes.SiteShape(), query=shapes.SiteQuery())
def sites(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The register of sites: a township's own, the district's for its offices; by code."""
    return register.page(query, actor=actor, now=now)


@blp.reads("/sites/<string:unit_code>", roles=READERS, answers=shapes.SiteShape(), refuses=(NotFound,))
def one_site(unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One site of the register; it changes by what its township reports."""
    return register.site(unit_code, actor=actor, now=now)
