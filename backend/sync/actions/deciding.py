"""People decide what machines must not: conflicts, and what becomes of rejected work."""
from datetime import date, datetime
from typing import Any

from backend.core import ledger, moves, sql, versions
from backend.core.actor import Actor, Call
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.errands.actions import carrying
from backend.people.actions import residents
from backend.sync.models import SyncConflict, SyncResult
from backend.sync.queries import conflicts, inbox
from backend.sync.rules import deciding as rules
from backend.sync.rules import mutations as words

_HOLD = "SELECT id FROM sync_device WHERE id = ?"
_COUNT = "UPDATE sync_device SET rejected = rejected - ?, conflicts = conflicts - ? WHERE id = ?"


@transaction
def resolve(conflict_id: str, *, choice: str, actor: Actor, now: datetime) -> str:
    """Keep what stands, or take what the phone wanted, by the action of the online route, which may refuse it.

    NotFound, IllegalMove a second time, StaleVersion.
    """
    _hold(conflicts.row(conflict_id, actor)["device_id"])
    found = conflicts.row(conflict_id, actor, lock=True)
    state = moves.move(rules.CONFLICT_MOVES, found["state"], "resolve", rules.STATE_NAMES)
    versions.check_seen(found, actor)
    if choice == words.DEVICE:
        _take(found, actor=actor.calling(Call()), now=now)
    values = {"state": state, "choice": choice, "resolved_by": actor.id, "resolved_at": now}
    if not sql.amend(SyncConflict, conflict_id, found["version"], **values):
        raise Conflict()
    sql.execute(_COUNT, (0, 1, found["device_id"]))
    ledger.record(
        "sync.resolve", "conflict", conflict_id, scope=found["unit_code"], fields=("state", "choice"),
        detail={"choice": choice, "subject": [found["subject_type"], found["subject_id"]]},
    )
    return conflict_id


def _take(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    wanted = {name: said["device"] for name, said in conflicts.values(found).items()}
    if found["subject_type"] == "resident":
        residents.edit(found["subject_id"], wanted, actor=actor, now=now)
        return
    papers = [{"name": name} | _paper(said) for name, said in wanted.items()]
    carrying.lay_papers(found["subject_id"], materials=papers, actor=actor, now=now)


def _paper(said: dict[str, Any]) -> dict[str, Any]:
    until = said.get("deferred_until")
    return said | {"deferred_until": date.fromisoformat(until) if until else None}


@transaction
def settle(item_id: str, *, note: str, actor: Actor, now: datetime) -> str:
    """Say what became of rejected work; it leaves the list. NotFound, IllegalMove a second time, StaleVersion."""
    _hold(inbox.row(item_id, actor)["device_id"])
    found = inbox.row(item_id, actor, lock=True)
    state = moves.move(rules.INBOX_MOVES, found["state"], "settle", rules.STATE_NAMES)
    versions.check_seen(found, actor)
    values = {"state": state, "note": note, "settled_by": actor.id, "settled_at": now}
    if not sql.amend(SyncResult, item_id, found["version"], **values):
        raise Conflict()
    sql.execute(_COUNT, (1, 0, found["device_id"]))
    ledger.record(
        "sync.settle", inbox.SUBJECT, item_id, scope=found["unit_code"], fields=("state",),
        detail={"device": found["device_id"], "note": note},
    )
    return item_id


def _hold(device_id: str) -> None:
    """Phones' rows are held before what hangs on them, everywhere."""
    sql.execute(_HOLD + sql.held(), (device_id,))
