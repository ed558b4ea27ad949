"""Weekly reports that were owed: missing at the due moment; late once they have come after it."""
from collections.abc import Sequence
from typing import Any

from backend.assessment.rules import UNIT_SUBJECT
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock, sql

ACTIONS = frozenset({"report.due", "report.file"})
_OWED = """
SELECT o.week, o.unit_code, o.due_at, o.missing, r.filed_at FROM obligation o
LEFT JOIN report r ON r.week = o.week AND r.unit_code = o.unit_code
"""


def evidence(entries: Sequence[dict[str, Any]]) -> list[Evidence]:
    """The obligations of the weeks that fell due, and those whose report was filed since."""
    found: dict[str, Evidence] = {}
    for entry in entries:
        week, _, code = entry["subject_id"].partition("/")
        if entry["action"] == "report.due":
            rows = sql.plain(f"{_OWED} WHERE o.district_code = ? AND o.week = ? AND o.missing ORDER BY o.unit_code",
                             (code, week))
        else:
            rows = sql.plain(f"{_OWED} WHERE o.week = ? AND o.unit_code = ? AND o.missing", (week, code))
        for row in rows:
            said = _said(row)
            found[said.source_id] = said
    return list(found.values())


def _said(row: dict[str, Any]) -> Evidence:
    kind = "report_missing" if row["filed_at"] is None else "report_late"
    wanted = (Wanted(kind, Subject(UNIT_SUBJECT, row["unit_code"], row["unit_code"])),)
    source_id = f"{row['week']}/{row['unit_code']}"
    return Evidence("report", source_id, clock.from_micros(row["due_at"]), wanted, row["week"])
