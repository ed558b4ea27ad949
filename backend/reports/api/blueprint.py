"""The routes of coverage and weekly reports hang here."""
from datetime import datetime
from typing import Any

from backend.core import faults, http
from backend.core.actor import Actor
from backend.reports.queries import reports

blp = http.Blueprint("reports", description="建成率与周报 · coverage, sites, weekly reports")


def shown(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The report that a reference of week and unit names, in the reader's language."""
    found = reports.one(ref[0], ref[1], actor=actor, now=now)
    language = 1 if faults.wants_english() else 0
    found["must_say"] = [
        {"field": hint.field, "text": hint.told[language], "required": hint.required} for hint in found["must_say"]
    ]
    return found


def within(week: str, unit_code: str, *_: Any, actor: Actor, now: datetime) -> None:
    """NotFound where the report is not the caller's to see."""
    reports.found(week, unit_code, actor=actor, now=now)
