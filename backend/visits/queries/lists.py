"""Lists of visits: each of two statements, walking one index per state, whatever the district's size."""
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.org.rules import scope as reach
from backend.visits import rules
from backend.visits.queries import away, scope, visits


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Visits of the actor's scope, open ones unless asked otherwise, by their time."""
    parts, filters = _filters(query, actor)
    branches, params = [], []
    for condition, key in _walks(query, actor):
        text = (
            f"SELECT * FROM (SELECT v.id AS id, v.order_at AS order_at FROM visit v WHERE "
            f"{' AND '.join([condition, 'v.state = ?', *parts])} ORDER BY v.order_at, v.id LIMIT ?) AS branch"
        )
        for state in _states(query):
            branches.append(text)
            params += [*key, state, *filters, query["limit"] + 1]
    found = sql.rows(
        f"SELECT {visits.COLUMNS} FROM (SELECT DISTINCT id, order_at FROM ({' UNION ALL '.join(branches)}) AS found "
        f"ORDER BY order_at, id LIMIT ?) AS chosen JOIN visit v ON v.id = chosen.id {visits.JOINS} "
        "ORDER BY v.order_at, v.id", [*params, query["limit"] + 1],
    )
    part = page("visits", found, query["limit"], ("order_at", "id"))
    return Page(visits.shown(part.items), part.next_cursor)


def _states(query: dict[str, Any]) -> tuple[str, ...]:
    return states_of(query["state"], rules.STATES, rules.OPEN_STATES)


_SERVING = "v.id IN (SELECT w.visit_id FROM visit_errand w WHERE w.errand_id = ?)"


def _walks(query: dict[str, Any], actor: Actor) -> list[tuple[str, list[Any]]]:
    """The indexes to walk, each by a condition that leads into it: the narrowest that was asked for, else the scope."""
    for name in ("errand_id", "resident_id", "agent_id", "unit_code"):
        if query[name]:
            leading = _SERVING if name == "errand_id" else f"v.{name} = ?"
            return [(leading, [value]) for value in dict.fromkeys(query[name])]
    column, code = reach.column(actor)
    found: list[tuple[str, list[Any]]] = [(f"v.{column} = ?", [code])]
    if scope.makes_visits(actor):
        found.append(("v.agent_id = ?", [actor.id]))
    return found


def _filters(query: dict[str, Any], actor: Actor) -> tuple[list[str], list[Any]]:
    """What every walk is held against. ``|| ''`` keeps an engine that counts nothing from another index."""
    column, code = reach.column(actor)
    parts = [f"(v.{column} || '' = ?)"]
    params: list[Any] = [code]
    if scope.makes_visits(actor):
        parts, params = [f"(v.{column} || '' = ? OR v.agent_id || '' = ?)"], [code, actor.id]
    for name in ("resident_id", "agent_id", "unit_code"):
        if query[name]:
            parts.append(f"v.{name} || '' IN ({', '.join('?' * len(query[name]))})")
            params += query[name]
    if query["errand_id"]:
        marks = ", ".join("?" * len(query["errand_id"]))
        parts.append(f"v.id IN (SELECT w.visit_id FROM visit_errand w WHERE w.errand_id IN ({marks}))")
        params += query["errand_id"]
    if query["agent_away"]:
        parts.append(away.HELD)
    if query["date"] is not None:
        parts.append("v.order_at >= ? AND v.order_at < ?")
        params += [clock.to_micros(clock.at_local(query["date"] + timedelta(days=n), 0)) for n in (0, 1)]
    if query["cursor"]:
        order, last = values_of("visits", query["cursor"])
        parts.append("(v.order_at > ? OR (v.order_at = ? AND v.id > ?))")
        params += [order, order, last]
    return parts, params
