"""Call tasks: somebody rings the resident where no message goes, or where one did not arrive."""
from collections.abc import Collection
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove
from backend.core.transaction import transaction
from backend.notifications.models import CallTask
from backend.notifications.queries import calls
from backend.org import rules as tree

_INSERT = """
INSERT INTO call_task (id, dedupe, subject_type, subject_id, subject_number, resident_id, unit_code, township_code,
                       district_code, reason, state, made_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, 1) ON CONFLICT DO NOTHING
"""


@transaction
def open(
    *, subject_type: str, subject_id: str, subject_number: str | None, resident_id: str | None, unit_code: str,
    reason: str, dedupe: str, actor: Actor, now: datetime,
) -> str | None:
    """Open a call task of the unit; its id, or None where ``dedupe`` (at most 200 characters) was opened before.

    ``reason`` is a word of at most 48 characters (a template's name, or the caller's own).
    """
    task_id = ids.new(now)
    params = (
        task_id, dedupe, subject_type, subject_id, subject_number, resident_id, unit_code,
        tree.township_of(unit_code), tree.district_of(unit_code), reason, clock.to_micros(now),
    )
    if sql.run(_INSERT, params) != 1:
        return None
    ledger.record(
        "call.open", "call_task", task_id, scope=unit_code,
        detail={"reason": reason, "subject": f"{subject_type}:{subject_id}"},
    )
    return task_id


def resident_in(notice: dict[str, Any]) -> str | None:
    """The resident whom a notice is to; None where she has no row and the notice is to its subject's person."""
    return None if notice["recipient_id"] == notice["subject_id"] else notice["recipient_id"]


@transaction
def record(task_id: str, *, reached: bool, note: str | None = None, actor: Actor, now: datetime) -> str:
    """Record that the resident was rung; reaching her settles the task, and tells her. It is settled once."""
    task = calls.row(task_id, actor, lock=True)
    if task["state"] != "open":
        raise IllegalMove("回访任务已完成", "The call task is done", state=task["state"], possible=[])
    versions.check_seen(task, actor)
    done = sql.amend(
        CallTask, task_id, task["version"], state="done" if reached else "open", reached=reached, note=note,
        account_id=actor.id, called_at=now,
    )
    if not done:
        raise Conflict()
    _tell(task, reached, note)
    return task_id


_OPEN = """
SELECT id, unit_code, reason, version FROM call_task WHERE subject_type = ? AND subject_id = ? AND state = 'open'
"""


@transaction
def withdraw(
    *, subject_type: str, subject_id: str, reasons: Collection[str], note: str, actor: Actor, now: datetime
) -> int:
    """Close the open call tasks of a subject that were opened for one of these reasons: it is over; how many."""
    count = 0
    for task in sql.plain(_OPEN, (subject_type, subject_id)):
        if task["reason"] in reasons and sql.amend(CallTask, task["id"], task["version"], state="done", note=note):
            ledger.record("call.withdraw", "call_task", task["id"], scope=task["unit_code"], detail={"note": note})
            count += 1
    return count


def _tell(task: dict[str, Any], reached: bool, note: str | None) -> None:
    """A call is part of its subject's own history."""
    ledger.record(
        f"{task['subject_type']}.call", task["subject_type"], task["subject_id"], scope=task["unit_code"],
        outcome="reached" if reached else "missed", detail={"reached": reached, "note": note},
    )
