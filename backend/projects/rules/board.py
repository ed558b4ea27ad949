"""The board of key projects: days used against the promise, quarters (rules 8.6). Pure."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from backend.core import clock
from backend.projects.rules.days import Days

GREEN, YELLOW, RED = "green", "yellow", "red"
LIGHTS = (GREEN, YELLOW, RED)


def light(used: int, promised: int, *, forecast_late: bool, overdue: int) -> str:
    """Red: the promise is used up, or a procedure overdue; yellow: the forecast lies behind the promise."""
    if used > promised or overdue:
        return RED
    return YELLOW if forecast_late else GREEN


def counted(started_on: date, until: date, days: Days) -> int:
    """The working days used: the day of the start is not counted (Civil Code art. 201)."""
    return max(0, days.number(until) - days.number(started_on))


def promised_on(started_on: date, promised: int, days: Days) -> date:
    """The day on which the promise ends."""
    return days.day(days.number(started_on) + promised)


def quarters(year: int) -> list[tuple[str, datetime, datetime]]:
    """The quarters of a year, ``2026-Q3``, each with its first moment and the one after its last."""
    firsts = [clock.at_local(date(year + month // 12, month % 12 + 1, 1), 0) for month in (0, 3, 6, 9, 12)]
    return [(f"{year}-Q{n}", firsts[n - 1], firsts[n]) for n in range(1, 5)]


def totals(entries: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many projects, by state and light."""
    found = {"projects": 0, "open": 0, "finished": 0, "abandoned": 0, GREEN: 0, YELLOW: 0, RED: 0, "beyond_promise": 0}
    for each in entries:
        found["projects"] += 1
        found[each["state"]] += 1
        if each["state"] == "open":
            found[each["light"]] += 1
            found["beyond_promise"] += each["used_working_days"] > each["promised_working_days"]
    return found


def by_leader(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each leader in charge: open projects, how many are red, procedures overdue; the most trouble first."""
    found: dict[str, dict[str, Any]] = {}
    for each in entries:
        if each["state"] == "open":
            own = found.setdefault(each["leader"], {"leader": each["leader"], "projects": 0, "red": 0, "overdue": 0})
            own["projects"] += 1
            own["red"] += each["light"] == RED
            own["overdue"] += each["overdue_procedures"]
    return sorted(found.values(), key=lambda own: (-own["red"], -own["overdue"], own["leader"]))


def late_departments(groups: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of each department: procedures overdue now, since when, and answered late; the most overdue first."""
    found: dict[str, dict[str, Any]] = {}
    for each in groups:
        own = found.setdefault(each["lead_department"], {
            "department_code": each["lead_department"], "department_name": each["lead_name"], "overdue": 0,
            "oldest_due_at": None, "answered_late": 0,
        })
        if each["state"] == "served":
            own["overdue"] += each["count"]
            own["oldest_due_at"] = min(own["oldest_due_at"] or each["since_at"], each["since_at"])
        else:
            own["answered_late"] += each["count"]
    return sorted(found.values(), key=lambda own: (-own["overdue"], -own["answered_late"], own["department_code"]))
