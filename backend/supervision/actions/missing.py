"""The clock looks at orders: it reminds of them, and finds those unanswered and not passed up (rules 10.9)."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.supervision.actions import finding, ordering, telling
from backend.supervision.queries import orders
from backend.supervision.rules import bodies, findings
from backend.supervision.rules import orders as rules

_LOOKED = "UPDATE supervision_order SET look_at = ? WHERE id = ? AND look_at = ?"
SHORT = 60


@transaction
def look(order_ids: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Remind of these orders, or find them unanswered once their moment has passed; of how many."""
    count = 0
    for order_id in order_ids:
        found = orders.held(order_id)
        if found["look_at"] >= now:
            continue
        late = rules.is_late(found["state"], found["due_at"], now)
        following = clock.NEVER if late else found["due_at"]
        if late:
            settle(found, actor=actor, now=now)
        else:
            dedupe = f"order:{order_id}:reminder:{found['round']}"
            ordering.tell("order_reminder", found, dedupe, actor=actor, now=now)
        sql.run(_LOOKED, (clock.to_micros(following), order_id, clock.to_micros(found["look_at"])))
        count += 1
    return count


def settle(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Find that the present round of a held order is late, if it is and nobody saw it yet; the supervisor is told."""
    if not rules.is_late(found["state"], found["due_at"], now):
        return
    body = bodies.columns(found["owed_code"], found["district_code"], found["owed_name"])
    made = finding.find(
        findings.ORDER_UNANSWERED, body, source=("supervision_order", f"{found['id']}/{found['round']}"),
        what=f"{found['number']}：{found['what'][:SHORT]}", at=found["due_at"], actor=actor, now=now,
    )
    if made is not None:
        telling.account(
            "order_missed", found["issued_by"], found["district_code"], subject=ordering.subject_of(found),
            dedupe=f"order:{found['id']}:missed:{found['round']}",
            values={"number": found["number"], "body": found["owed_name"], "due": found["due_at"]},
            actor=actor, now=now,
        )
