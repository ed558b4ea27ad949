"""Handing a person the copy of everything that is held of her and was done in her name (PIPL art. 45)."""
from datetime import datetime

from backend.core import ledger
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.people.actions import residents as registry
from backend.people.queries import residents


@transaction
def hand_out(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> list[str]:
    """Record that the actor makes a copy for a resident, and why; resident and copy. NotFound, TooMany.

    It costs a full view of the actor's budget, and stands in the access log as one.
    """
    row = residents.visible(resident_id, actor)
    copy_id = registry.spend_view(resident_id, actor=actor, now=now)
    ledger.record(
        "resident.copy", "resident", resident_id, scope=row["township_code"], fields=("everything",),
        detail={"reason": reason, "copy": copy_id}, outcome=ledger.READ,
    )
    return [resident_id, copy_id]
