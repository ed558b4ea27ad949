"""Devices: one's own, for a township those of its subtree."""
from datetime import datetime
from typing import Any

from backend.core import paging, sql
from backend.core.actor import AGENT, OPERATOR, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.people import queries as people
from backend.sync.queries import epochs
from backend.sync.rules import devices as rules

_ROW = "SELECT d.* FROM sync_device d"
_HELD = "SELECT * FROM sync_device WHERE id = ? AND account_id = ?"
_ALL = "SELECT id FROM sync_device WHERE account_id = ? AND revoked_at IS NULL ORDER BY id"


def reach(actor: Actor) -> tuple[str, str]:
    """Which column bounds what of the phones' work the actor sees, and its value: at a desk his own only."""
    return ("account_id", actor.id) if actor.role in (AGENT, OPERATOR) else scope.column(actor)


def row(device_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A device as stored, within the actor's reach; NotFound otherwise."""
    column, code = reach(actor)
    text = f"{_ROW} WHERE d.id = ? AND (d.{column} = ? OR d.account_id = ?){sql.held(lock)}"
    found = sql.row(text, (device_id, code, actor.id))
    if found is None:
        raise NotFound()
    return found


def own(device_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A device of the actor's own account that is in use; NotFound, DeviceRevoked."""
    found = sql.row(_HELD + sql.held(lock), (device_id, actor.id))
    if found is None:
        raise NotFound()
    if found["revoked_at"] is not None:
        raise rules.DeviceRevoked()
    return found


def hold_all(actor: Actor) -> None:
    """Hold the account's phones that are in use, in the order of their ids: what is counted of all of them."""
    sql.execute(_ALL + sql.held(), (actor.id,)).fetchall()


def registered(device_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a phone is told of its registration."""
    found = row(device_id, actor)
    told = {"device_id": device_id, "epoch": epochs.current(), "next_n": found["next_n"]}
    return told | {"_etag": found["version"]}


def one(device_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One device."""
    return _shown([row(device_id, actor)])[0]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Devices within the actor's reach, the earliest first."""
    column, code = reach(actor)
    where, params = [f"d.{column} = ?"], [code]
    for name in ("unit_code", "account_id"):
        if query[name]:
            where.append(f"d.{name} IN ({', '.join('?' * len(query[name]))})")
            params += query[name]
    if query["revoked"] is not None:
        where.append(f"d.revoked_at IS {'NOT ' if query['revoked'] else ''}NULL")
    if query["cursor"]:
        where.append("d.id > ?")
        params += paging.values_of("devices", query["cursor"])
    found = sql.rows(f"{_ROW} WHERE {' AND '.join(where)} ORDER BY d.id LIMIT ?", [*params, query["limit"] + 1])
    page = paging.page("devices", found, query["limit"], ("id",))
    return Page(_shown(page.items), page.next_cursor)


_KEPT = (
    "id", "name", "account_id", "unit_code", "made_at", "next_n", "last_push_at", "outbox_size", "rejected",
    "conflicts", "clock_skew_seconds", "revoked_at", "version",
)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({each["account_id"] for each in found})
    return [
        {name: each[name] for name in _KEPT} | {
            "account": {"id": each["account_id"], "name": names.get(each["account_id"], "")},
            "rows": each["held_rows"], "skewed": rules.is_skewed(each["clock_skew_seconds"]),
        }
        for each in found
    ]
