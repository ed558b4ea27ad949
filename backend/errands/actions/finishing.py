"""Bringing an errand to its end: completion, delivery, telling the resident, closing."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running as clocks
from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import IllegalMove
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import row, timing
from backend.errands.models import CallTask
from backend.errands.queries import cases, parts
from backend.errands.rules import papers as paperwork

_OPEN_DEFERRED = """
SELECT name FROM errand_material
WHERE errand_id = ? AND received_at IS NULL AND deferred_until_on IS NOT NULL ORDER BY position
"""
_TOLD = "UPDATE errand SET told_at = ?, version = version + 1 WHERE id = ? AND told_at IS NULL"


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
    row.check_seen(found, actor)
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
    return errand_id


@transaction
def deliver(errand_id: str, *, method: str, received_by: str, actor: Actor, now: datetime) -> str:
    """Hand the result over; in person is telling the resident, a posted one opens a call task (rules 3.9)."""
    found = row.movable(errand_id, actor)
    moved = row.move(found, "deliver")
    row.check_seen(found, actor)
    in_person = method in rules.IN_PERSON
    row.change(
        found, actor, now, **moved, delivered_at=now, delivery_method=method, received_by=received_by,
        told_at=now if in_person else None,
    )
    if not in_person:
        sql.insert(
            CallTask, id=ids.new(now), errand_id=errand_id, unit_code=found["unit_code"],
            reason="posted_result", state="open", made_at=now,
        )
    ledger.record(
        "errand.deliver", "errand", errand_id, scope=found["unit_code"],
        fields=("state", "delivery_method", "received_by"),
        detail={"method": method, "received_by": received_by},
    )
    return errand_id


@transaction
def close(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Close once the result was delivered and the resident told (rules 3.9)."""
    found = row.movable(errand_id, actor)
    moved = row.move(found, "close")
    if found["told_at"] is None:
        raise rules.NotTold()
    row.check_seen(found, actor)
    row.change(found, actor, now, **moved, closed_at=now)
    ledger.record("errand.close", "errand", errand_id, scope=found["unit_code"], fields=("state",))
    return errand_id


@transaction
def record_call(
    task_id: str, *, reached: bool, note: str | None = None, actor: Actor, now: datetime
) -> str:
    """Record that the resident was rung; reaching her is telling her. A task is settled once."""
    task = parts.call(task_id, actor=actor, now=now)
    errand = cases.row(task["errand_id"], actor, lock=True)
    task = parts.call(task_id, actor=actor, now=now)
    if task["state"] != "open":
        raise IllegalMove("回访任务已完成", "The call task is done", state=task["state"], possible=[])
    row.check_seen(task, actor)
    _settle(task, reached, note, actor, now)
    if reached:
        sql.execute(_TOLD, (clock.to_micros(now), errand["id"]))
    ledger.record(
        "errand.call", "errand", errand["id"], scope=errand["unit_code"],
        fields=("told_at",) if reached else (), outcome="reached" if reached else "missed",
        detail={"reached": reached, "note": note},
    )
    return task_id


def _settle(task: dict[str, Any], reached: bool, note: str | None, actor: Actor, now: datetime) -> None:
    state = "done" if reached else "open"
    sql.amend(
        CallTask, task["id"], task["version"], state=state, reached=reached, note=note, account_id=actor.id,
        called_at=now,
    )
