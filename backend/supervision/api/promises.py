"""Routes of public promises."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import Actor
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.supervision.actions import promising
from backend.supervision.queries import promises
from backend.supervision.rules.bodies import NotYourBody
from backend.supervision.rules.states import PROMISERS, SUPERVISORS
from backend.supervision.schemas import cases as shapes
from backend.supervision.schemas.parts import GivenReason, GivenText

blp = http.Blueprint("commitments", description="公开承诺 · public promises, their evidence and breaches")

PROMISE = "/commitments/<string:commitment_id>"
SHAPE = shapes.PromiseShape()
CHANGING = (NotFound, IllegalMove, Conflict, StaleVersion)


def _within(commitment_id: str, *, actor: Actor, now: datetime) -> None:
    promises.row(commitment_id, actor)


@blp.lists(
    "/commitments", roles=PUBLIC, item=shapes.ListedPromise(), query=shapes.PromisesQuery(), refuses=(NotFound,)
)
def promise_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Public promises of a district's departments and units; running and broken ones, the newest first."""
    return promises.page(query, actor=actor, now=now)


@blp.creates(
    "/commitments", roles=PROMISERS, body=shapes.PromiseIn(), answers=SHAPE, shows=promises.one,
    refuses=(Conflict, NotYourBody),
)
def make_promise(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Enter a promise: a body its own, office and supervisor anybody's. Its words never change."""
    return promising.promise(body, actor=actor, now=now)


@blp.reads(PROMISE, roles=PUBLIC, answers=SHAPE, refuses=(NotFound,))
def one_promise(commitment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One promise with its evidence and breaches."""
    return promises.one(commitment_id, actor=actor, now=now)


@blp.creates(
    f"{PROMISE}/evidence", roles=PROMISERS, body=GivenText(), answers=SHAPE, shows=promises.one, within=_within,
    refuses=(*CHANGING, NotYourBody),
)
def show_kept(commitment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Add what shows that the promise is kept."""
    return promising.show(commitment_id, **body, actor=actor, now=now)


@blp.changes(
    f"{PROMISE}/fulfilment", roles=SUPERVISORS, body=shapes.PromiseNoteIn(), answers=SHAPE, shows=promises.one,
    within=_within, refuses=CHANGING,
)
def find_kept(commitment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Find that the promise was kept; a broken one is made good late."""
    return promising.fulfil(commitment_id, **body, actor=actor, now=now)


@blp.creates(
    f"{PROMISE}/breaches", roles=SUPERVISORS, body=shapes.PromiseBreachIn(), answers=SHAPE, shows=promises.one,
    within=_within, refuses=CHANGING,
)
def find_broken(commitment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Find that the promise was not kept: it counts, and an accountability case is proposed."""
    return promising.breach(commitment_id, **body, actor=actor, now=now)


@blp.changes(
    f"{PROMISE}/withdrawal", roles=SUPERVISORS, body=GivenReason(), answers=SHAPE, shows=promises.one, within=_within,
    refuses=CHANGING,
)
def withdraw_promise(commitment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take the promise back; it stays readable with the reason."""
    return promising.withdraw(commitment_id, **body, actor=actor, now=now)
