"""Cards that are still to be told, each kind of subject by the capability that knows what people call it."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, sql

_PENDING = """
SELECT pending_at, id FROM card WHERE subject_type = ? AND pending_at <= ? AND (pending_at, id) > (?, ?)
ORDER BY pending_at, id LIMIT ?
"""
_HELD = """
SELECT c.id, c.rung, c.state, c.subject_type, c.subject_id, c.unit_code, c.department_code, c.post_code, c.post,
       c.account_id, c.also_to, c.delivered_at, c.version, k.account_id AS answering_id, k.started_at, k.due_at
FROM card c JOIN clock k ON k.id = c.clock_id WHERE c.id IN ({}) AND c.pending_at <= ? ORDER BY c.id
"""


def pending(subject_type: str, now: datetime, after: tuple[int, str], limit: int) -> list[tuple[int, str]]:
    """The moment and id of cards whose delivery has come, in order, after the last one seen; by index alone."""
    params = (subject_type, clock.to_micros(now), *after, limit)
    found: list[tuple[int, str]] = sql.execute(_PENDING, params).fetchall()
    return found


def held(card_ids: list[str], now: datetime) -> list[dict[str, Any]]:
    """Those of the cards that are still to be told, held; those that somebody else holds are left to him."""
    text = _HELD.format(", ".join("?" * len(card_ids))) + sql.held(of="c", skip=True)
    found = sql.rows(text, [*card_ids, clock.to_micros(now)])
    return [card | {"also_to": orjson.loads(card["also_to"])} for card in found]
