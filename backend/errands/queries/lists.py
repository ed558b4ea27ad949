"""Work lists of errands: each of a fixed number of statements, whatever the district's size."""
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.errands import rules
from backend.errands.queries import cases, scope, search


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The work list: open states unless asked otherwise, due first, no due date last."""
    if query["q"] is not None:
        text, params = _search(query, actor, now)
    elif query["resident_id"]:
        text, params = _of_residents(query, actor, now)
    else:
        text, params = _work_list(query, actor, now)
    found = sorted(sql.plain(text, params), key=itemgetter("order_at", "id"))
    part = page("errands", found, query["limit"], ("order_at", "id"))
    return Page(shown(part.items, now), part.next_cursor)


def shown(
    found: list[dict[str, Any]], now: datetime, present: calendars.Present | None = None
) -> list[dict[str, Any]]:
    """Rows of ``cases.COLUMNS`` as lists show them."""
    items = catalogue.versions((row["item_code"], row["item_number"]) for row in found)
    showing = cases.Showing(found, now, clock.wire_micros, present)
    return [showing.shown(row, items[row["item_code"], row["item_number"]]) for row in found]


def _states(query: dict[str, Any]) -> Sequence[str]:
    asked = query["state"]
    if not asked:
        return rules.OPEN_STATES if query["handed_in"] is None else rules.BEFORE_ACCEPTANCE
    return rules.STATES if "all" in asked else tuple(dict.fromkeys(asked))


def _filters(query: dict[str, Any], now: datetime) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    people = bool(query["resident_id"])
    for name in ("resident_id", "unit_code", "agent_id"):
        if query[name]:
            column = f"e.{name} || ''" if people and name != "resident_id" else f"e.{name}"
            parts.append(f"{column} IN ({', '.join('?' * len(query[name]))})")
            params += query[name]
    if query["week"] is not None:
        monday = query["week"]
        parts.append("e.order_at >= ? AND e.order_at < ?")
        params += [clock.to_micros(clock.at_local(day, 0)) for day in (monday, monday + timedelta(days=7))]
    if query["due_before"] is not None:
        parts.append("e.order_at < ?")
        params.append(clock.to_micros(query["due_before"]))
    if query["handed_in"] is not None:
        parts.append(f"e.handed_in_at IS {'NOT ' if query['handed_in'] else ''}NULL")
    if query["light"]:
        text, more = _light(query["light"], clock.to_micros(now))
        parts.append(text)
        params += more
    return parts, params


_AT = "COALESCE(e.finished_at, ?)"
_LIGHTS = {
    "red": (f"e.due_at IS NOT NULL AND {_AT} > e.due_at AND e.order_at < ?", 2),
    "yellow": (f"e.due_at IS NOT NULL AND {_AT} <= e.due_at AND {_AT} >= e.yellow_at", 2),
    "reminder": (
        f"{_AT} <= e.due_at AND {_AT} >= e.reminder_at AND (e.yellow_at IS NULL OR {_AT} < e.yellow_at)", 3,
    ),
    "none": (
        f"(e.due_at IS NULL OR ({_AT} <= e.due_at AND (e.yellow_at IS NULL OR {_AT} < e.yellow_at) "
        f"AND (e.reminder_at IS NULL OR {_AT} < e.reminder_at)))", 3,
    ),
}


def _light(lights: list[str], now: int) -> tuple[str, list[Any]]:
    texts, params = [], []
    for name in dict.fromkeys(lights):
        text, times = _LIGHTS[name]
        texts.append(f"({text})")
        params += [now] * times
    return "(" + " OR ".join(texts) + ")", params


def _after(query: dict[str, Any], key: tuple[str, str] = ("e.order_at", "e.id")) -> tuple[list[str], list[Any]]:
    if query["cursor"] is None:
        return [], []
    order, last = values_of("errands", query["cursor"])
    return [f"({key[0]} > ? OR ({key[0]} = ? AND {key[1]} > ?))"], [order, order, last]


def _work_list(query: dict[str, Any], actor: Actor, now: datetime) -> tuple[str, list[Any]]:
    """One branch per state, each a walk of one index from its start: cost does not grow.

    Rows come unordered, since ordering wide rows costs the engine more than their few costs here;
    ``+ 0`` keeps it from merging seven walks where one short sort does.
    """
    branch, before, after = _desk(query, actor, now) if _is_desk(actor) else _walk(query, actor, now)
    states = _states(query)
    params: list[Any] = []
    for state in states:
        params += [*before, state, *after, query["limit"] + 1]
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT id, order_at FROM ({' UNION ALL '.join([branch] * len(states))}) "
        f"AS found ORDER BY order_at + 0, id LIMIT ?) AS chosen JOIN errand e ON e.id = chosen.id {cases.JOINS}"
    )
    return text, [*params, query["limit"] + 1]


def _is_desk(actor: Actor) -> bool:
    return scope.column(actor)[0] == scope.DESK


def _walk(query: dict[str, Any], actor: Actor, now: datetime) -> tuple[str, list[Any], list[Any]]:
    """One state's branch on an index of errands; its parameters before the state, and after it."""
    own, code = scope.column(actor)
    if query["agent_id"] and len(query["agent_id"]) == 1:
        driver, key = "agent_id", query["agent_id"][0]
    elif query["unit_code"] and len(query["unit_code"]) == 1:
        driver, key = "unit_code", query["unit_code"][0]
    else:
        driver, key = own, code
    parts, filters = _filters(query, now)
    after, position = _after(query)
    where = [f"e.{driver} = ?", "e.state = ?", f"e.{own} = ?", *parts, *after]
    branch = (
        f"SELECT * FROM (SELECT e.id AS id, e.order_at AS order_at FROM errand e WHERE {' AND '.join(where)} "
        f"ORDER BY e.order_at, e.id LIMIT ?) AS branch"
    )
    return branch, [key], [code, *filters, *position]


