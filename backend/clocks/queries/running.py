"""Clocks of subjects and what stopped them, for those who move them."""
from datetime import datetime
from typing import Any

import orjson

from backend.clocks.rules import Halt
from backend.core import clock, sql

_CLOCK = """
SELECT id, subject_type, subject_id, kind, part, unit_code, department_code, account_id, budget_days, extended_days,
       legal_days, started_at, ended_at, due_at, provisional, moments, next_at, version
FROM clock
"""
_OF = f"{_CLOCK} WHERE subject_type = ? AND subject_id = ? ORDER BY id"
_BATCH = f"{_CLOCK} WHERE subject_type = ? AND ended_at IS NULL AND id > ? ORDER BY id LIMIT ?"
_DUE = "SELECT next_at, id FROM clock WHERE next_at <= ? AND (next_at, id) > (?, ?) ORDER BY next_at, id LIMIT ?"
_CROSSED = f"{_CLOCK} WHERE id IN ({{}}) AND next_at <= ? ORDER BY next_at, id"
_SUSPENSIONS = """
SELECT id, subject_id, n, reason, notice, account_id, from_at, to_at, restart, version FROM suspension
WHERE subject_type = ? AND subject_id IN ({}) ORDER BY subject_id, n
"""


def of(subject_type: str, subject_id: str, *, lock: bool = False) -> list[dict[str, Any]]:
    """All clocks of a subject in the order in which they began; ``lock`` keeps them until the transaction ends."""
    suffix = sql.held(lock)
    return [_clock(row) for row in sql.rows(_OF + suffix, (subject_type, subject_id))]


def batch(subject_type: str, after: str, limit: int) -> list[dict[str, Any]]:
    """Clocks of a kind of subject that have not ended, by id."""
    return [_clock(row) for row in sql.rows(_BATCH, (subject_type, after, limit))]


def due(now: datetime, after: tuple[int, str], limit: int) -> list[tuple[int, str]]:
    """The moment and id of clocks that have a card to give, in order, after the last one seen; by index alone."""
    found: list[tuple[int, str]] = sql.execute(_DUE, (clock.to_micros(now), *after, limit)).fetchall()
    return found


def crossed(clock_ids: list[str], now: datetime) -> list[dict[str, Any]]:
    """Those of the clocks that still have a card to give, held; those that somebody else holds are left to him."""
    suffix = sql.held(skip=True)
    text = _CROSSED.format(", ".join("?" * len(clock_ids))) + suffix
    return [_clock(row) for row in sql.rows(text, [*clock_ids, clock.to_micros(now)])]


def _clock(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"moments": orjson.loads(row["moments"]), "provisional": bool(row["provisional"])}


def suspensions(subject_type: str, *subject_ids: str) -> dict[str, list[dict[str, Any]]]:
    """What stopped each subject, in order; one statement for all."""
    found: dict[str, list[dict[str, Any]]] = {subject_id: [] for subject_id in subject_ids}
    if found:
        text = _SUSPENSIONS.format(", ".join("?" * len(found)))
        for row in sql.rows(text, (subject_type, *found)):
            found[row["subject_id"]].append(row | {"restart": bool(row["restart"])})
    return found


def halts(subject_type: str, *subject_ids: str) -> dict[str, list[Halt]]:
    """The stretches in which the clocks of each subject stood, or stand."""
    return {
        subject_id: [Halt(row["from_at"], row["to_at"], row["restart"]) for row in rows]
        for subject_id, rows in suspensions(subject_type, *subject_ids).items()
    }
