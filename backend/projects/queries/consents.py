"""Consents by silence and absence: what has to be decided, told, or is still owed."""
from collections.abc import Collection
from datetime import datetime
from typing import Any

from backend.core import clock, sql

_SILENT = """
SELECT id, project_id, code, due_at FROM procedure
WHERE state = 'served' AND due_at <= ? AND (due_at > ? OR due_at = ? AND id > ?) AND timeout_consent
ORDER BY due_at, id LIMIT ?
"""
_LAST = "SELECT * FROM deemed_consent WHERE procedure_id = ? ORDER BY n DESC LIMIT 1"
_OBJECTING = """
SELECT department_code FROM joining_answer WHERE procedure_id = ? AND round = ? AND decision = 'object'
ORDER BY department_code
"""
_UNTOLD = """
SELECT id, project_id, notice_on FROM deemed_consent
WHERE noticed_at IS NULL AND notice_on <= ? AND (notice_on > ? OR notice_on = ? AND id > ?) AND revoked_at IS NULL
ORDER BY notice_on, id LIMIT ?
"""


def silent(now: datetime, after: tuple[int, str], limit: int) -> list[dict[str, Any]]:
    """Served procedures whose limit has ended and that silence may decide, earliest first, after the last one seen."""
    return sql.plain(_SILENT, (clock.to_micros(now), after[0], *after, limit))


def last(procedure_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """The latest deemed consent of a procedure, revoked or not."""
    suffix = sql.held(lock)
    return sql.row(_LAST + suffix, (procedure_id,))


def objecting(procedure: dict[str, Any]) -> list[str]:
    """The joining departments that objected to the papers of this service."""
    return [code for (code,) in sql.execute(_OBJECTING, (procedure["id"], procedure["round"])).fetchall()]


def untold(today: str, after: tuple[str, str], limit: int) -> list[dict[str, Any]]:
    """Standing consents whose numbered notice has to issue by today, after the last one seen."""
    return sql.plain(_UNTOLD, (today, after[0], *after, limit))


def last_late(procedure_id: str) -> dict[str, Any] | None:
    """The latest answer that came too late."""
    return sql.row("SELECT * FROM late_answer WHERE procedure_id = ? ORDER BY n DESC LIMIT 1", (procedure_id,))


def places(procedure_ids: Collection[str]) -> list[tuple[str, str]]:
    """The project and code of each of these procedures."""
    if not procedure_ids:
        return []
    text = f"SELECT project_id, code FROM procedure WHERE id IN ({', '.join('?' * len(procedure_ids))}) ORDER BY id"
    found: list[tuple[str, str]] = sql.execute(text, list(procedure_ids)).fetchall()
    return found


def marked() -> int:
    """Up to which change of the calendar all clocks of procedures were laid."""
    return int(sql.value("SELECT stamp FROM project_calendar WHERE id = 1"))


_NAMED = """
SELECT r.id, r.name AS procedure, p.name AS project, p.number, p.district_code FROM procedure r
JOIN project p ON p.id = r.project_id WHERE r.id IN ({})
"""


def named(procedure_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What people call these procedures; one statement."""
    if not procedure_ids:
        return {}
    found = sql.rows(_NAMED.format(", ".join("?" * len(procedure_ids))), list(procedure_ids))
    return {each["id"]: each for each in found}


def kinds_of(card_ids: Collection[str]) -> dict[str, str]:
    """Which clock each of these cards is of: the limit's, or the opinion's; one statement."""
    if not card_ids:
        return {}
    text = f"SELECT id, kind FROM card WHERE id IN ({', '.join('?' * len(card_ids))})"
    return {row["id"]: row["kind"] for row in sql.plain(text, list(card_ids))}
