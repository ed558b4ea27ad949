"""Each no is entered in the zero-refusal register; taking it back later removes nothing."""
from datetime import datetime
from typing import Any

from backend.core import ids, sql
from backend.core.actor import Actor
from backend.errands.models import Refusal


def enter(
    found: dict[str, Any], kind: str, *, reason: str | None, referral: dict[str, Any] | None = None, actor: Actor,
    now: datetime,
) -> None:
    """Within the act that says no: who, when, why, and where to go instead."""
    sql.insert(
        Refusal, id=ids.new(now), errand_id=found["id"], unit_code=found["unit_code"],
        township_code=found["township_code"], district_code=found["district_code"], account_id=actor.id, kind=kind,
        reason=reason, referral=referral, made_at=now,
    )
