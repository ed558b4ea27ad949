"""Findings of mystery visits, once they are published: until then there is no trace of them here either."""
from collections.abc import Sequence
from typing import Any

from backend.assessment.queries.sources import parts
from backend.assessment.rules import AGENT_SUBJECT, UNIT_SUBJECT
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock
from backend.inspections.rules import PUBLISHED

ACTIONS = frozenset({"inspection.publish"})
KINDS = {
    "absence": "absent_at_inspection", "nobody_at_window": "nobody_at_window",
    "no_one_time_notice": "no_one_time_notice", "praise": "praise",
}
OTHER = "inspection_finding"
_FINDINGS = f"""
SELECT f.inspection_id, f.n, f.kind, f.points, f.account_id, i.unit_code, i.visited_at, i.year, i.number
FROM inspection i JOIN inspection_finding f ON f.inspection_id = i.id
WHERE i.state = '{PUBLISHED}' AND f.points <> 0 AND i.id IN ({{}})
"""


def evidence(entries: Sequence[dict[str, Any]]) -> list[Evidence]:
    """The findings of the visits that were published, with the points that each was given."""
    return [_said(row) for row in parts.rows(_FINDINGS, [entry["subject_id"] for entry in entries])]


def _said(row: dict[str, Any]) -> Evidence:
    subjects = [Subject(UNIT_SUBJECT, row["unit_code"], row["unit_code"])]
    if row["account_id"] is not None:
        subjects.append(Subject(AGENT_SUBJECT, row["account_id"], row["unit_code"]))
    kind = KINDS.get(row["kind"], OTHER)
    wanted = tuple(Wanted(kind, subject, own=10 * row["points"]) for subject in subjects)
    return Evidence(
        "inspection", f"{row['inspection_id']}/{row['n']}", clock.from_micros(row["visited_at"]), wanted,
        f"{row['year']}-{row['number']}",
    )
