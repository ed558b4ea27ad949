"""The inbox: rejected work, one's own; for a township and the supervision that of their units."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.core.problems import NotFound
from backend.notifications.queries import walking
from backend.people import queries as people
from backend.sync.queries import devices
from backend.sync.rules import masking, refusals
from backend.sync.rules import mutations as rules

PAYLOAD = "sync_result|payload|"
SUBJECT = "rejected_work"
_ROW = "SELECT * FROM sync_result"


def row(item_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """An item as stored, within the actor's reach; NotFound otherwise."""
    column, code = devices.reach(actor)
    text = f"{_ROW} WHERE id = ? AND state IS NOT NULL AND {column} = ?{sql.held(lock)}"
    found = sql.row(text, (item_id, code))
    if found is None:
        raise NotFound()
    return found


def one(item_id: str, *, english: bool, actor: Actor, now: datetime) -> dict[str, Any]:
    """One item: what was sent, masked, and why it was refused."""
    return _shown([row(item_id, actor)], english)[0]


def listed(query: dict[str, Any], *, english: bool, actor: Actor, now: datetime) -> Page:
    """Items within the actor's reach, the oldest first; open ones unless asked otherwise."""
    column, code = devices.reach(actor)
    every, kinds = states_of(query["state"], rules.INBOX_STATES, (rules.OPEN,)), query["kind"]
    besides = (f"kind IN ({', '.join('?' * len(kinds))})", list(kinds)) if kinds else None
    part = walking.listed("inbox", _ROW, every, query, column=column, code=code, besides=besides)
    return Page(_shown(sorted(part.items, key=_arrival), english), part.next_cursor)


def _arrival(each: dict[str, Any]) -> tuple[Any, ...]:
    """What came in one push came at one moment: by its numbers then."""
    return each["received_at"], each["device_id"], each["n"]


_KEPT = (
    "id", "state", "kind", "device_id", "unit_code", "n", "type", "entity_id", "occurred_at", "received_at", "note",
    "settled_at", "version",
)


def _shown(found: list[dict[str, Any]], english: bool) -> list[dict[str, Any]]:
    names = people.names({each[key] for each in found for key in ("account_id", "settled_by") if each[key]})

    def who(account_id: str | None) -> dict[str, str] | None:
        return {"id": account_id, "name": names.get(account_id, "")} if account_id else None

    return [
        {name: each[name] for name in _KEPT} | {
            "by": who(each["account_id"]), "settled_by": who(each["settled_by"]), "skewed": bool(each["skewed"]),
            "problem": refusals.told(orjson.loads(each["problem"]), english=english), "sent": _sent(each),
        }
        for each in found
    ]


def _sent(each: dict[str, Any]) -> dict[str, Any] | None:
    """What the phone sent, masked; None once it was erased."""
    if each["payload_sealed"] is None:
        return None
    sent = orjson.loads(secrets.unseal(each["payload_sealed"], PAYLOAD + each["id"]))
    names = ("id", "set", "base", "base_version", "files")
    return {name: masking.value("", sent[name]) for name in names if name in sent}
