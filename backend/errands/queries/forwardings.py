"""Steps of errands at departments: those of one errand, and a department's desk."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import rules as hours
from backend.core import sql
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.errands.queries import cases, scope
from backend.errands.rules import hands
from backend.org.rules import scope as reach

_ROW = "SELECT * FROM forwarding WHERE errand_id = ? AND n = ?"
_COLUMNS = """
SELECT w.id, w.n, w.errand_id, e.number AS errand_number, e.unit_code, e.item_code, e.item_number,
       w.department_code, w.department_name, w.step, w.note, w.limit_days, w.state, w.made_at, w.due_at, w.order_at,
       w.forwarded_by, f.name AS forwarder, w.decision, w.reasons, w.answered_at, w.answered_by,
       b.name AS answerer, e.version
"""
_JOINS = """
JOIN errand e ON e.id = w.errand_id JOIN account f ON f.id = w.forwarded_by
LEFT JOIN account b ON b.id = w.answered_by
"""
_OF = f"{_COLUMNS} FROM forwarding w {_JOINS} WHERE w.errand_id = ?"


def row(errand_id: str, n: int) -> dict[str, Any]:
    """The forwarding's own row as stored, of an errand that was loaded for this actor; else NotFound."""
    found = sql.row(_ROW, (errand_id, n))
    if found is None:
        raise NotFound()
    return found


def one(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The n-th forwarding of a visible errand; its version is the errand's, which its steps move."""
    condition, params = scope.condition(actor)
    found = sql.row(f"{_OF} AND w.n = ? AND {condition}", [*ref, *params])
    if found is None:
        raise NotFound()
    return _shown([found], now)[0]


def of(errand_id: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The forwardings of a visible errand, in order."""
    cases.row(errand_id, actor)
    last = values_of("forwardings", query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(f"{_OF} AND w.n > ? ORDER BY w.n LIMIT ?", (errand_id, last, query["limit"] + 1))
    part = page("forwardings", found, query["limit"], ("n",))
    return Page(_shown(part.items, now), part.next_cursor)


def desk(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Steps by their own due date: a handler's department's, or those of the district; open ones by default.

    One branch per state, each a walk of one index.
    """
    states = states_of(query["state"], hands.FORWARDING_STATES, (hands.OPEN,))
    where, bounds = ["w.district_code = ?", "w.state = ?"], []
    departments = list(dict.fromkeys(query["department_code"]))
    if actor.role == HANDLER:
        where.append("w.department_code = ?")
        bounds.append(actor.department_code)
    if departments:
        where.append("w.department_code " + ("= ?" if len(departments) == 1 else f"IN ({_marks(departments)})"))
        bounds += departments
    if query["cursor"]:
        order, last = values_of("desk", query["cursor"])
        where.append("(w.order_at > ? OR (w.order_at = ? AND w.id > ?))")
        bounds += [order, order, last]
    branch = (
        f"SELECT * FROM (SELECT w.id, w.order_at FROM forwarding w WHERE {' AND '.join(where)} "
        "ORDER BY w.order_at, w.id LIMIT ?) AS branch"
    )
    text = (
        f"{_COLUMNS} FROM ({' UNION ALL '.join([branch] * len(states))}) AS chosen "
        f"CROSS JOIN forwarding w {_JOINS} WHERE w.id = chosen.id ORDER BY chosen.order_at, chosen.id LIMIT ?"
    )
    params: list[Any] = []
    for state in states:
        params += [reach.district(actor), state, *bounds, query["limit"] + 1]
    part = page("desk", sql.rows(text, [*params, query["limit"] + 1]), query["limit"], ("order_at", "id"))
    return Page(_shown(part.items, now), part.next_cursor)


def _marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))


def _shown(found: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    items = catalogue.versions((each["item_code"], each["item_number"]) for each in found)
    return [_one(each, items[each["item_code"], each["item_number"]], now) for each in found]


_AS_STORED = (
    "id", "n", "errand_id", "errand_number", "unit_code", "department_code", "department_name", "step", "note",
    "state", "made_at", "due_at", "decision", "reasons", "answered_at", "version",
)


def _one(found: dict[str, Any], item: dict[str, Any], now: datetime) -> dict[str, Any]:
    answerer = {"id": found["answered_by"], "name": found["answerer"]} if found["answered_by"] else None
    at = now if found["state"] == hands.OPEN else found["answered_at"]
    return {name: found[name] for name in _AS_STORED} | {
        "item": {"code": item["code"], "name": item["name"]},
        "by": {"id": found["forwarded_by"], "name": found["forwarder"]},
        "answered_by": answerer,
        "limit_working_days": None if item["kind"] == hours.REPORT else found["limit_days"],
        "late": bool(found["due_at"] and at and at > found["due_at"]),
    }
