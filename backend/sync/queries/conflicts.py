"""Conflicts between phones and others: one's own, for a township and the supervision those of their units."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.core.problems import NotFound
from backend.notifications.queries import walking
from backend.people import queries as people
from backend.people.queries import residents
from backend.sync.queries import devices
from backend.sync.rules import masking
from backend.sync.rules import mutations as rules

VALUES = "sync_conflict|values|"
_ROW = "SELECT * FROM sync_conflict"


def row(conflict_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A conflict as stored, within the actor's reach; NotFound otherwise."""
    column, code = devices.reach(actor)
    found = sql.row(f"{_ROW} WHERE id = ? AND {column} = ?{sql.held(lock)}", (conflict_id, code))
    if found is None:
        raise NotFound()
    return found


def values(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the phone saw, what stood and what it wants, by field, plain; nothing once it was erased."""
    sealed = found["values_sealed"]
    return {} if sealed is None else dict(orjson.loads(secrets.unseal(sealed, VALUES + found["id"])))


def one(conflict_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One conflict, its values masked."""
    return _shown([row(conflict_id, actor)])[0]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Conflicts within the actor's reach, the oldest first; open ones unless asked otherwise."""
    column, code = devices.reach(actor)
    every = states_of(query["state"], rules.CONFLICT_STATES, (rules.OPEN,))
    part = walking.listed("conflicts", _ROW, every, query, column=column, code=code)
    return Page(_shown(part.items), part.next_cursor)


_KEPT = (
    "id", "state", "device_id", "unit_code", "subject_type", "subject_id", "opened_at", "choice", "resolved_at",
    "version",
)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    whose = residents.resident_summaries(each["resident_id"] for each in found)
    names = people.names({each[key] for each in found for key in ("account_id", "resolved_by") if each[key]})

    def who(account_id: str | None) -> dict[str, str] | None:
        return {"id": account_id, "name": names.get(account_id, "")} if account_id else None

    return [
        {name: each[name] for name in _KEPT} | {
            "by": who(each["account_id"]), "resolved_by": who(each["resolved_by"]),
            "resident": whose.get(each["resident_id"]), "fields": _fields(values(each)),
        }
        for each in found
    ]


def _fields(held: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": name} | {side: masking.value(name, said[side]) for side in ("base", "server", "device")}
        for name, said in sorted(held.items())
    ]
