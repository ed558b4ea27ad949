"""What bodies have to answer for, within the reader's scope; and what was left unsolved without a finding yet."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.people import queries as people
from backend.supervision.queries import listing, scope
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import states

FINDINGS = Listed("supervision-findings", "supervision_finding", """
id, district_code, unit_code, township_code, department_code, target_code, target_name, kind, source_type, source_id,
what, effective_at, detected_at, state, reversed_at, reversed_by, reversed_for, version
""")
_COUNT = """
SELECT count(*) FROM supervision_finding
WHERE district_code = ? AND target_code = ? AND effective_at > ? AND state = 'standing'
"""
_UNSOLVED = """
SELECT p.id, p.district_code, p.department_code, d.name AS department_name, p.text, p.due_on FROM report_problem p
JOIN department d ON d.code = p.department_code
WHERE p.district_code = ? AND p.state = 'open' AND p.due_on < ? AND NOT EXISTS (
    SELECT 1 FROM supervision_finding f
    WHERE f.source_type = 'report_problem' AND f.source_id = p.id AND f.kind = 'problem_unsolved'
) ORDER BY p.due_on, p.id LIMIT ?
"""


def row(finding_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The finding as it is stored, where the actor reaches it; NotFound otherwise."""
    return listing.row(FINDINGS, finding_id, scope.of(actor), lock=lock)


def one(finding_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One finding."""
    return _shown([row(finding_id, actor)])[0]


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Findings about bodies in the actor's scope, the latest first; reversed ones too."""
    wanted = states_of(query["state"], states.FINDING_STATES, states.FINDING_STATES)
    more = listing.narrowed(query, "unit_code", "department_code", "kind")
    part = listing.page(FINDINGS, query, scope.of(actor), wanted, more)
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({each["reversed_by"] for each in found if each["reversed_by"]})
    hidden = ("district_code", "township_code", "target_code")
    return [
        {name: value for name, value in each.items() if name not in hidden}
        | {"reversed_by": listing.somebody(each["reversed_by"], names)} for each in found
    ]


def count(district_code: str, target_code: str, since: datetime) -> int:
    """How many findings about a body stand since a moment."""
    return int(sql.value(_COUNT, (district_code, target_code, clock.to_micros(since))))


def unsolved(district_code: str, today: date, limit: int) -> list[dict[str, Any]]:
    """Problems raised by townships that their department has not answered by its date, without a finding yet."""
    return sql.rows(_UNSOLVED, (district_code, today.isoformat(), limit))
