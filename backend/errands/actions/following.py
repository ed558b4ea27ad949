"""What hangs on an errand follows its state: departments' work lists, the open step, the open hand-over."""
from typing import Any

from backend.core import clock, sql
from backend.errands import rules
from backend.errands.models import State
from backend.errands.rules import hands

_DESKS = "UPDATE errand_reader SET state = ?, order_at = ? WHERE errand_id = ?"
_STEP = "UPDATE forwarding SET state = ?, version = version + 1 WHERE errand_id = ? AND state = ?"
_LAPSE = "UPDATE handover SET state = ?, version = version + 1 WHERE errand_id = ? AND state = ?"


def follow(found: dict[str, Any], values: dict[str, Any]) -> None:
    """Within the act that changes the errand ``found`` by ``values``; no statement where nothing hangs on it."""
    if not values.keys() & {"state", "order_at"}:
        return
    before, state = State(found["state"]).value, State(values.get("state", found["state"])).value
    if found["forwardings"]:
        order_at = values.get("order_at", found["order_at"])
        sql.run(_DESKS, (state, clock.to_micros(order_at), found["id"]))
        if rules.WITHDRAWN in (before, state):
            _step(found["id"], state)
    if found["handovers"] and state in rules.OVER:
        sql.run(_LAPSE, (hands.LAPSED, found["id"], hands.ASKED))


def _step(errand_id: str, state: str) -> None:
    """A step ends with a withdrawal, and is open again once that was reversed."""
    ends = state == rules.WITHDRAWN
    sql.run(_STEP, (hands.ENDED, errand_id, hands.OPEN) if ends else (hands.OPEN, errand_id, hands.ENDED))
