"""Bringing an errand to its end: completion, delivery, telling the resident, closing."""
from datetime import datetime

from backend.clocks.actions import running as clocks
from backend.core import ledger, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import notifying, refusing, row, timing
from backend.errands.rules import papers as paperwork
from backend.errands.rules import refusals
from backend.notifications import queries as notices

_OPEN_DEFERRED = """
SELECT name FROM errand_material
WHERE errand_id = ? AND received_at IS NULL AND deferred_until_on IS NOT NULL ORDER BY position
"""


@transaction
def complete(
    errand_id: str, *, outcome: str, result: str, reason: str | None = None, actor: Actor, now: datetime
) -> str:
    """Complete with an outcome apart from the state; not while a deferred paper is open (rules 3.1, 3.5)."""
    found = row.mandated(errand_id, actor, now)
    moved = row.move(found, "complete")
    waiting = [name for (name,) in sql.execute(_OPEN_DEFERRED, (errand_id,)).fetchall()]
    if waiting:
        raise paperwork.DeferredOpen("尚缺：" + "、".join(waiting), "Open: " + ", ".join(waiting), missing=waiting)
    versions.check_seen(found, actor)
    rules.check_outcome(outcome, reason)
    clocks.end(timing.SUBJECT, errand_id, now=now)
    row.change(
        found, actor, now, **moved, outcome=outcome, result=result, reason=reason, finished_at=now,
    )
    ledger.record(
        "errand.complete", "errand", errand_id, scope=found["unit_code"],
        fields=("state", "outcome", "result"), outcome=outcome,
        detail={"outcome": outcome, "result": result, "reason": reason},
    )
    if outcome in refusals.OUTCOMES:
        refusing.enter(found, outcome, reason=reason, actor=actor, now=now)
    notifying.tell_resident(outcome, found, result=result, reason=reason, actor=actor, now=now)
    return errand_id


@transaction
def deliver(errand_id: str, *, method: str, received_by: str, actor: Actor, now: datetime) -> str:
    """Hand the result over; in person is telling the resident, of a posted one she is sent a notice (rules 3.9)."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "deliver")
    versions.check_seen(found, actor)
    in_person = method in rules.IN_PERSON
    row.change(
        found, actor, now, **moved, delivered_at=now, delivery_method=method, received_by=received_by,
        told_at=now if in_person else None,
    )
    if not in_person:
        notifying.tell_resident("posted", found, actor=actor, now=now)
    ledger.record(
        "errand.deliver", "errand", errand_id, scope=found["unit_code"],
        fields=("state", "delivery_method", "received_by"),
        detail={"method": method, "received_by": received_by},
    )
    return errand_id


@transaction
def close(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Close once the result was delivered and the resident told: in person, by a notice or a call (rules 3.9)."""
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "close")
    told_at = found["told_at"] or notices.told("errand", errand_id, found["delivered_at"])
    if told_at is None:
        raise rules.NotTold()
    versions.check_seen(found, actor)
    row.change(found, actor, now, **moved, closed_at=now, told_at=told_at)
    ledger.record("errand.close", "errand", errand_id, scope=found["unit_code"], fields=("state",))
    return errand_id
