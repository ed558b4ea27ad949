"""Whose supervision an account reaches: its unit's, its subtree's, its department's, or the district's (rules 12)."""
from typing import Any

from backend.core.actor import ADMIN, AGENT, HANDLER, OPERATOR, SUPERVISOR, Actor
from backend.org.rules import scope as reach
from backend.supervision.rules import orders

Condition = tuple[str, list[Any]]
CASE_READERS = frozenset({SUPERVISOR, ADMIN})


def of(actor: Actor) -> Condition:
    """What is about bodies that the actor reaches."""
    if actor.role == HANDLER:
        return "department_code = ? AND district_code = ?", [actor.department_code or "", reach.district(actor)]
    name, code = reach.column(actor)
    return f"{name} = ?", [code]


def of_orders(actor: Actor) -> Condition:
    """Orders to such bodies; those that a complaint led to are kept from the desks it may be about (rules 10.2)."""
    text, params = of(actor)
    if actor.role in (AGENT, OPERATOR):
        return f"{text} AND source <> ?", [*params, orders.NOT_FOR_DESKS]
    return text, params


def of_cases(actor: Actor) -> Condition:
    """Accountability cases: all of the district for its supervisors and admins, else those about oneself, opened."""
    text, params = of(actor)
    if text.startswith("district_code") and actor.role in CASE_READERS:
        return text, params
    return "person_id = ? AND state IN ('open', 'closed')", [actor.id]
