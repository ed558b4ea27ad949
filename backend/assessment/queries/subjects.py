"""Who is assessed: agents, units and departments, by the names they bear."""
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from backend.assessment.rules import AGENT_SUBJECT, DEPARTMENT_SUBJECT, UNIT_SUBJECT
from backend.assessment.rules.evidence import Subject
from backend.core import sql
from backend.org import rules as tree

AT_ONCE = 500
_MISSING_AGENTS = """
SELECT a.id, a.name, a.unit_code FROM account a
WHERE a.role IN ('agent', 'project_agent') AND a.disabled_at IS NULL AND a.unit_code BETWEEN ? AND ?
AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.period = ? AND s.subject_type = 'agent' AND s.subject_id = a.id)
ORDER BY a.id LIMIT ?
"""
_MISSING_UNITS = """
SELECT u.code AS id, u.name, u.code AS unit_code FROM unit u
WHERE u.level IN ('township', 'village') AND u.code BETWEEN ? AND ?
AND (u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)
AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.period = ? AND s.subject_type = 'unit' AND s.subject_id = u.code)
ORDER BY u.code LIMIT ?
"""
_MISSING_DEPARTMENTS = """
SELECT d.code AS id, d.name FROM department d WHERE (d.valid_to_on IS NULL OR d.valid_to_on > ?)
AND NOT EXISTS (
    SELECT 1 FROM standing s
    WHERE s.period = ? AND s.subject_type = 'department' AND s.subject_id = d.code AND s.district_code = ?
) ORDER BY d.code LIMIT ?
"""
_MOVED = """
SELECT s.id, a.name, a.unit_code FROM standing s JOIN account a ON a.id = s.subject_id
WHERE s.district_code = ? AND s.period = ? AND s.subject_type = 'agent' AND s.revision = 0
AND (a.name <> s.name OR a.unit_code <> s.unit_code) AND a.unit_code BETWEEN ? AND ? LIMIT ?
"""

Named = tuple[Subject, str]


def missing(district_code: str, period: str, on: date) -> list[Named]:
    """Some of those who belong into a half-year and do not stand in it yet, with their names; none: all do."""
    first, last = tree.subtree(district_code)
    day = on.isoformat()
    found = [
        (Subject(AGENT_SUBJECT, row["id"], row["unit_code"]), row["name"])
        for row in sql.rows(_MISSING_AGENTS, (first, last, period, AT_ONCE))
    ]
    found += [
        (Subject(UNIT_SUBJECT, row["id"], row["unit_code"]), row["name"])
        for row in sql.rows(_MISSING_UNITS, (first, last, day, day, period, AT_ONCE))
    ]
    return found + [
        (Subject(DEPARTMENT_SUBJECT, row["id"], district_code), row["name"])
        for row in sql.rows(_MISSING_DEPARTMENTS, (day, period, district_code, AT_ONCE))
    ]


def moved(district_code: str, period: str) -> list[dict[str, Any]]:
    """Standings of agents who bear another name or belong to another unit by now."""
    return sql.rows(_MOVED, (district_code, period, *tree.subtree(district_code), AT_ONCE))


_NAMES = {
    AGENT_SUBJECT: "SELECT id, name, unit_code FROM account WHERE id IN ({})",
    UNIT_SUBJECT: "SELECT code AS id, name, code AS unit_code FROM unit WHERE code IN ({})",
    DEPARTMENT_SUBJECT: "SELECT code AS id, name, NULL AS unit_code FROM department WHERE code IN ({})",
}


def named(subjects: Iterable[Subject]) -> dict[Subject, Named]:
    """Each of these with its name, an agent with the unit that is his now; those unknown left out."""
    found: dict[Subject, Named] = {}
    wanted: dict[str, list[Subject]] = {}
    for one in subjects:
        wanted.setdefault(one.type, []).append(one)
    for kind, some in wanted.items():
        rows = {row["id"]: row for row in _rows(kind, sorted({one.id for one in some}))}
        for one in some:
            row = rows.get(one.id)
            if row is not None:
                found[one] = one._replace(unit_code=row["unit_code"] or one.unit_code), row["name"]
    return found


def _rows(kind: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    return sql.rows(_NAMES[kind].format(", ".join("?" * len(ids))), ids)
