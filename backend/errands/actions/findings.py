"""What an officer has to answer for is put on record."""
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.errands.actions import notifying
from backend.errands.models import Finding
from backend.errands.rules import notices


def find(
    found: dict[str, Any], kind: str, account_id: str, *, basis: str | None, at: datetime, actor: Actor,
    now: datetime,
) -> None:
    """Within the act that shows it: put a finding about an errand on an officer, and tell him.

    ``at`` is when it became true, ``now`` when it was seen.
    """
    finding_id = ids.new(now)
    sql.insert(
        Finding, id=finding_id, errand_id=found["id"], unit_code=found["unit_code"],
        township_code=found["township_code"], district_code=found["district_code"], account_id=account_id,
        kind=kind, basis=basis, made_at=at,
    )
    ledger.record(
        "finding.make", "finding", finding_id, scope=found["unit_code"], happened_at=at,
        detail={
            "errand_id": found["id"], "kind": kind, "account_id": account_id, "basis": basis,
            "detected_at": clock.wire(now),
        },
    )
    notifying.tell_staff(
        "find", found, [account_id], finding=notices.FINDING_NAMES[kind].zh, actor=actor, now=now
    )
