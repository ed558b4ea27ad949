"""Routes of the one-time notice."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict
from backend.errands.actions import telling
from backend.errands.api.blueprint import TAKERS, blp, within
from backend.errands.queries import notices
from backend.errands.schemas import telling as shapes
from backend.org.rules.scope import READERS

PATH = "/errands/<string:errand_id>/supplement-notices"


@blp.creates(
    PATH, roles=TAKERS, body=shapes.NewNotice(), answers=shapes.ToldErrand(), shows=notices.told, within=within,
    refuses=(Conflict,),
)
def supplement(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Tell everything that is missing, once, within 5 working days of receipt; the errand with its notice."""
    return telling.tell(errand_id, **body, actor=actor, now=now)


@blp.lists(PATH, roles=READERS, item=shapes.Notice())
def supplements(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's notices of what is missing, in the order of their numbers."""
    return notices.listed(errand_id, query, actor=actor)


@blp.reads(f"{PATH}/<int:n>", roles=READERS, answers=shapes.Notice())
def one_supplement(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice of what is missing."""
    return notices.notice(errand_id, n, actor=actor, now=now)
