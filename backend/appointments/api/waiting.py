"""Routes of the waiting list, and of blocks for repeated no-shows."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import blocking, keeping
from backend.appointments.queries import blocks, waits
from backend.appointments.rules.blocks import APPELLANTS, DECIDERS
from backend.appointments.rules.horizon import CutoffPassed, NotYetOpen
from backend.appointments.rules.seats import AlreadyBooked
from backend.appointments.rules.starts import NoSuchSlot
from backend.appointments.rules.waiting import KEEPERS, AlreadyWaiting, OfferLapsed
from backend.appointments.schemas import waiting as shapes
from backend.clocks.rules.cards import OwnAppeal
from backend.core import http
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.org.rules import scope

READERS = scope.READERS - {HANDLER}

blp = http.Blueprint("waiting", description="候补与爽约 · the waiting list, and persons who did not come")

WAIT, BLOCK = "/waiting-list/<string:waiting_id>", "/booking-blocks/<string:block_id>"
MOVING = (NotFound, IllegalMove, Conflict, StaleVersion)


def _within(waiting_id: str, *, actor: Actor, now: datetime) -> None:
    waits.row(waiting_id, actor)


def _within_block(block_id: str, *, actor: Actor, now: datetime) -> None:
    blocks.row(block_id, actor)


@blp.creates(
    "/waiting-list", roles=KEEPERS, body=shapes.NewWait(), answers=shapes.ShownWait(), shows=waits.one, at_once=True,
    refuses=(NoSuchSlot, NotYetOpen, CutoffPassed, AlreadyBooked, AlreadyWaiting),
)
def ask(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Put a person on the waiting list; a seat that gets free is offered to her in turn, the protected first."""
    return keeping.ask(body, actor=actor, now=now)


@blp.lists("/waiting-list", roles=READERS, item=shapes.ShownWait(), query=shapes.WaitingQuery())
def waiting_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The waiting list of your unit, subtree or district, first come first; open entries unless asked otherwise."""
    return waits.listed(query, actor=actor, now=now)


@blp.reads(WAIT, roles=READERS, answers=shapes.ShownWait(), refuses=(NotFound,))
def one_wait(waiting_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One entry, with what is offered and until when."""
    return waits.one(waiting_id, actor=actor, now=now)


@blp.changes(
    f"{WAIT}/offer/acceptance", roles=KEEPERS, answers=shapes.ShownWait(), shows=waits.one, within=_within,
    refuses=(*MOVING, OfferLapsed), at_once=True,
)
def accept(waiting_id: str, *, actor: Actor, now: datetime) -> str:
    """She takes the seat that is held for her: it is booked. Lapsed: 410, it went to the next."""
    return keeping.accept(waiting_id, actor=actor, now=now)


@blp.changes(
    f"{WAIT}/withdrawal", roles=KEEPERS, answers=shapes.ShownWait(), shows=waits.one, within=_within, refuses=MOVING,
    at_once=True,
)
def withdraw(waiting_id: str, *, actor: Actor, now: datetime) -> str:
    """She leaves the list, or declines what is held for her, which goes to the next at once."""
    return keeping.withdraw(waiting_id, actor=actor, now=now)


@blp.lists("/booking-blocks", roles=READERS, item=shapes.ShownBlock(), query=shapes.BlockQuery())
def block_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Persons of your unit, subtree or district who may not book by themselves for a while, oldest first."""
    return blocks.listed(query, actor=actor, now=now)


@blp.reads(BLOCK, roles=READERS, answers=shapes.ShownBlock(), refuses=(NotFound,))
def one_block(block_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One block, its appeal and what was decided."""
    return blocks.one(block_id, actor=actor, now=now)


@blp.creates(
    f"{BLOCK}/appeals", roles=APPELLANTS, body=shapes.Appeal(), answers=shapes.ShownBlock(), shows=blocks.one,
    within=_within_block, refuses=MOVING, at_once=True,
)
def appeal(block_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write down a person's appeal; the block does not bind until it is decided."""
    return blocking.appeal(block_id, **body, actor=actor, now=now)


@blp.changes(
    f"{BLOCK}/decision", roles=DECIDERS, body=shapes.BlockDecision(), answers=shapes.ShownBlock(), shows=blocks.one,
    within=_within_block, refuses=(*MOVING, OwnAppeal), at_once=True,
)
def decide(block_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Lift the block, or keep it until its end; not by who wrote the appeal down."""
    return blocking.decide(block_id, **body, actor=actor, now=now)
