"""Public promises with their evidence and breaches: everybody reads them."""
from datetime import datetime
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.reports.queries import coverage
from backend.supervision.queries import listing
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import states

PROMISES = Listed("commitments", "commitment", """
id, number, district_code, unit_code, township_code, department_code, target_code, target_name, text, quality, made_on,
due_on, due_at, look_at, state, made_by, made_at, ended_by, ended_at, ended_for, version
""")
_EVIDENCE = "SELECT n, text, made_at FROM commitment_evidence WHERE commitment_id = ? ORDER BY n"
_BREACHES = """
SELECT n, kind, what, effective_at, detected_at FROM commitment_breach WHERE commitment_id = ? ORDER BY n
"""
_ONE = f"SELECT {PROMISES.columns} FROM commitment WHERE id = ?"
_KEPT = (
    "id", "number", "state", "unit_code", "department_code", "target_name", "text", "quality", "made_on", "due_on",
    "due_at", "ended_at", "ended_for", "version",
)


def row(promise_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The promise as it is stored, of the actor's district; NotFound otherwise."""
    return listing.row(PROMISES, promise_id, ("district_code = ?", [reach.district(actor)]), lock=lock)


def held(promise_id: str) -> dict[str, Any]:
    """Any promise, held, for a job that found it."""
    return listing.held(PROMISES, promise_id)


def looked_at(now: datetime, limit: int) -> list[str]:
    """Promises of which the moment to look has passed, the earliest first."""
    return listing.looked_at(PROMISES, now, limit)


def one(promise_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One promise with its evidence and breaches; three statements. Of any district: it is public."""
    found = sql.row(_ONE, (promise_id,))
    if found is None:
        raise NotFound()
    evidence = sql.rows(_EVIDENCE, (promise_id,))
    breaches = sql.rows(_BREACHES, (promise_id,))
    return {name: found[name] for name in _KEPT} | {"evidence": evidence, "breaches": breaches}


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Promises of a district, those running or broken unless asked otherwise, the newest first."""
    wanted = states_of(query["state"], states.PROMISE_STATES, states.PROMISE_OPEN_STATES)
    own = ("district_code = ?", [coverage.district_of(query["district_code"], actor)])
    part = listing.page(PROMISES, query, own, wanted, listing.narrowed(query, "unit_code", "department_code"))
    return Page([{name: each[name] for name in _KEPT} for each in part.items], part.next_cursor)


def next_n(table: str, promise_id: str) -> int:
    """The next number of an evidence or breach of a held promise."""
    return int(sql.value(f"SELECT COALESCE(max(n), 0) + 1 FROM {table} WHERE commitment_id = ?", (promise_id,)))
