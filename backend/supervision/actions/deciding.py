"""The supervisor accepts a reply, or sends it back (rules 10.1)."""
from datetime import date, datetime

from backend.core import clock, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.supervision.actions import ordering, replying, row
from backend.supervision.models import SupervisionOrder
from backend.supervision.queries import orders
from backend.supervision.rules import states

_VERDICT = "UPDATE order_round SET verdict = ?, reason = ?, decided_by = ?, decided_at = ? WHERE order_id = ? AND n = ?"


@transaction
def accept(order_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept the reply: the order is done; its id. NotFound, IllegalMove, StaleVersion."""
    found = orders.row(order_id, actor, lock=True)
    state = row.moved(states.MOVES, states.STATE_NAMES, found, "accept", actor)
    versions.amend(SupervisionOrder, found, actor, state=state, ended_at=now)
    sql.run(_VERDICT, (states.ACCEPTED, None, actor.id, clock.to_micros(now), order_id, found["round"]))
    told = ordering.tell("order_accepted", found, f"order:{order_id}:accepted", actor=actor, now=now)
    ledger.record(
        "order.accept", "supervision_order", order_id, scope=ordering.scope_of(found), fields=("state",),
        detail={"round": found["round"], "told": told},
    )
    return order_id


@transaction
def give_back(order_id: str, *, reason: str, due_on: date | None, actor: Actor, now: datetime) -> str:
    """Send a reply back, or to its owner what was passed up: another reply is due; the order's id.

    NotFound, IllegalMove, StaleVersion, Invalid for a date that has passed.
    """
    found = orders.row(order_id, actor, lock=True)
    state = row.moved(states.MOVES, states.STATE_NAMES, found, "return", actor)
    climbed = found["state"] == states.PASSED_UP
    code, name = ordering.owed(found) if climbed else (found["owed_code"], found["owed_name"])
    changed = replying.next_round(found, code, name, now, due_on)
    if changed["due_at"] <= now:
        raise invalid("due_on", "期限已过", "Its time has passed.")
    versions.amend(SupervisionOrder, found, actor, state=state, **changed)
    if climbed:
        ordering.end_round(found, now)
    sql.run(_VERDICT, (states.RETURNED, reason, actor.id, clock.to_micros(now), order_id, found["round"]))
    ordering.open_round(found | changed, changed["round"], now)
    dedupe = f"order:{order_id}:returned:{changed['round']}"
    told = ordering.tell("order_returned", found | changed, dedupe, actor=actor, now=now)
    ledger.record(
        "order.return", "supervision_order", order_id, scope=ordering.scope_of(found), fields=("state", "due_at"),
        detail={"round": found["round"], "reason": reason, "due_at": clock.wire(changed["due_at"]), "told": told},
    )
    return order_id
