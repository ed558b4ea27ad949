"""Telling staff of the cards of procedures, by project and procedure (rules 4)."""
from datetime import datetime

from backend.clocks.actions import delivering
from backend.clocks.queries.recipients import Recipients
from backend.clocks.rules.ladder import RUNG_NAMES
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.notifications.actions import outbox
from backend.projects.queries import consents
from backend.projects.rules import consent

STANDING = "恢复后重新计算的期限"
TEMPLATES = {consent.LIMIT: "procedure_card", consent.OPINION: "opinion_card"}


@transaction
def tell(card_ids: list[str], recipients: Recipients, *, actor: Actor, now: datetime) -> int:
    """Deliver these cards and post a notice to all who are to be told; how many."""
    cards = delivering.deliver(card_ids, recipients, now=now)
    procedures = consents.named({card["subject_id"] for card in cards})
    kinds = consents.kinds_of([card["id"] for card in cards])
    for card in cards:
        found = procedures[card["subject_id"]]
        values = {name: found[name] for name in ("project", "number", "procedure")} | {
            "rung": RUNG_NAMES[card["rung"]].zh, "due": card["due_at"] or STANDING,
        }
        for to in card["to"]:
            if to.account_id is not None:
                outbox.post(
                    TEMPLATES[kinds[card["id"]]], to=to.account_id, subject_type=card["subject_type"],
                    subject_id=card["subject_id"], unit_code=card["unit_code"], values=values,
                    dedupe=f"card:{card['id']}:{to.account_id}", actor=actor, now=now,
                )
    return len(cards)
