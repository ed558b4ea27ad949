"""Answers are kept: what was done, what a person must decide, what was refused and is shown until it is settled."""
from datetime import datetime
from typing import Any

import orjson
from marshmallow import ValidationError

from backend.core import clock, ids, ledger, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import Problem
from backend.core.shapes import ClockOfPhone
from backend.sync.actions import devices
from backend.sync.actions.doing import Done
from backend.sync.models import SyncConflict, SyncResult
from backend.sync.queries import conflicts, inbox, subjects
from backend.sync.rules import devices as clocks
from backend.sync.rules import mutations as rules
from backend.sync.rules import numbering, refusals

_REUSED = (numbering.NumberReused.slug, numbering.MutationReused.slug)
_COUNT = "UPDATE sync_device SET rejected = rejected + ?, conflicts = conflicts + ? WHERE id = ?"
_CAME_AFTER_ALL = """
UPDATE sync_result SET state = 'settled', settled_at = ?, version = version + 1
WHERE account_id = ? AND state = 'open' AND device_id = ? AND mutation_id IS NULL AND digest = ?
"""
_CLOCK = ClockOfPhone()


def keep(
    device: dict[str, Any], sent: dict[str, Any], digest: bytes, done: Done, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Within the mutation's transaction: keep its answer, and open a conflict where it left one."""
    row = _row(device, sent, digest, actor, now) | {"status": done.status, "resident_id": done.resident_id}
    data = done.data
    if done.conflicts:
        data = data | {"conflict_id": _open(row, done, actor, now)}
    _store(row | {"data": data})
    if device["rejected"]:
        came = sql.run(_CAME_AFTER_ALL, (clock.to_micros(now), device["account_id"], device["id"], digest))
        sql.execute(_COUNT, (-came, 0, device["id"]))
    return _answer(sent, row, data=data)


def _store(row: dict[str, Any]) -> None:
    """Keep an answer with its receipt, which a repeat is told too: its phone may never have heard the first."""
    ledger.write_along(lambda receipt: sql.insertions(SyncResult, [row | {"receipt": receipt}])[0])


def _open(row: dict[str, Any], done: Done, actor: Actor, now: datetime) -> str:
    conflict_id = ids.new(now)
    sealed = secrets.seal(orjson.dumps(done.conflicts).decode(), conflicts.VALUES + conflict_id)
    same = ("device_id", "account_id", "unit_code", "township_code", "district_code")
    sql.insert(
        SyncConflict, id=conflict_id, result_id=row["id"], subject_type=done.subject, subject_id=done.entity_id,
        resident_id=done.resident_id, fields=sorted(done.conflicts), values_sealed=sealed, opened_at=now,
        state=rules.OPEN, **{name: row[name] for name in same},
    )
    sql.execute(_COUNT, (0, 1, row["device_id"]))
    ledger.record(
        "sync.conflict", "conflict", conflict_id, scope=row["unit_code"], fields=sorted(done.conflicts),
        detail={"subject": [done.subject, done.entity_id], "mutation": row["mutation_id"]},
    )
    return conflict_id


def keep_refused(
    device: dict[str, Any], sent: dict[str, Any], digest: bytes, problem: Problem, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Within a transaction of its own: keep what was refused, sealed, and why; the township sees it.

    Where the number or the id was used before, the id is free to come again, rightly.
    """
    row = _row(device, sent, digest, actor, now)
    resident_id = subjects.resident_of(sent, row["unit_code"])
    erased = resident_id is not None and subjects.is_erased(resident_id)
    row |= {
        "status": rules.REJECTED, "problem": refusals.kept(problem), "resident_id": resident_id,
        "kind": rules.kind_of(problem.status), "state": rules.OPEN,
        "mutation_id": None if problem.slug in _REUSED else sent["id"],
        "payload_sealed": None if erased else secrets.seal(orjson.dumps(sent).decode(), inbox.PAYLOAD + row["id"]),
    }
    _store(row)
    sql.execute(_COUNT, (1, 0, device["id"]))
    ledger.record(
        "sync.reject", devices.SUBJECT, device["id"], scope=row["unit_code"], outcome="refused",
        detail={"n": sent["n"], "mutation": sent["id"], "type": row["type"], "problem": problem.slug},
    )
    return _answer(sent, row, problem=row["problem"])


def _row(
    device: dict[str, Any], sent: dict[str, Any], digest: bytes, actor: Actor, now: datetime
) -> dict[str, Any]:
    unit_code, township_code, district_code = devices.codes(actor.unit_code)
    occurred_at, entity_id = occurred(sent), sent.get("entity_id")
    return {
        "id": ids.new(now), "device_id": device["id"], "account_id": device["account_id"], "unit_code": unit_code,
        "township_code": township_code, "district_code": district_code, "n": sent["n"], "mutation_id": sent["id"],
        "digest": digest, "type": sent["type"], "entity_id": entity_id[:64] if isinstance(entity_id, str) else None,
        "occurred_at": occurred_at, "received_at": now, "skewed": clocks.is_from_the_future(occurred_at, now),
    }


def occurred(sent: dict[str, Any]) -> datetime | None:
    """When the phone says that it happened; None where it says nothing that is an instant."""
    try:
        found: datetime = _CLOCK.deserialize(sent.get("occurred_at"))
    except ValidationError:
        return None
    return found


def _answer(sent: dict[str, Any], row: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = {"n": sent["n"], "id": sent["id"], "status": row["status"]} | more
    return answer | ({"skewed": True} if row["skewed"] else {})
