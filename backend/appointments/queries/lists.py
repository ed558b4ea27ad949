"""Lists of appointments: one statement each, whatever the district's size; the next one first."""
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from backend.appointments.queries import shown
from backend.appointments.rules import persons, states
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.errands.queries import scope, search

MOST_FOUND = 200
"""How many appointments of each state a search looks at (decision 0090)."""


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Appointments of the actor's scope by their start: open ones unless asked otherwise.

    ``q`` begins a number, a name's initials, or is a name: its surname and initials are held against it.
    """
    text, params = _chosen(query, actor)
    found = sql.rows(
        f"SELECT {shown.COLUMNS} FROM (SELECT id, order_at FROM ({text}) AS found ORDER BY order_at, id LIMIT ?) "
        f"AS chosen JOIN appointment p ON p.id = chosen.id {shown.JOINS}",
        [*params, query["limit"] + 1],
    )
    found.sort(key=itemgetter("order_at", "id"))
    part = page("appointments", found, query["limit"], ("order_at", "id"))
    return Page([shown.of_row(row, now) for row in part.items], part.next_cursor)


def _states(query: dict[str, Any]) -> Sequence[str]:
    return states_of(query["state"], states.STATES, states.OPEN_STATES)


def _chosen(query: dict[str, Any], actor: Actor) -> tuple[str, list[Any]]:
    """Ids and starts of what is asked for, one walk of an index per state."""
    bound, within = scope.narrowed(actor, query["unit_code"], "p")
    where, filters = _filters(query)
    if query["q"] is not None:
        return _search(query, bound, within, where, filters)
    order = f"ORDER BY p.order_at, p.id LIMIT {int(query['limit']) + 1}"
    text = f"SELECT p.id AS id, p.order_at AS order_at FROM appointment p WHERE {bound} AND p.state = ?{where} {order}"
    return _branches(text, [([*within, state, *filters]) for state in _states(query)])


def _branches(text: str, params: list[list[Any]]) -> tuple[str, list[Any]]:
    all_of_it = " UNION ALL ".join([f"SELECT * FROM ({text}) AS branch"] * len(params))
    return all_of_it, [value for each in params for value in each]


def _filters(query: dict[str, Any]) -> tuple[str, list[Any]]:
    where, params = "", []
    first = query["date"] or query["from"]
    last = query["date"] or query["to"]
    if first is not None:
        where += " AND p.order_at >= ?"
        params.append(clock.to_micros(clock.at_local(first, 0)))
    if last is not None:
        where += " AND p.order_at < ?"
        params.append(clock.to_micros(clock.at_local(last + timedelta(days=1), 0)))
    if query["cursor"]:
        order, row_id = values_of("appointments", query["cursor"])
        where += " AND (p.order_at > ? OR (p.order_at = ? AND p.id > ?))"
        params += [order, order, row_id]
    return where, params


def _search(
    query: dict[str, Any], bound: str, within: list[Any], where: str, filters: list[Any]
) -> tuple[str, list[Any]]:
    asked = "".join(query["q"].split())
    digits = asked.replace("-", "")
    if digits.isascii() and digits.isdigit():
        first, last = search.number_range(digits)
        states_in = ", ".join("?" * len(_states(query)))
        text = (
            "SELECT p.id AS id, p.order_at AS order_at FROM (SELECT id FROM appointment "
            f"WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT {MOST_FOUND}) AS numbered "
            f"CROSS JOIN appointment p WHERE p.id = numbered.id AND {bound} AND p.state IN ({states_in}){where}"
        )
        return text, [first, last, *within, *_states(query), *filters]
    key, surname = (asked.lower(), None) if asked.isascii() else (persons.initials(asked), persons.surname(asked))
    named, called = ("", []) if surname is None else (" AND p.surname = ?", [surname])
    text = (
        f"SELECT p.id AS id, p.order_at AS order_at FROM appointment p WHERE {bound} AND p.state = ? "
        f"AND p.initials >= ? AND p.initials <= ?{named}{where} ORDER BY p.initials, p.id LIMIT {MOST_FOUND}"
    )
    return _branches(text, [[*within, state, *sql.prefixed(key), *called, *filters] for state in _states(query)])
