"""Appeals against cards: made by whom the card concerns, decided by the supervisor, who adds and removes nothing."""
from datetime import datetime
from typing import Any

from backend.clocks.models import Card, CardAppeal
from backend.clocks.queries import cards
from backend.clocks.rules import cards as rules
from backend.core import ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove
from backend.core.transaction import transaction


@transaction
def appeal(card_id: str, *, reason: str, actor: Actor, now: datetime) -> list[Any]:
    """Hold a card to be wrong; the references of card and appeal.

    NotFound, NotConcerned, IllegalMove while another appeal is open or once the card has fallen, StaleVersion.
    """
    card = cards.row(card_id, actor, lock=True)
    rules.may_appeal(actor.role, card)
    state = moves.move(rules.MOVES, card["state"], "appeal", rules.STATE_NAMES)
    versions.check_seen(card, actor)
    n = cards.appeals_made(card_id) + 1
    sql.insert(
        CardAppeal, id=ids.new(now), card_id=card_id, n=n, account_id=actor.id, reason=reason, made_at=now,
        state=rules.OPEN,
    )
    _move(card, state, actor)
    _record("card.appeal", card, {"n": n, "reason": reason})
    return [card_id, n]


@transaction
def decide(card_id: str, n: int, *, upheld: bool, reason: str, actor: Actor, now: datetime) -> list[Any]:
    """Uphold an appeal, which reverses the card, or let the card stand; the references of card and appeal.

    NotFound, OwnAppeal, IllegalMove where it was decided before, StaleVersion of the appeal.
    """
    card = cards.row(card_id, actor, lock=True)
    found = cards.appeal_row(card_id, n)
    rules.may_decide(actor.id, found)
    if found["state"] != rules.OPEN:
        raise IllegalMove("该申诉已裁定", "The appeal was decided before", state=found["state"], possible=[])
    verb = "uphold" if upheld else "reject"
    state = moves.move(rules.MOVES, card["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    decided = sql.amend(
        CardAppeal, found["id"], found["version"], state=rules.UPHELD if upheld else rules.REJECTED, answer=reason,
        answered_by=actor.id, answered_at=now,
    )
    if not decided:
        raise Conflict()
    _move(card, state, actor)
    _record(f"card.{verb}", card, {"n": n, "reason": reason})
    return [card_id, n]


def _move(card: dict[str, Any], state: str, actor: Actor) -> None:
    versions.amend(Card, card, actor, state=state)


def _record(action: str, card: dict[str, Any], detail: dict[str, Any]) -> None:
    ledger.record(
        action, card["subject_type"], card["subject_id"], scope=card["unit_code"], outcome=card["rung"],
        detail={"card_id": card["id"], "rung": card["rung"], **detail},
    )
