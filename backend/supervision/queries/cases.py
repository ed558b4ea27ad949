"""Accountability cases: all of the district for its supervisors and admins, one's own for whoever one is about."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.people import queries as people
from backend.supervision.queries import listing, scope
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import states

CASES = Listed("accountability-cases", "accountability_case", """
id, number, district_code, unit_code, township_code, department_code, target_code, target_name, state, person_id,
person_name, person_post, leader_id, leader_name, leader_post, category, severity, outcome, facts, source_type,
source_id, made_by, made_at, opened_by, opened_at, reminder, reminded_by, reminded_at, remedy_due_on, statement,
stated_by, stated_at, ended_by, ended_at, ended_for, version
""")
_ACTS = ("made_by", "opened_by", "reminded_by", "stated_by", "ended_by")


def row(case_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The case as it is stored, where the actor reads it; NotFound otherwise."""
    return listing.row(CASES, case_id, scope.of_cases(actor), lock=lock)


def one(case_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One case."""
    return _shown([row(case_id, actor)])[0]


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Cases that the actor reads, those not ended unless asked otherwise, the newest first."""
    wanted = states_of(query["state"], states.CASE_STATES, states.CASE_OPEN_STATES)
    more = listing.narrowed(query, "unit_code", "department_code", "category", "severity", "outcome")
    part = listing.page(CASES, query, scope.of_cases(actor), wanted, more)
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({each[name] for each in found for name in _ACTS if each[name]})
    kept = (
        "id", "number", "state", "unit_code", "department_code", "target_name", "category", "severity", "outcome",
        "facts", "made_at", "opened_at", "reminder", "reminded_at", "remedy_due_on", "statement", "stated_at",
        "ended_at", "ended_for", "version",
    )
    return [
        {name: each[name] for name in kept} | {name: listing.somebody(each[name], names) for name in _ACTS} | {
            "person": _person(each, "person"), "leader": _person(each, "leader"),
            "source": each["source_type"] and {"type": each["source_type"], "id": each["source_id"]},
        }
        for each in found
    ]


def _person(each: dict[str, Any], part: str) -> dict[str, Any] | None:
    if each[f"{part}_name"] is None:
        return None
    return {"account_id": each[f"{part}_id"], "name": each[f"{part}_name"], "post": each[f"{part}_post"]}
