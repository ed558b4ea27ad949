"""Routes of the schemes."""
from datetime import datetime
from typing import Any

from backend.assessment.actions import drawing_up
from backend.assessment.api.blueprint import blp
from backend.assessment.queries import schemes
from backend.assessment.rules import DECIDERS, READERS
from backend.assessment.rules.schemes import PeriodBegun
from backend.assessment.schemas import schemes as shapes
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound


@blp.lists("/assessment-schemes", roles=READERS, item=shapes.SchemeShape())
def scheme_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The schemes of your district, the last drawn up first, the product's own at the end."""
    return schemes.page(query, actor=actor)


@blp.reads(
    "/assessment-schemes/<int:number>", roles=READERS, answers=shapes.SchemeShape(), refuses=(NotFound,), tagged=False
)
def one_scheme(number: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One scheme; it never changes."""
    return schemes.one(number, actor=actor, now=now)


@blp.creates(
    "/assessment-schemes", roles=DECIDERS, body=shapes.NewScheme(), answers=shapes.SchemeShape(), shows=schemes.one,
    refuses=(PeriodBegun, Conflict), tagged=False,
)
def draw_up_scheme(*, body: dict[str, Any], actor: Actor, now: datetime) -> int:
    """Draw up a scheme for a half-year that has not begun; it holds until another one does."""
    return drawing_up.draw_up(from_period=body["from_period"], body=shapes.body_of(body), actor=actor, now=now)
