"""Work lists of errands: each of a fixed number of statements, whatever the district's size."""
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import clock, db, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.errands import rules
from backend.errands.queries import cases, lights, scope, search
from backend.org.rules import scope as reach


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The work list: open states unless asked otherwise, due first, no due date last."""
    present = calendars.present()
    lit = lights.conditions(query["light"], present, now) if query["light"] else lights.ANY
    if query["q"] is not None:
        text, params = _search(query, lit, actor)
    elif query["resident_id"]:
        text, params = _of_residents(query, lit, actor)
    else:
        text, params = _work_list(query, lit, actor)
    names, found = sql.tuples(text, params)
    part = page("errands", sorted(found, key=itemgetter(_ORDER_AT, _ID)), query["limit"], (_ORDER_AT, _ID))
    return Page(_remembered(names, part.items, present, now), part.next_cursor)


_ID, _ORDER_AT = 0, 1
MOST_REMEMBERED = 2048


class _Seen(NamedTuple):
    """How a row looked, on the calendar of that stamp, from one moment until before another."""

    text: orjson.Fragment
    stamp: int
    since: int
    until: int


def _remembered(
    names: Sequence[str], found: list[tuple[Any, ...]], present: calendars.Present, now: datetime
) -> list[orjson.Fragment]:
    """The rows as JSON. How one looks is remembered by all that was read of it: what changed is another row."""
    micros = clock.to_micros(now)
    known: dict[tuple[Any, ...], _Seen] = db.caches.setdefault("errands listed", {})
    seen = {row: known.get(row) for row in found}
    new = {
        row: dict(zip(names, row)) for row, held in seen.items()
        if held is None or held.stamp != present.stamp or not held.since <= micros < held.until
    }
    if new:
        if len(known) > MOST_REMEMBERED:
            known.clear()
        for (key, row), looks in zip(new.items(), shown(list(new.values()), now, present)):
            text = orjson.Fragment(orjson.dumps(looks))
            seen[key] = known[key] = _Seen(text, present.stamp, micros, _until(row, now))
    return [held.text for held in seen.values() if held]


def _until(row: dict[str, Any], now: datetime) -> int:
    """Until when an unchanged row looks as it does now: to its next light, to close of business or midnight."""
    if row["stops"]:
        return 0
    if row["finished_at"] is not None or row["duty_at"] is None:
        return clock.to_micros(clock.NEVER)
    today, micros = clock.local_date(now), clock.to_micros(now)
    turns = (
        row["reminder_at"], row["yellow_at"], row["due_at"] and row["due_at"] + 1,
        clock.to_micros(hours.close_of(today)) + 1, clock.to_micros(clock.at_local(today + timedelta(days=1), 0)),
    )
    return min(turn for turn in turns if turn is not None and turn > micros)


def shown(
    found: list[dict[str, Any]], now: datetime, present: calendars.Present | None = None
) -> list[dict[str, Any]]:
    """Rows of ``cases.COLUMNS`` as lists show them."""
    items = catalogue.versions((row["item_code"], row["item_number"]) for row in found)
    showing = cases.Showing(found, now, clock.wire_micros, present)
    return [showing.shown(row, items[row["item_code"], row["item_number"]]) for row in found]


def _states(query: dict[str, Any]) -> Sequence[str]:
    usual = rules.OPEN_STATES if query["handed_in"] is None else rules.BEFORE_ACCEPTANCE
    return states_of(query["state"], rules.STATES, usual)


def _filters(query: dict[str, Any]) -> tuple[list[str], list[Any]]:
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
    return parts, params


def _bound(actor: Actor) -> tuple[str, list[Any]]:
    """The scope as SQL that leads no engine to the scope's own index."""
    own, code = scope.column(actor)
    return scope.condition(actor) if own == scope.DESK else (f"e.{own} || '' = ?", [code])


def _after(query: dict[str, Any], key: tuple[str, str] = ("e.order_at", "e.id")) -> tuple[list[str], list[Any]]:
    if query["cursor"] is None:
        return [], []
    order, last = values_of("errands", query["cursor"])
    return [f"({key[0]} > ? OR ({key[0]} = ? AND {key[1]} > ?))"], [order, order, last]


