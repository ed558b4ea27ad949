"""Routes of cards and of appeals against them."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import appealing
from backend.clocks.queries import cards
from backend.clocks.rules.cards import APPELLANTS, DECIDERS
from backend.clocks.schemas import cards as shapes
from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, IllegalMove, NotFound, StaleVersion
from backend.org.rules.scope import READERS

blp = http.Blueprint("escalation", description="预警与黄红牌 · cards that clocks gave, appeals against them")


@blp.lists("/cards", roles=READERS, item=shapes.CardShape(), query=shapes.CardsQuery())
def card_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The cards of your unit, subtree, department or district; the latest first."""
    return cards.listed(query, actor=actor)


@blp.reads("/cards/<string:card_id>", roles=READERS, answers=shapes.CardShape(), refuses=(NotFound,))
def card(card_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One card."""
    return cards.one(card_id, actor=actor, now=now)


def _within(card_id: str, *_: Any, actor: Actor, now: datetime) -> None:
    cards.row(card_id, actor)


def _shown_appeal(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return cards.appeal(ref[0], ref[1], actor=actor, now=now)


@blp.creates(
    "/cards/<string:card_id>/appeals", roles=APPELLANTS, body=shapes.NewAppeal(), answers=shapes.AppealShape(),
    shows=_shown_appeal, within=_within, refuses=(NotFound, Forbidden, IllegalMove, Conflict, StaleVersion),
)
def appeal(card_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Appeal against a card that concerns you; one appeal at a time."""
    return appealing.appeal(card_id, **body, actor=actor, now=now)


@blp.lists("/cards/<string:card_id>/appeals", roles=READERS, item=shapes.AppealShape())
def appeal_list(card_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The appeals against a card, the first one first."""
    return cards.appeals(card_id, query, actor=actor)


@blp.reads(
    "/cards/<string:card_id>/appeals/<int:n>", roles=READERS, answers=shapes.AppealShape(), refuses=(NotFound,)
)
def one_appeal(card_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One appeal."""
    return cards.appeal(card_id, n, actor=actor, now=now)


@blp.changes(
    "/cards/<string:card_id>/appeals/<int:n>/decision", roles=DECIDERS, body=shapes.Ruling(),
    answers=shapes.AppealShape(), shows=_shown_appeal, within=cards.appeal,
    refuses=(NotFound, Forbidden, IllegalMove, Conflict, StaleVersion),
)
def decide(card_id: str, n: int, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Uphold an appeal, which reverses the card, or let the card stand; nothing is removed."""
    return appealing.decide(card_id, n, **body, actor=actor, now=now)
