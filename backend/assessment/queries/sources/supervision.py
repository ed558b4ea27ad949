"""Findings of supervision on bodies, and issued notices of praise, criticism, exposure on bodies and persons."""
from collections.abc import Sequence
from typing import Any

from backend.assessment.queries.sources import parts
from backend.assessment.rules import AGENT_SUBJECT, DEPARTMENT_SUBJECT, UNIT_SUBJECT
from backend.assessment.rules.evidence import Evidence, Subject, Wanted
from backend.core import clock
from backend.supervision.rules import notices

MADE = frozenset({"supervision_finding.make", "supervision_finding.reverse"})
ISSUED = "supervision_notice.issue"
ACTIONS = MADE | {ISSUED}
_FINDINGS = """
SELECT f.id, f.kind, f.district_code, f.unit_code, f.department_code, f.effective_at, f.reversed_at
FROM supervision_finding f WHERE f.id IN ({})
"""
_ABOUT = """
SELECT a.notice_id, a.n, a.kind, a.district_code, a.unit_code, a.department_code, a.account_id, a.issued_at, n.number
FROM notice_about a JOIN supervision_notice n ON n.id = a.notice_id WHERE a.notice_id IN ({})
"""


def evidence(entries: Sequence[dict[str, Any]]) -> list[Evidence]:
    """The findings that were made or reversed, and the notices that were issued."""
    made = [entry["subject_id"] for entry in entries if entry["action"] in MADE]
    issued = [entry["subject_id"] for entry in entries if entry["action"] == ISSUED]
    found = [_finding(row) for row in parts.rows(_FINDINGS, made)]
    return found + [_notice(row) for row in parts.rows(_ABOUT, issued) if row["kind"] in notices.KINDS]


def _finding(row: dict[str, Any]) -> Evidence:
    wanted = () if row["reversed_at"] is not None else (Wanted(row["kind"], _body(row)),)
    return Evidence("finding_on_body", row["id"], clock.from_micros(row["effective_at"]), wanted)


def _notice(row: dict[str, Any]) -> Evidence:
    if row["account_id"] is not None:
        subject = Subject(AGENT_SUBJECT, row["account_id"], row["district_code"])
    else:
        subject = _body(row)
    return Evidence(
        "notice", f"{row['notice_id']}/{row['n']}", clock.from_micros(row["issued_at"]),
        (Wanted(row["kind"], subject),), row["number"] or "",
    )


def _body(row: dict[str, Any]) -> Subject:
    if row["unit_code"] is not None:
        return Subject(UNIT_SUBJECT, row["unit_code"], row["unit_code"])
    return Subject(DEPARTMENT_SUBJECT, row["department_code"], row["district_code"])
