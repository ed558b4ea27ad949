"""Routes of an errand itself: registered, listed, read, moved."""
from datetime import datetime
from typing import Any

from backend.core import faults
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict
from backend.core.shapes import ListQuery
from backend.errands.actions import carrying, finishing, intake
from backend.errands.api.blueprint import TAKERS, blp, within
from backend.errands.queries import cases, lists, story
from backend.errands.schemas import shown, taken
from backend.org.rules.scope import READERS


def _transition(noun: str, *, body: Any = None, refuses: tuple[type, ...] = ()) -> Any:
    more = {"body": body} if body is not None else {}
    return blp.changes(
        f"/errands/<string:errand_id>/{noun}", roles=TAKERS, answers=shown.ShownErrand(), shows=cases.one,
        within=within, refuses=(Conflict, *refuses), at_once=True, **more,
    )


@blp.creates(
    "/errands", roles=TAKERS, body=taken.RegisterErrand(), answers=shown.ShownErrand(), shows=cases.one,
    at_once=True,
)
def register(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Register an errand for a resident; the caller becomes its first receiver."""
    return intake.register(body, actor=actor, now=now)


@blp.lists("/errands", roles=READERS, item=shown.ListedErrand(), query=taken.ErrandQuery())
def errands(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Errands of the caller's scope: open ones, due first, unless asked otherwise.

    ``q`` begins a number, or a resident's name, pinyin or initials; it looks at the first 200
    people who match, so a single letter in a whole district wants more letters. ``handed_in`` finds
    what villages have handed in (or not) among what waits for acceptance.
    """
    return lists.listed(query, actor=actor, now=now)


@blp.reads("/errands/<string:errand_id>", roles=READERS, answers=shown.ShownErrand())
def errand(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One errand with its papers and its light."""
    return cases.one(errand_id, actor=actor, now=now)


@blp.lists(
    "/errands/<string:errand_id>/events", roles=READERS, item=shown.Event(), query=ListQuery()
)
def events(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's history: who did what, where, when, and what changed."""
    return story.events(errand_id, query=query, actor=actor, now=now)


@blp.reads(
    "/errands/<string:errand_id>/clock", roles=READERS, answers=shown.ErrandClock(), tagged=False
)
def errand_clock(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """How the due date comes about, day by day."""
    return story.day_by_day(errand_id, english=faults.wants_english(), actor=actor, now=now)


@_transition("acceptance")
def accept(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept: every required paper is there or deferred; the clock starts."""
    return intake.accept(errand_id, actor=actor, now=now)


@_transition("declination", body=taken.Declination())
def decline(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decline with a reason and a referral; without a way on it is refused."""
    return intake.decline(errand_id, **body, actor=actor, now=now)


@_transition("withdrawal", body=taken.ErrandWithdrawal())
def withdraw(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Withdraw at the resident's wish, before completion."""
    return intake.withdraw(errand_id, **body, actor=actor, now=now)


@_transition("materials", body=taken.Papers())
def lay_papers(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say which papers are there, and which come later with an undertaking."""
    return carrying.lay_papers(errand_id, **body, actor=actor, now=now)


@_transition("mandate", body=taken.MandateIn())
def renew_mandate(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Renew the resident's mandate."""
    return carrying.renew_mandate(errand_id, **body, actor=actor, now=now)


@_transition("completion", body=taken.Completion())
def complete(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Complete with an outcome and its result."""
    return finishing.complete(errand_id, **body, actor=actor, now=now)


@_transition("delivery", body=taken.Delivery())
def deliver(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Deliver the result to the resident."""
    return finishing.deliver(errand_id, **body, actor=actor, now=now)


@_transition("closing")
def close(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Close: the result was delivered and the resident told."""
    return finishing.close(errand_id, actor=actor, now=now)
