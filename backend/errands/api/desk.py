"""Routes of what a desk asks all day."""
from datetime import datetime
from typing import Any

from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.errands.api.blueprint import blp
from backend.errands.queries import desk
from backend.errands.schemas import shown, taken, telling
from backend.org.rules.scope import READERS

STAFF = READERS - {HANDLER}


@blp.lists("/errands/stuck", roles=STAFF, item=shown.StuckErrand(), query=telling.UnitQuery())
def stuck(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Open errands without an act for 3 working days, the longest first; suspended ones apart."""
    return desk.stuck(query, actor=actor, now=now)


@blp.creates(
    "/errands/lookups", roles=STAFF, keyed=False, tagged=False, status=200, body=taken.ErrandLookup(),
    answers=shown.FoundErrands(),
)
def look_up(*, body: dict[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """Open errands of one's scope whose resident has exactly this ID number or phone, due first; at most 200."""
    return {"items": desk.of_number(body, actor=actor, now=now)}
