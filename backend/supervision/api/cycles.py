"""Routes of the cycles of supervision: standing matters, and periods with their figures."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.supervision.actions import cycling
from backend.supervision.queries import cycles
from backend.supervision.rules.states import SUPERVISORS
from backend.supervision.schemas import cycles as shapes
from backend.supervision.schemas.parts import GivenReason

blp = http.Blueprint("supervision_cycles", description="督查周期 · weekly, ten-day and monthly cycles")

DISTRICT = frozenset({OFFICE, SUPERVISOR, ADMIN})
MATTER = "/standing-matters/<string:matter_id>"


def _within(matter_id: str, *, actor: Actor, now: datetime) -> None:
    cycles.matter(matter_id, actor)


@blp.lists("/standing-matters", roles=DISTRICT, item=shapes.MatterShape(), query=shapes.MattersQuery())
def matter_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Matters that the cycles ask anew of their targets, the newest first."""
    return cycles.matters(query, actor=actor, now=now)


@blp.creates(
    "/standing-matters", roles=SUPERVISORS, body=shapes.MatterIn(), answers=shapes.MatterShape(),
    shows=cycles.one_matter, refuses=(Conflict,),
)
def stand_matter(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Have each period of a cycle make an order of a matter for each target, due at the period's end."""
    return cycling.stand(body, actor=actor, now=now)


@blp.reads(MATTER, roles=DISTRICT, answers=shapes.MatterShape(), refuses=(NotFound,))
def one_matter(matter_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One standing matter."""
    return cycles.one_matter(matter_id, actor=actor, now=now)


@blp.changes(
    f"{MATTER}/end", roles=SUPERVISORS, body=GivenReason(), answers=shapes.MatterShape(), shows=cycles.one_matter,
    within=_within, refuses=(NotFound, IllegalMove, Conflict, StaleVersion),
)
def end_matter(matter_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Ask a matter no more; orders already made stand."""
    return cycling.end(matter_id, **body, actor=actor, now=now)


@blp.lists("/supervision-cycles", roles=DISTRICT, item=shapes.CycleShape(), query=shapes.CyclesQuery())
def cycle_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Periods of the cycles with their figures once closed, the last due first."""
    return cycles.page(query, actor=actor, now=now)


@blp.reads(
    "/supervision-cycles/<string:kind>/<string:period>", roles=DISTRICT, answers=shapes.CycleShape(),
    refuses=(NotFound,),
)
def one_cycle(kind: str, period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One period: weekly 2026-W09, ten_day 2026-02-3, monthly 2026-02."""
    return cycles.one(kind, period, actor=actor, now=now)
