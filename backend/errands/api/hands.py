"""Routes of hands: forwarded to a department and answered, handed over to another agent."""
from datetime import datetime
from typing import Any

from backend.core.actor import ADMIN, HANDLER, OFFICE, SUPERVISOR, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict
from backend.errands.actions import forwarding, handing
from backend.errands.api.blueprint import TAKERS, blp, within
from backend.errands.queries import cases, forwardings, handovers
from backend.errands.schemas import hands, shown
from backend.org.rules.scope import READERS

HANDLERS = frozenset({HANDLER})
DESKS = frozenset({HANDLER, OFFICE, SUPERVISOR, ADMIN})
HANDOVERS = "/errands/<string:errand_id>/handovers"
FORWARDINGS = "/errands/<string:errand_id>/forwardings"


@blp.creates(
    FORWARDINGS, roles=TAKERS, body=hands.NewForwarding(), answers=hands.ShownForwarding(),
    shows=forwardings.one, within=within, refuses=(Conflict,), at_once=True,
)
def forward(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Forward an accepted errand to a department; its step gets a limit inside the promise.

    Of a report item this is the sending up; nothing is due until the department replies.
    """
    return forwarding.forward(errand_id, **body, actor=actor, now=now)


@blp.lists(FORWARDINGS, roles=READERS, item=hands.ShownForwarding())
def forwardings_of(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's steps at departments, in order."""
    return forwardings.of(errand_id, query, actor=actor, now=now)


@blp.reads(f"{FORWARDINGS}/<int:n>", roles=READERS, answers=hands.ShownForwarding())
def one_forwarding(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One step at a department."""
    return forwardings.one([errand_id, n], actor=actor, now=now)


@blp.lists("/forwardings", roles=DESKS, item=hands.ShownForwarding(), query=hands.ForwardingQuery())
def desk(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """A handler's desk: what lies at his department, due first; the district's offices see all departments."""
    return forwardings.desk(query, actor=actor, now=now)


@blp.changes(
    f"{FORWARDINGS}/<int:n>/answer", roles=HANDLERS, body=hands.StepAnswer(), answers=shown.ShownErrand(),
    shows=cases.one, within=within, refuses=(Conflict,), at_once=True,
)
def answer(errand_id: str, n: int, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decide the step: grant, refuse or return, with reasons; once, by the department's own handlers."""
    return forwarding.answer(errand_id, n, **body, actor=actor, now=now)


@blp.changes(
    f"{FORWARDINGS}/<int:n>/recall", roles=TAKERS, body=hands.Recall(), answers=shown.ShownErrand(),
    shows=cases.one, within=within, refuses=(Conflict,), at_once=True,
)
def recall(errand_id: str, n: int, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Recall a forwarding made by mistake, before its answer."""
    return forwarding.recall(errand_id, n, **body, actor=actor, now=now)


@blp.creates(
    HANDOVERS, roles=TAKERS, body=hands.NewHandover(), answers=hands.ShownHandover(), shows=handovers.one,
    within=within, refuses=(Conflict,), at_once=True,
)
def hand_over(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Ask a colleague of the unit, or the township, to take the errand; until then the giver answers."""
    return handing.hand_over(errand_id, **body, actor=actor, now=now)


@blp.lists(HANDOVERS, roles=READERS, item=hands.ShownHandover())
def handovers_of(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's hand-overs, in order."""
    return handovers.of(errand_id, query, actor=actor)


@blp.reads(f"{HANDOVERS}/<int:n>", roles=READERS, answers=hands.ShownHandover())
def one_handover(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One hand-over."""
    return handovers.one([errand_id, n], actor=actor, now=now)


@blp.lists("/handovers", roles=TAKERS, item=hands.ShownHandover(), query=hands.HandoverQuery())
def my_handovers(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Hand-overs that the caller gave or is asked to take, oldest first; open ones unless asked otherwise."""
    return handovers.mine(query, actor=actor)


def _settles(noun: str, **more: Any) -> Any:
    return blp.changes(
        f"{HANDOVERS}/<int:n>/{noun}", roles=TAKERS, answers=shown.ShownErrand(), shows=cases.one, within=within,
        refuses=(Conflict,), at_once=True, **more,
    )


@_settles("acceptance")
def take_over(errand_id: str, n: int, *, actor: Actor, now: datetime) -> str:
    """The receiver takes the errand and answers for it; its clocks stay as they are."""
    return handing.take_over(errand_id, n, actor=actor, now=now)


@_settles("refusal", body=hands.HandoverRefusal())
def refuse_handover(errand_id: str, n: int, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The receiver does not take the errand, with a reason."""
    return handing.refuse(errand_id, n, **body, actor=actor, now=now)


@_settles("withdrawal")
def withdraw_handover(errand_id: str, n: int, *, actor: Actor, now: datetime) -> str:
    """Whoever answers, or the township, takes the hand-over back before it is answered."""
    return handing.withdraw(errand_id, n, actor=actor, now=now)


@blp.changes(
    "/errands/<string:errand_id>/hand-in", roles=TAKERS, answers=shown.ShownErrand(), shows=cases.one,
    within=within, refuses=(Conflict,), at_once=True,
)
def hand_in(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Hand in to the township what the village cannot accept itself, within 3 working days of receipt."""
    return handing.hand_in(errand_id, actor=actor, now=now)