def _work_list(query: dict[str, Any], lit: lights.Lit, actor: Actor) -> tuple[str, list[Any]]:
    """One branch per state (and light), each a walk of one index from its start: cost does not grow.

    Rows come unordered, since ordering wide rows costs the engine more than their few costs here;
    ``+ 0`` keeps SQLite from merging seven walks where one short sort does. PostgreSQL merges well.
    """
    narrowed = _desk if _is_desk(actor) else _walk
    made = {light[0]: narrowed(query, light, actor) for light in {*lit.running, *lit.finished}}
    branches: list[str] = []
    params: list[Any] = []
    for state in _states(query):
        for light in lit.of(state):
            branch, before, after = made[light[0]]
            branches.append(branch)
            params += [*before, state, *after, query["limit"] + 1]
    order = "order_at" if sql.on_postgresql() else "order_at + 0"
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT id, order_at FROM ({' UNION ALL '.join(branches)}) "
        f"AS found ORDER BY {order}, id LIMIT ?) AS chosen JOIN errand e ON e.id = chosen.id {cases.JOINS}"
    )
    return text, [*params, query["limit"] + 1]


def _is_desk(actor: Actor) -> bool:
    return scope.column(actor)[0] == scope.DESK


def _walk(query: dict[str, Any], light: lights.Condition, actor: Actor) -> tuple[str, list[Any], list[Any]]:
    """One state's branch on an index of errands; its parameters before the state, and after it."""
    own, code = scope.column(actor)
    if query["agent_id"] and len(query["agent_id"]) == 1:
        driver, key = "agent_id", query["agent_id"][0]
    elif query["unit_code"] and len(query["unit_code"]) == 1:
        driver, key = "unit_code", query["unit_code"][0]
    else:
        driver, key = own, code
    parts, filters = _filters(query)
    after, position = _after(query)
    within = [] if (driver, key) == (own, code) else [code]
    scoped = [f"e.{own} = ?"] if within else []
    where = [f"e.{driver} = ?", "e.state = ?", *scoped, light[0], *parts, *after]
    branch = (
        f"SELECT * FROM (SELECT e.id AS id, e.order_at AS order_at FROM errand e WHERE {' AND '.join(where)} "
        f"ORDER BY e.order_at, e.id LIMIT ?) AS branch"
    )
    return branch, [key], [*within, *light[1], *filters, *position]


def _desk(query: dict[str, Any], light: lights.Condition, actor: Actor) -> tuple[str, list[Any], list[Any]]:
    """:func:`_walk` for a department's handlers, on the index of what was forwarded to it."""
    parts, filters = _filters(query)
    after, position = _after(query, ("d.order_at", "d.errand_id"))
    where = ["e.id = d.errand_id", "d.district_code = ?", "d.code = ?", "d.state = ?", light[0], *parts, *after]
    branch = (
        "SELECT * FROM (SELECT d.errand_id AS id, d.order_at AS order_at FROM errand_reader d "
        f"CROSS JOIN errand e WHERE {' AND '.join(where)} ORDER BY d.order_at, d.errand_id LIMIT ?) AS branch"
    )
    return branch, [reach.district(actor), scope.column(actor)[1]], [*light[1], *filters, *position]


def _search(query: dict[str, Any], lit: lights.Lit, actor: Actor) -> tuple[str, list[Any]]:
    """Errands whose number, or whose resident's name, pinyin or initials begin with ``q``.

    What begins so is found first, by its own index and never more than so many (decision 0090);
    scope and filters are held against those few. ``CROSS JOIN`` keeps SQLite to this order.
    """
    own, code = scope.column(actor)
    bound, within = _bound(actor)
    parts, filters = _filters(query)
    after, position = _after(query)
    states = _states(query)
    found, key = search.matching(query["q"], own, code, reach.district(actor), states)
    light, shown_by = lit.either()
    where = [bound, f"e.state IN ({', '.join('?' * len(states))})", *parts, light, *after]
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT e.id AS id FROM ({found}) AS e "
        f"WHERE {' AND '.join(where)} ORDER BY e.order_at, e.id LIMIT ?) AS chosen "
        f"CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id"
    )
    return text, [*key, *within, *states, *filters, *shown_by, *position, query["limit"] + 1]


def _of_residents(query: dict[str, Any], lit: lights.Lit, actor: Actor) -> tuple[str, list[Any]]:
    """The errands of these residents: few each, found by their own index and sorted.

    ``|| ''`` and ``+ 0`` keep an engine that counts nothing from walking a wider one.
    """
    bound, within = _bound(actor)
    light, shown_by = lit.either()
    parts, filters = _filters(query)
    after, position = _after(query)
    states = _states(query)
    where = [bound, f"e.state IN ({', '.join('?' * len(states))})", *parts, light, *after]
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT e.id AS id FROM errand e WHERE {' AND '.join(where)} "
        f"ORDER BY e.order_at + 0, e.id LIMIT ?) AS chosen CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id"
    )
    return text, [*within, *states, *filters, *shown_by, *position, query["limit"] + 1]
