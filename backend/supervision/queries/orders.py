"""Supervision orders with their rounds, within the reader's scope."""
from datetime import datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import ADMIN, OFFICE, SUPERVISOR, Actor
from backend.core.paging import Page, states_of
from backend.people import queries as people
from backend.supervision.queries import listing, scope
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import orders, states

ORDERS = Listed("supervision-orders", "supervision_order", """
id, number, district_code, unit_code, township_code, department_code, target_code, target_name, source, source_ref,
what, quality, state, round, owed_code, owed_name, due_on, due_at, look_at, matter_id, period, passed_up_at,
passed_up_by, passed_up_to, passed_up_for, issued_by, issued_at, ended_at, ended_for, version
""", due=True)
_ROUNDS = """
SELECT n, owed_code, owed_name, due_on, due_at, opened_at, reply, replied_at, replied_by, verdict, reason, decided_by,
       decided_at, ended_at
FROM order_round WHERE order_id = ? ORDER BY n
"""
SEE_REFERENCES = frozenset({SUPERVISOR, OFFICE, ADMIN})


def row(order_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The order as it is stored, where the actor reaches it; NotFound otherwise."""
    return listing.row(ORDERS, order_id, scope.of_orders(actor), lock=lock)


def held(order_id: str) -> dict[str, Any]:
    """Any order, held, for a job that found it."""
    return listing.held(ORDERS, order_id)


def looked_at(now: datetime, limit: int) -> list[str]:
    """Orders of which the moment to look has passed, the earliest first."""
    return listing.looked_at(ORDERS, now, limit)


def one(order_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One order with all its rounds; three statements."""
    found = row(order_id, actor)
    rounds = sql.rows(_ROUNDS, (order_id,))
    names = people.names({
        each for each in (found["issued_by"], found["passed_up_by"], *_acted(rounds)) if each is not None
    })
    return _shown(found, names, actor, now) | {"rounds": [_round(each, names) for each in rounds]}


def _acted(rounds: list[dict[str, Any]]) -> list[str | None]:
    return [each[name] for each in rounds for name in ("replied_by", "decided_by")]


def _round(each: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    late = each["replied_at"] is not None and each["replied_at"] > each["due_at"]
    return each | {
        "replied_by": listing.somebody(each["replied_by"], names), "late": late,
        "decided_by": listing.somebody(each["decided_by"], names),
    }


def _shown(found: dict[str, Any], names: dict[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    climbed = found["passed_up_at"] and {
        "to": found["passed_up_to"], "reason": found["passed_up_for"], "at": found["passed_up_at"],
        "by": listing.somebody(found["passed_up_by"], names),
    }
    kept = (
        "id", "number", "state", "source", "unit_code", "department_code", "target_name", "what", "quality", "round",
        "owed_code", "owed_name", "due_on", "due_at", "matter_id", "period", "issued_at", "ended_at", "ended_for",
        "version",
    )
    return {name: found[name] for name in kept} | {
        "source_ref": found["source_ref"] if actor.role in SEE_REFERENCES else None, "passed_up": climbed,
        "overdue": orders.is_late(found["state"], found["due_at"], now),
        "issued_by": listing.somebody(found["issued_by"], names),
    }


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Orders in the actor's scope, open ones unless asked otherwise, due first; two statements."""
    wanted = states_of(query["state"], states.STATES, states.OPEN_STATES)
    text, params = listing.narrowed(query, "unit_code", "department_code", "source", "period")
    if query["overdue"] is not None:
        wanted = [state for state in wanted if state in states.OWING] if query["overdue"] else wanted
        owing = ", ".join(f"'{state}'" for state in states.OWING)
        text += " AND due_at < ?" if query["overdue"] else f" AND NOT (due_at < ? AND state IN ({owing}))"
        params.append(clock.to_micros(now))
    if not wanted:
        return Page([], None)
    part = listing.page(ORDERS, query, scope.of_orders(actor), wanted, (text, params))
    acted = {each[name] for each in part.items for name in ("issued_by", "passed_up_by") if each[name]}
    names = people.names(acted)
    return Page([_shown(each, names, actor, now) for each in part.items], part.next_cursor)
