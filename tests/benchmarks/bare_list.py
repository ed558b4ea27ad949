"""The bare work list: hand-written SQL, rows made into the same JSON by hand, numbers opened and masked.

It knows the benchmark's errands, which are registered and nothing more: no working days are counted
for it, no light is told, and the items are read once at start.
"""
import base64
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZONE = ZoneInfo("Asia/Shanghai")
STATES = (
    "registered", "awaiting_materials", "accepted", "suspended", "forwarded", "completed", "delivered",
)
_WALK = (
    "SELECT * FROM (SELECT id, order_at FROM errand WHERE unit_code = ? AND state = ? ORDER BY order_at, id LIMIT 51)"
)
LIST = f"""
SELECT e.order_at, e.id, e.number, e.state, e.outcome, e.item_code, e.item_number, e.quantity, e.unit_code, e.channel,
  e.resident_id, r.name, r.id_number_sealed, r.phone_sealed, e.mandate_given_by, e.mandate_expires_on,
  e.first_receiver_id, f.name, e.agent_id, a.name, e.provisional, e.result, e.reason, e.referral, e.delivery_method,
  e.received_by, e.trips, e.paid_fen, e.version, e.received_at, e.claimed_at, e.handed_in_at, e.accepted_at,
  e.due_at, e.finished_at,  e.delivered_at, e.closed_at
FROM (SELECT id FROM ({" UNION ALL ".join(f"{_WALK} AS w{n}" for n in range(len(STATES)))}) AS found
      ORDER BY order_at, id LIMIT 51) AS chosen
JOIN errand e ON e.id = chosen.id JOIN resident r ON r.id = e.resident_id
JOIN account f ON f.id = e.first_receiver_id JOIN account a ON a.id = e.agent_id
"""
_keys: dict[bytes, AESGCM] = {}
_items: dict[tuple[str, int], dict[str, Any]] = {}


def load(key_file: str, run: Callable[..., Any]) -> None:
    """The keys, and what the published items say."""
    held = json.loads(Path(key_file).read_text())["fields"]
    _keys.update({name.encode(): AESGCM(base64.b64decode(text)) for name, text in held.items()})
    for code, number, body in run("SELECT item_code, number, body FROM item_version").fetchall():
        _items[code, number] = orjson.loads(body)


def answer(run: Callable[..., Any], unit: str) -> bytes:
    """The first page of a unit's work list."""
    params = [part for state in STATES for part in (unit, state)]
    rows = sorted(run(LIST, tuple(params)).fetchall())
    return orjson.dumps({"items": [_shown(row) for row in rows[:50]], "next_cursor": None})


def _opened(sealed: bytes, place: str) -> str:
    sealed = bytes(sealed)
    start = 1 + sealed[0]
    return _keys[sealed[1:start]].decrypt(sealed[start:start + 12], sealed[start + 12:], place.encode()).decode()


def _moment(micros: int | None) -> str | None:
    return None if micros is None else datetime.fromtimestamp(micros // 1_000_000, ZONE).isoformat()


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    (_, errand_id, number, state, outcome, code, version_number, quantity, unit, channel, resident_id, name, id_number,
     phone, given_by, expires_on, receiver_id, receiver, agent_id, agent, provisional, result, reason, referral, method,
     received_by, trips, paid, version, *moments) = row
    item = _items[code, version_number]
    id_number, phone = _opened(id_number, f"resident|id_number|{resident_id}"), _opened(
        phone, f"resident|phone|{resident_id}")
    return {
        "id": errand_id, "number": number, "state": state, "outcome": outcome,
        "item": {"code": code, "version": version_number, "name": item["name"], "kind": item["kind"],
                 "promised_days": item["promised_days"]},
        "quantity": quantity, "unit_code": unit, "channel": channel,
        "resident": {
            "id": resident_id, "name": name, "id_number": id_number[0] + "*" * (len(id_number) - 2) + id_number[-1],
            "phone": f"{phone[:3]}****{phone[-4:]}",
        },
        "mandate": {"given_by": given_by, "expires_on": expires_on},
        "first_receiver": {"id": receiver_id, "name": receiver}, "agent": {"id": agent_id, "name": agent},
        "provisional": bool(provisional), "used_working_days": None, "remaining_working_days": None, "light": "none",
        "result": result, "reason": reason, "referral": referral, "delivery_method": method,
        "received_by": received_by, "trips": trips, "paid_fen": paid, "version": version,
        **dict(zip(MOMENTS, map(_moment, moments))),
    }


MOMENTS = (
    "received_at", "claimed_at", "handed_in_at", "accepted_at", "due_at", "finished_at", "delivered_at", "closed_at",
)
