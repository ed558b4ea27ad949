"""An errand whose agent was disabled or moved passes to the duty post of its unit: no orphans (rules 3.2, 4)."""
from datetime import datetime

from backend.clocks.actions import running as clocks
from backend.core import ledger
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import notifying, row, timing
from backend.errands.queries import orphans


@transaction
def inherit(errand_id: str, *, actor: Actor, now: datetime) -> bool:
    """Give an orphaned errand to its heir; False where it has an agent again, or nobody inherits.

    Clocks and first receiver stay as they are (rules 3.2).
    """
    found = orphans.one(errand_id)
    heir = orphans.heir(found) if found else None
    if found is None or heir is None:
        return False
    step, account = heir
    row.change(found, actor, None, agent_id=account["id"])
    clocks.entrust(timing.SUBJECT, errand_id, account["id"])
    ledger.record(
        "errand.inherit", "errand", errand_id, scope=found["unit_code"], fields=("agent_id",),
        detail={"from": found["agent_id"], "to": account["id"], "post": {"code": step.code, "post": step.post}},
    )
    notifying.tell_staff("inherit", found, [account["id"]], actor=actor, now=now)
    return True
