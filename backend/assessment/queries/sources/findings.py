"""Findings on officers (no one-time notice, a second one) count against the officer and his unit."""
from collections.abc import Sequence
from typing import Any

from backend.assessment.queries.sources import parts
from backend.assessment.rules import AGENT_SUBJECT, UNIT_SUBJECT
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock

ACTIONS = frozenset({"finding.make"})
_FINDINGS = """
SELECT f.id, f.kind, f.unit_code, f.account_id, f.made_at, e.number
FROM finding f JOIN errand e ON e.id = f.errand_id WHERE f.id IN ({})
"""


def evidence(entries: Sequence[dict[str, Any]]) -> list[Evidence]:
    """The findings that were made."""
    return [_said(row) for row in parts.rows(_FINDINGS, [entry["subject_id"] for entry in entries])]


def _said(row: dict[str, Any]) -> Evidence:
    subjects = (
        Subject(AGENT_SUBJECT, row["account_id"], row["unit_code"]),
        Subject(UNIT_SUBJECT, row["unit_code"], row["unit_code"]),
    )
    wanted = tuple(Wanted(row["kind"], subject) for subject in subjects)
    return Evidence("finding", row["id"], clock.from_micros(row["made_at"]), wanted, row["number"])
