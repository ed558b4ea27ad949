"""Who owes a report, who has not filed it, and which moments of a week have come."""
from datetime import date
from typing import Any

from backend.core import sql
from backend.reports.rules import weeks

_DISTRICTS = "SELECT DISTINCT substr(code, 1, 6) AS part FROM unit WHERE level = 'township' ORDER BY 1"
_SEEN = """
SELECT district_code, max(week) AS week FROM report_moment WHERE kind = ? GROUP BY district_code
"""
_FIRST_REPORT = "SELECT min(week) FROM report WHERE district_code = ?"
_IN_OFFICE = "(u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)"
_STANDING = f"""
SELECT u.code AS unit_code, u.name, r.filed_at FROM unit u LEFT JOIN report r ON r.week = ? AND r.unit_code = u.code
WHERE u.level = 'township' AND u.code BETWEEN ? AND ? AND {_IN_OFFICE} ORDER BY u.code
"""
_OWED = """
SELECT o.unit_code, o.name, o.due_at, r.filed_at, r.on_time, r.state FROM obligation o
LEFT JOIN report r ON r.week = o.week AND r.unit_code = o.unit_code
WHERE o.district_code = ? AND o.week = ? ORDER BY o.unit_code
"""
_MOMENT = """
SELECT week, kind, effective_at, detected_at, owed FROM report_moment WHERE district_code = ? AND week = ? AND kind = ?
"""
_CLIMBING = """
SELECT o.week, o.unit_code, o.name, o.due_at, o.district_code, r.filed_at FROM obligation o
LEFT JOIN report r ON r.week = o.week AND r.unit_code = o.unit_code
WHERE o.climb_at IS NOT NULL ORDER BY o.climb_at, o.unit_code LIMIT ?
"""


def districts() -> list[str]:
    """Every district that has townships."""
    return [f"{row['part']}000000" for row in sql.plain(_DISTRICTS)]


def last_frozen() -> dict[str, str]:
    """The last week of each district that has fallen due, or that was over before anybody reported there."""
    return {row["district_code"]: row["week"] for row in sql.plain(_SEEN, (weeks.DUE,))}


def first_report(district_code: str) -> str | None:
    """The first week that anybody of a district has written about."""
    found = sql.value(_FIRST_REPORT, (district_code,))
    return None if found is None else str(found)


def moment(district_code: str, week: str, kind: str) -> dict[str, Any] | None:
    """A moment of a district's week, once it has come."""
    return sql.row(_MOMENT, (district_code, week, kind))


def is_frozen(district_code: str, week: str) -> bool:
    """Whether it is settled who owed that week; not so of weeks that were over before anybody reported there."""
    found = moment(district_code, week, weeks.DUE)
    return found is not None and found["owed"] is not None


def standing(district_code: str, week: str, on: date) -> list[dict[str, Any]]:
    """The townships in office on a day, with when they filed that week (None: they have not)."""
    day = on.isoformat()
    prefix = district_code[:6]
    return sql.rows(_STANDING, (week, prefix.ljust(12, "0"), prefix.ljust(12, "9"), day, day))


def owed(district_code: str, week: str) -> list[dict[str, Any]]:
    """The frozen obligations of a district's week, each with what became of it, by unit.

    unit_code, name (of that time), due_at, filed_at, on_time, state; the last three None where nothing was filed.
    """
    found = sql.rows(_OWED, (district_code, week))
    for row in found:
        row["on_time"] = None if row["on_time"] is None else bool(row["on_time"])
    return found


def climbing(limit: int) -> list[dict[str, Any]]:
    """Missing reports of which the head and the office were not told yet, earliest first."""
    return sql.rows(_CLIMBING, (limit,))
