"""Routes of mystery visits. A hidden one is to others, at every address, as one that is not there."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import downloads, http, sheets
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, StaleVersion, TooMany, Unavailable
from backend.core.shapes import Empty, ListQuery
from backend.files import api as files
from backend.inspections import rules, schemas
from backend.inspections.actions import exporting, judging, planning, publishing, recording
from backend.inspections.queries import inspections, plans, story

__all__ = ["blp", "judging"]

blp = http.Blueprint("inspections", description="暗访 · mystery visits")

WHO = rules.INSPECTORS
ONE, PLAN = "/inspections/<string:inspection_id>", "/inspection-plans/<string:plan_id>"
PICTURES = ("image/jpeg", "image/png", "image/webp")
MOVED = (IllegalMove, Conflict, StaleVersion)


def within(inspection_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the caller may not know of the visit."""
    inspections.row(inspection_id, actor)


def planned(plan_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the plan is another district's."""
    plans.row(plan_id, actor)


@blp.creates(
    "/inspections", roles=WHO, body=schemas.RecordInspection(), answers=schemas.ShownInspection(),
    shows=inspections.one, refuses=(Conflict,),
)
def record(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record a mystery visit with its findings and photos; hidden from the inspected unit until it is published."""
    return recording.record(body, actor=actor, now=now)


@blp.lists("/inspections", roles=rules.READERS, item=schemas.ShownInspection(), query=schemas.InspectionQuery())
def inspection_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Visits, the latest first: published ones of the caller's scope; the supervising office sees hidden ones too."""
    return inspections.listed(query, actor=actor)


@blp.reads(
    "/inspections/export.xlsx", roles=rules.READERS, media=sheets.MEDIA, query=schemas.ExportQuery(),
    refuses=(TooMany, Unavailable),
)
def export(*, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """Findings as a workbook: of published visits only, whoever asks."""
    file = exporting.export(query, downloads.folder(), actor=actor, now=now)
    return downloads.sent(file, "inspections.xlsx", sheets.MEDIA)


@blp.reads(ONE, roles=rules.READERS, answers=schemas.ShownInspection())
def inspection(inspection_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One visit with its findings."""
    return inspections.one(inspection_id, actor=actor, now=now)


@blp.reads(f"{ONE}/photos/<sha256>", roles=rules.READERS, media=PICTURES, cacheable=True)
def photo(inspection_id: str, sha256: str, *, actor: Actor, now: datetime) -> Response:
    """A photo of a finding, for whom the visit is to see."""
    return files.served(sha256, inspections.photo(inspection_id, sha256, actor=actor))


@blp.lists(f"{ONE}/events", roles=rules.KEEPERS, item=schemas.InspectionEvent(), query=ListQuery())
def events(inspection_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Who recorded, changed and published the visit, and when."""
    return story.events(inspection_id, query=query, actor=actor, now=now)


@blp.changes(
    ONE, roles=WHO, body=schemas.AmendInspection(), answers=schemas.ShownInspection(), shows=inspections.one,
    within=within, refuses=MOVED,
)
def amend(inspection_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write a hidden visit anew."""
    return recording.amend(inspection_id, body, actor=actor, now=now)


@blp.changes(
    f"{ONE}/publication", roles=WHO, body=Empty(), answers=schemas.ShownInspection(), shows=inspections.one,
    within=within, refuses=MOVED,
)
def publish(inspection_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Publish the visit: the unit reads it from now on, its head and whoever it names are told; it never changes."""
    return publishing.publish(inspection_id, actor=actor, now=now)


@blp.changes(
    f"{ONE}/withdrawal", roles=WHO, body=schemas.InspectionReason(), answers=schemas.ShownInspection(),
    shows=inspections.one, within=within, refuses=MOVED,
)
def withdraw(inspection_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take a hidden visit back; it counts for nothing, and nobody else learns of it."""
    return recording.withdraw(inspection_id, **body, actor=actor, now=now)


@blp.creates(
    "/inspection-plans", roles=WHO, body=schemas.PlanInspection(), answers=schemas.ShownPlan(), shows=plans.one,
)
def plan(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Plan a mystery visit; only the supervising office ever reads plans."""
    return planning.plan(body, actor=actor, now=now)


@blp.lists("/inspection-plans", roles=WHO, item=schemas.ShownPlan(), query=schemas.PlanQuery())
def plan_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Plans by their day, those still to be made unless asked otherwise."""
    return plans.listed(query, actor=actor)


@blp.reads(PLAN, roles=WHO, answers=schemas.ShownPlan())
def one_plan(plan_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One plan."""
    return plans.one(plan_id, actor=actor, now=now)


@blp.changes(
    PLAN, roles=WHO, body=schemas.PlanInspection(), answers=schemas.ShownPlan(), shows=plans.one, within=planned,
    refuses=MOVED,
)
def amend_plan(plan_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write an open plan anew."""
    return planning.amend(plan_id, body, actor=actor, now=now)


@blp.changes(
    f"{PLAN}/cancellation", roles=WHO, body=schemas.InspectionReason(), answers=schemas.ShownPlan(), shows=plans.one,
    within=planned, refuses=MOVED,
)
def drop_plan(plan_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Give a plan up."""
    return planning.drop(plan_id, **body, actor=actor, now=now)


@blp.lists("/inspection-months", roles=WHO, item=schemas.InspectionMonth(), query=ListQuery())
def month_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Months that are over, the latest first: what was owed, what was made, whether the office is flagged itself."""
    return plans.month_list(query, actor=actor, now=now)


@blp.reads("/inspection-months/current", roles=WHO, answers=schemas.PresentMonth(), tagged=False)
def present_month(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """How the present month stands."""
    return plans.standing(actor=actor, now=now)
