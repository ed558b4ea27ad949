"""A phone is registered, heard of, and given up or taken away."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import leasing
from backend.core import clock as instants
from backend.core import ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.org import rules as tree
from backend.people.actions import sessions
from backend.sync.models import SyncDevice
from backend.sync.queries import devices
from backend.sync.rules import devices as rules
from backend.sync.rules import numbering

SUBJECT = "device"
_BIND = "INSERT INTO sync_session (session_id, device_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SESSIONS = "SELECT session_id FROM sync_session WHERE device_id = ?"
_HEARD = """
UPDATE sync_device SET unit_code = ?, township_code = ?, district_code = ?, last_push_at = ?,
    outbox_size = coalesce(?, outbox_size), held_rows = coalesce(?, held_rows),
    clock_skew_seconds = coalesce(?, clock_skew_seconds)
WHERE id = ?
"""


def codes(unit_code: str | None) -> tuple[str, str, str]:
    """The three codes by which an account's work is found."""
    code = unit_code or ""
    return code, tree.township_of(code), tree.district_of(code)


@transaction
def register(*, name: str, actor: Actor, now: datetime) -> str:
    """Register a phone of the actor's; its id. The session that asks is the phone's from now on."""
    device_id = ids.new(now)
    unit_code, township_code, district_code = codes(actor.unit_code)
    sql.insert(
        SyncDevice, id=device_id, account_id=actor.id, unit_code=unit_code, township_code=township_code,
        district_code=district_code, name=name, made_at=now,
    )
    _bind(device_id, actor)
    ledger.record("device.register", SUBJECT, device_id, scope=unit_code, detail={"name": name})
    return device_id


def _bind(device_id: str, actor: Actor) -> None:
    if actor.session_id is not None:
        sql.execute(_BIND, (actor.session_id, device_id))


@transaction
def hear(
    device_id: str, numbers: list[int], *, outbox_size: int | None = None, rows: int | None = None,
    clock: datetime | None = None, actor: Actor, now: datetime,
) -> int:
    """Note that a phone pushes, and what it says of itself; the number expected next. NotFound, DeviceRevoked,
    Invalid, OutOfOrder."""
    found = devices.own(device_id, actor, lock=True)
    numbering.check_consecutive(numbers)
    if numbers:
        numbering.check_first(numbers[0], found["next_n"])
    skew = None if clock is None else rules.ahead(clock, now)
    sql.execute(_HEARD, (*codes(actor.unit_code), instants.to_micros(now), outbox_size, rows, skew, device_id))
    _bind(device_id, actor)
    return int(found["next_n"])


@transaction
def revoke(device_id: str, *, actor: Actor, now: datetime) -> str:
    """Give a phone up, or take it away: its sessions end, its pushes are refused. A second time does nothing."""
    found = devices.row(device_id, actor, lock=True)
    versions.check_seen(found, actor)
    if found["revoked_at"] is not None:
        return device_id
    values: dict[str, Any] = {"revoked_at": now, "revoked_by": actor.id}
    if not sql.amend(SyncDevice, device_id, found["version"], **values):
        raise Conflict()
    ended = sessions.end_some([session_id for (session_id,) in sql.execute(_SESSIONS, (device_id,)).fetchall()])
    sql.execute("DELETE FROM sync_session WHERE device_id = ?", (device_id,))
    leasing.give_back_all(device_id, actor=actor, now=now)
    ledger.record(
        "device.revoke", SUBJECT, device_id, scope=found["unit_code"], fields=("revoked_at",),
        detail={"sessions": ended},
    )
    return device_id
