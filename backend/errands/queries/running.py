"""Open errands, for the jobs that watch them."""
from collections.abc import Collection
from datetime import datetime
from typing import Any

from backend.core import clock, sql

_OPEN = """
SELECT e.id, e.number, e.resident_id, e.unit_code, e.township_code, e.district_code, e.agent_id, e.item_code,
       e.item_number, e.state, e.received_at, e.accepted_at, e.due_at, e.order_at, e.reminder_at, e.yellow_at,
       e.provisional, e.duty_at, e.duty_days, e.silence_at, e.last_move, e.forwardings, e.handovers, e.version
FROM errand e WHERE e.finished_at IS NULL
"""
_STALE = f"""
{_OPEN} AND e.id > ? AND (
    e.silence_at IS NOT NULL OR e.state = 'registered' OR e.accepted_at IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM clock c WHERE c.subject_type = 'errand' AND c.subject_id = e.id)
) ORDER BY e.id LIMIT ?
"""
_SILENT = """
SELECT id, silence_at FROM errand
WHERE silence_at <= ? AND (silence_at, id) > (?, ?) ORDER BY silence_at, id LIMIT ?
"""


def one(errand_id: str) -> dict[str, Any] | None:
    """The open errand, locked; None where it is finished."""
    return sql.row(f"{_OPEN} AND e.id = ?" + sql.held(), (errand_id,))


def named(errand_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What people call these errands: number and item, by id; one statement."""
    if not errand_ids:
        return {}
    text = f"SELECT id, number, item_code, item_number FROM errand WHERE id IN ({', '.join('?' * len(errand_ids))})"
    return {row["id"]: row for row in sql.rows(text, list(errand_ids))}


def without_clock(after: str, limit: int) -> list[dict[str, Any]]:
    """Open errands by id whose dates no clock holds: not accepted yet, or accepted before there were clocks."""
    return sql.rows(_STALE, (after, limit))


def silent(now: datetime, after: tuple[int, str], limit: int) -> list[dict[str, Any]]:
    """Errands whose resident may count as told nothing by ``now``, earliest first; instants as stored."""
    return sql.plain(_SILENT, (clock.to_micros(now), *after, limit))


def marked() -> int:
    """The calendar's stamp to which all open errands were moved last."""
    return int(sql.value("SELECT stamp FROM errand_calendar WHERE id = 1"))
