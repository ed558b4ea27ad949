"""Delivering cards: who answers is asked when a card is told, not when it became true (rules 4)."""
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks.models import Card
from backend.clocks.queries import pending
from backend.clocks.queries.recipients import Recipient, Recipients
from backend.clocks.rules import cards as rules
from backend.core import clock, ledger, sql
from backend.core.problems import Conflict


def deliver(card_ids: list[str], recipients: Recipients, *, now: datetime) -> list[dict[str, Any]]:
    """Within a transaction: address these cards to who answers now; those to be told, each with ``to``.

    A post that fell vacant over night passes its card up; a card reversed meanwhile is told nobody.
    """
    found = pending.held(card_ids, now)
    recipients.know(card["answering_id"] for card in found)
    told = []
    for card in found:
        stored = [Recipient(card["post_code"], card["post"], card["account_id"])]
        stored += [Recipient(**other) for other in card["also_to"]]
        to = _present(card, recipients) or stored
        _mark(card, to)
        if to != stored:
            ledger.record(
                "card.readdress", card["subject_type"], card["subject_id"], scope=card["unit_code"],
                outcome=card["rung"],
                detail={"card_id": card["id"], "from": [each.told() for each in stored],
                        "to": [each.told() for each in to]},
            )
        if card["state"] != rules.REVERSED:
            told.append(card | {"to": to})
    return told


def _present(card: dict[str, Any], recipients: Recipients) -> list[Recipient]:
    rungs = calendars.present().rungs_on(clock.local_date(card["started_at"]))
    place = {"unit_code": card["unit_code"], "department_code": card["department_code"],
             "account_id": card["answering_id"]}
    return next((recipients.of(place, rung) for rung in rungs if rung.name == card["rung"]), [])


def _mark(card: dict[str, Any], to: list[Recipient]) -> None:
    done = sql.amend(
        Card, card["id"], card["version"], post_code=to[0].code, post=to[0].post, account_id=to[0].account_id,
        also_to=[each.told() for each in to[1:]], pending_at=clock.NEVER,
    )
    if not done:
        raise Conflict()
