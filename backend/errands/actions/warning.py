"""Telling staff of the cards of their errands, by the errand's number and item (rules 4)."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks.actions import delivering
from backend.clocks.queries.recipients import Recipients
from backend.clocks.rules.ladder import RUNG_NAMES
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.queries import running
from backend.notifications.actions import outbox

STANDING = "恢复后重新计算的期限"


@transaction
def tell(card_ids: list[str], recipients: Recipients, *, actor: Actor, now: datetime) -> int:
    """Deliver these cards and post a notice to all who are to be told, where the errand is still here; how many."""
    cards = delivering.deliver(card_ids, recipients, now=now)
    errands = running.named({card["subject_id"] for card in cards})
    items = catalogue.versions({(each["item_code"], each["item_number"]) for each in errands.values()})
    for card in cards:
        errand = errands.get(card["subject_id"])
        if errand is not None:
            _post(card, errand, items[errand["item_code"], errand["item_number"]], actor, now)
    return len(cards)


def _post(card: dict[str, Any], errand: dict[str, Any], item: dict[str, Any], actor: Actor, now: datetime) -> None:
    values = {
        "rung": RUNG_NAMES[card["rung"]].zh, "number": errand["number"], "item": item["name"],
        "due": card["due_at"] or STANDING,
    }
    for to in card["to"]:
        if to.account_id is not None:
            outbox.post(
                "card", to=to.account_id, subject_type=card["subject_type"], subject_id=card["subject_id"],
                unit_code=card["unit_code"], values=values, dedupe=f"card:{card['id']}:{to.account_id}",
                actor=actor, now=now,
            )
