"""Errands whose clock runs, for the jobs that watch them."""
from typing import Any

from backend.core import sql

_RUNNING = """
SELECT id, unit_code, item_code, item_number, accepted_at, due_at, reminder_at, yellow_at, provisional, version
FROM errand WHERE accepted_at IS NOT NULL AND finished_at IS NULL
"""


def one(errand_id: str) -> dict[str, Any] | None:
    """The running errand, locked; None where its clock does not run."""
    return sql.row(f"{_RUNNING} AND id = ?" + (" FOR UPDATE" if sql.on_postgresql() else ""), (errand_id,))


def batch(after: str, limit: int) -> list[dict[str, Any]]:
    """Running errands by id."""
    return sql.rows(f"{_RUNNING} AND id > ? ORDER BY id LIMIT ?", (after, limit))


def marked() -> int:
    """The calendar's stamp to which all open errands were moved last."""
    return int(sql.value("SELECT stamp FROM errand_calendar WHERE id = 1"))