def _desk(query: dict[str, Any], actor: Actor, now: datetime) -> tuple[str, list[Any], list[Any]]:
    """:func:`_walk` for a department's handlers, on the index of what was forwarded to it."""
    parts, filters = _filters(query, now)
    after, position = _after(query, ("d.order_at", "d.errand_id"))
    where = ["e.id = d.errand_id", "d.district_code = ?", "d.code = ?", "d.state = ?", *parts, *after]
    branch = (
        "SELECT * FROM (SELECT d.errand_id AS id, d.order_at AS order_at FROM errand_reader d "
        f"CROSS JOIN errand e WHERE {' AND '.join(where)} ORDER BY d.order_at, d.errand_id LIMIT ?) AS branch"
    )
    return branch, [scope.district(actor), scope.column(actor)[1]], [*filters, *position]


def _search(query: dict[str, Any], actor: Actor, now: datetime) -> tuple[str, list[Any]]:
    """Errands whose number, or whose resident's name, pinyin or initials begin with ``q``.

    What begins so is found first, by its own index and never more than so many (decision 0090);
    scope and filters are held against those few. ``CROSS JOIN`` keeps SQLite to this order.
    """
    own, code = scope.column(actor)
    bound, reach = scope.condition(actor)
    parts, filters = _filters(query, now)
    after, position = _after(query)
    states = _states(query)
    found, key = search.matching(query["q"], own, code, scope.district(actor))
    where = ["e.id = found.id", bound, f"e.state IN ({', '.join('?' * len(states))})", *parts, *after]
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT e.id AS id FROM ({found}) AS found CROSS JOIN errand e "
        f"WHERE {' AND '.join(where)} ORDER BY e.order_at, e.id LIMIT ?) AS chosen "
        f"CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id"
    )
    return text, [*key, *reach, *states, *filters, *position, query["limit"] + 1]


def _of_residents(query: dict[str, Any], actor: Actor, now: datetime) -> tuple[str, list[Any]]:
    """The errands of these residents: few each, found by their own index and sorted.

    ``|| ''`` and ``+ 0`` keep an engine that counts nothing from walking a wider one.
    """
    own, code = scope.column(actor)
    bound, reach = scope.condition(actor) if own == scope.DESK else (f"e.{own} || '' = ?", [code])
    parts, filters = _filters(query, now)
    after, position = _after(query)
    states = _states(query)
    where = [bound, f"e.state IN ({', '.join('?' * len(states))})", *parts, *after]
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT e.id AS id FROM errand e WHERE {' AND '.join(where)} "
        f"ORDER BY e.order_at + 0, e.id LIMIT ?) AS chosen CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id"
    )
    return text, [*reach, *states, *filters, *position, query["limit"] + 1]
