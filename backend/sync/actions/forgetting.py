"""Forgetting: answers that no outbox can ask for any more, conflicts long decided, sessions that ended; erasures."""
from datetime import datetime

from backend.core import clock, erasure, sql
from backend.core.actor import Actor
from backend.core.erasure import Hers
from backend.core.transaction import transaction
from backend.sync.models import SyncConflict
from backend.sync.queries import personal
from backend.sync.rules import mutations as words

_OLD = """
SELECT id, device_id, n FROM sync_result WHERE received_at < ? AND (state IS NULL OR state = 'settled')
ORDER BY received_at, id LIMIT ?
"""
_FORGOTTEN = "UPDATE sync_device SET forgotten_n = ? WHERE id = ? AND forgotten_n < ? AND next_n > ?"
_DECIDED = "DELETE FROM sync_conflict WHERE resolved_at < ?"
_ENDED = """
DELETE FROM sync_session WHERE NOT EXISTS (SELECT 1 FROM session WHERE session.id = sync_session.session_id)
"""
_OPEN = "SELECT id, version, device_id FROM sync_conflict WHERE resident_id = ? AND state = 'open' ORDER BY id"
_LESS = "UPDATE sync_device SET conflicts = conflicts - 1 WHERE id = ?"


@transaction
def forget(before: datetime, limit: int, *, actor: Actor, now: datetime) -> int:
    """Forget up to ``limit`` answers from before that moment; how many went. What nobody has settled stays."""
    found = sql.plain(_OLD, (clock.to_micros(before), limit))
    latest: dict[str, int] = {}
    for row in found:
        latest[row["device_id"]] = max(latest.get(row["device_id"], 0), row["n"])
    for device_id, n in sorted(latest.items()):
        sql.execute(_FORGOTTEN, (n, device_id, n, n))
    if found:
        marks = ", ".join("?" * len(found))
        sql.execute(f"DELETE FROM sync_result WHERE id IN ({marks})", [row["id"] for row in found])
    return len(found)


@transaction
def forget_decided(before: datetime, *, actor: Actor, now: datetime) -> int:
    """Forget conflicts that were decided before that moment, and sessions of phones that have ended; how many."""
    return sql.run(_DECIDED, (clock.to_micros(before),)) + sql.run(_ENDED)


def leave(resident_id: str, *, actor: Actor, now: datetime) -> None:
    """Within her erasure: nobody decides any more between values that are gone; what stands stays."""
    for row in sql.plain(_OPEN, (resident_id,)):
        values = {"state": words.RESOLVED, "choice": words.SERVER, "resolved_by": actor.id[:36], "resolved_at": now}
        if sql.amend(SyncConflict, row["id"], row["version"], **values):
            sql.execute(_LESS, (row["device_id"],))


erasure.declare("sync", Hers(personal.cells, personal.entries, leave))
