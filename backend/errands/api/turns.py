"""Routes of an errand's turns: suspended, resumed, extended, a step taken back."""
from datetime import datetime
from typing import Any

from backend.clocks.schemas import NewSuspension, SuspensionEnd
from backend.core.actor import TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import IllegalMove, StaleVersion
from backend.errands import rules
from backend.errands.actions import reversing, stopping
from backend.errands.api.blueprint import TAKERS, blp, within
from backend.errands.queries import cases, turns
from backend.errands.rules.turns import AlreadyExtended, LimitPassed, NotExtendable, NothingToReverse
from backend.errands.schemas import shown
from backend.errands.schemas.turns import ErrandSuspension, Extension, Reversal
from backend.org.rules.scope import READERS

_SUSPENSIONS = "/errands/<string:errand_id>/suspensions"


@blp.creates(
    _SUSPENSIONS, roles=TAKERS, body=NewSuspension(), answers=shown.ShownErrand(), shows=cases.one, within=within,
    refuses=(IllegalMove, StaleVersion), at_once=True,
)
def suspend(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Stop the errand's clocks for a hearing, a test and the like, with a written notice; the errand."""
    return stopping.suspend(errand_id, **body, actor=actor, now=now)


@blp.lists(_SUSPENSIONS, roles=READERS, item=ErrandSuspension())
def suspensions(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What stopped the errand's clocks, oldest first."""
    return turns.listed(errand_id, query, actor=actor)


@blp.reads(f"{_SUSPENSIONS}/<int:n>", roles=READERS, answers=ErrandSuspension())
def suspension(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One suspension of the errand, by its number."""
    return turns.suspension(errand_id, n, actor=actor)


@blp.changes(
    f"{_SUSPENSIONS}/current/end", roles=TAKERS, body=SuspensionEnd(), answers=shown.ShownErrand(), shows=cases.one,
    within=within, refuses=(IllegalMove,), at_once=True,
)
def end_suspension(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """End the suspension: the limit runs on, or its whole budget begins anew."""
    return stopping.end_suspension(errand_id, **body, actor=actor, now=now)


@blp.changes(
    "/errands/<string:errand_id>/extension", roles=rules.EXTENDERS, body=Extension(), answers=shown.ShownErrand(),
    shows=cases.one, within=within, refuses=(IllegalMove, AlreadyExtended, LimitPassed, NotExtendable), at_once=True,
)
def extend(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Extend the promise, once and before it has passed; the township, or the head of the step's department."""
    return stopping.extend(errand_id, **body, actor=actor, now=now)


@blp.creates(
    "/errands/<string:errand_id>/reversals", roles=frozenset({TOWNSHIP}), body=Reversal(),
    answers=shown.ShownErrand(), shows=cases.one, within=within,
    refuses=(IllegalMove, NothingToReverse, StaleVersion), at_once=True,
)
def reverse(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take a mistaken step back before delivery, as a new fact with a reason; the errand."""
    return reversing.reverse(errand_id, **body, actor=actor, now=now)
