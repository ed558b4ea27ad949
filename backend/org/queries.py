"""What can be seen of the tree and the departments; all of it is public."""
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import orjson

from backend.core import paging, pinyin, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import rules
from backend.org.rules import scope

_COLUMNS = (
    "code, name, level, parent_code, site_type, status, phone, address, latitude, longitude, "
    "office_hours, valid_from_on, valid_to_on, successor_code, version"
)
_UNIT = f"SELECT {_COLUMNS} FROM unit WHERE code = ?"
_DEPARTMENT = "SELECT code, name, valid_to_on, successor_code, version, sample FROM department WHERE code = ?"
_DISTRICTS = "SELECT code FROM unit WHERE level = 'district' ORDER BY code"
_HEIRS = """
WITH RECURSIVE heir (code, successor_code, step) AS (
    SELECT code, successor_code, 1 FROM unit WHERE code = ?
    UNION ALL
    SELECT u.code, u.successor_code, heir.step + 1 FROM unit u JOIN heir ON u.code = heir.successor_code
    WHERE heir.step < 100
) SELECT code FROM heir ORDER BY step
"""


def within(text: str, row_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The row of ``text`` with this id, where it lies in the actor's scope; NotFound otherwise.

    ``text`` selects from a table with the columns of ``rules.scope``; ``lock`` keeps the row until the end.
    """
    column, code = scope.column(actor)
    suffix = sql.held(lock)
    found = sql.row(f"{text} WHERE id = ? AND {column} = ?{suffix}", (row_id, code))
    if found is None:
        raise NotFound()
    return found


def unit(code: str) -> dict[str, Any] | None:
    """The unit's row, in office or not; ``office_hours`` is JSON text."""
    return sql.row(_UNIT, (code,))


def in_office(unit_row: dict[str, Any], on: date) -> bool:
    """Whether the unit (or department) is in office on a day."""
    return rules.in_office(unit_row.get("valid_from_on"), unit_row["valid_to_on"], on)


def districts() -> list[str]:
    """The districts of this installation."""
    return [code for (code,) in sql.execute(_DISTRICTS).fetchall()]


def successors(code: str) -> list[str]:
    """The unit and those that took over from it, one after the other; empty for an unknown code."""
    return [row[0] for row in sql.execute(_HEIRS, (code,)).fetchall()]


def department(code: str) -> dict[str, Any] | None:
    """The department's row."""
    return sql.row(_DEPARTMENT, (code,))


def shown(row: dict[str, Any], on: date) -> dict[str, Any]:
    """A unit's row in the shape of the wire."""
    told = dict(row)
    told["in_office"] = in_office(row, on)
    told["valid_from"] = told.pop("valid_from_on")
    told["valid_to"] = told.pop("valid_to_on")
    told["office_hours"] = None if row["office_hours"] is None else orjson.loads(row["office_hours"])
    return told


def shown_department(row: dict[str, Any], on: date) -> dict[str, Any]:
    """A department's row in the shape of the wire."""
    return {
        "code": row["code"], "name": row["name"], "valid_to": row["valid_to_on"],
        "successor_code": row["successor_code"], "in_office": in_office(row, on), "version": row["version"],
    }


_STANDING = {
    "true": "(valid_from_on IS NULL OR valid_from_on <= ?) AND (valid_to_on IS NULL OR valid_to_on > ?)",
    "false": "(valid_from_on > ? OR valid_to_on <= ?)",
}


class _Range(NamedTuple):
    """One stretch of an index, read in order of ``key`` and code. Lists join several by ``place``."""

    place: int
    key: str
    where: str
    params: list[Any]
    first: str = ""
    last: str | None = None


def units(
    *, levels: list[str], parents: list[str], q: str | None, standing: str, on: date,
    limit: int, cursor: str | None,
) -> Page:
    """A page of units by code; those found by ``q`` higher levels first, then by what was matched."""
    ranges = _ranges(list(dict.fromkeys(levels)), list(dict.fromkeys(parents)), q)
    after = paging.values_of("units", cursor) if cursor else [-1, "", ""]
    parts, params = [], []
    for one in ranges:
        if one.place < after[0]:
            continue
        start = after[1:] if one.place == after[0] else [one.first, ""]
        text, values = _part(one, start, standing, on, limit + 1)
        parts.append(text)
        params += values
    if not parts:
        return Page([], None)
    text = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part{n}" for n, part in enumerate(parts))
    found = sql.rows(f"{text} ORDER BY place, sort_key, code LIMIT ?", [*params, limit + 1])
    page = paging.page("units", found, limit, ("place", "sort_key", "code"))
    for row in page.items:
        del row["place"], row["sort_key"]
    return Page([shown(row, on) for row in page.items], page.next_cursor)


def _ranges(levels: list[str], parents: list[str], q: str | None) -> list[_Range]:
    if parents:
        where, params = _children(levels, q)
        return [_Range(0, "code", f"parent_code = ?{where}", [parent, *params]) for parent in parents]
    if q is None:
        if not levels:
            return [_Range(0, "code", "1 = 1", [])]
        return [_Range(0, "code", "level = ?", [level]) for level in levels]
    wanted, typed = levels or rules.LEVELS, pinyin.key_of(q)
    if not typed:
        first, last = sql.prefixed(q.strip())
        return [_Range(n, "name", "level = ?", [level], first, last) for n, level in enumerate(wanted)]
    first, last = sql.prefixed(typed)
    keys = ("initials", "pinyin") if len(typed) > 1 else ("initials",)
    return [
        _Range(n, key, *_not_twice(key, level, first, last), first, last)
        for n, (level, key) in enumerate(product(wanted, keys))
    ]


def _not_twice(key: str, level: str, first: str, last: str) -> tuple[str, list[Any]]:
    if key == "initials":
        return "level = ?", [level]
    return "level = ? AND NOT (initials >= ? AND initials <= ?)", [level, first, last]


def _children(levels: list[str], q: str | None) -> tuple[str, list[Any]]:
    """Further conditions on the children of one parent, which are few enough to be looked through."""
    where, params = "", []
    if levels:
        where += f" AND level IN ({', '.join('?' * len(levels))})"
        params += levels
    if q is not None:
        typed = pinyin.key_of(q)
        keys = ("initials", "pinyin") if typed else ("name",)
        span = sql.prefixed(typed or q.strip())
        where += " AND (" + " OR ".join(f"({key} >= ? AND {key} <= ?)" for key in keys) + ")"
        params += [*span] * len(keys)
    return where, params


def _part(one: _Range, start: list[Any], standing: str, on: date, count: int) -> tuple[str, list[Any]]:
    if one.key == "code":
        where, params = f"{one.where} AND code > ?", [*one.params, start[1]]
    else:
        where, params = f"{one.where} AND ({one.key}, code) > (?, ?)", [*one.params, *start]
    if one.last is not None:
        where += f" AND {one.key} <= ?"
        params.append(one.last)
    if standing in _STANDING:
        where += f" AND {_STANDING[standing]}"
        params += [on.isoformat()] * 2
    order = "code" if one.key == "code" else f"{one.key}, code"
    text = (
        f"SELECT {one.place} AS place, {one.key} AS sort_key, {_COLUMNS} FROM unit "
        f"WHERE {where} ORDER BY {order} LIMIT ?"
    )
    return text, [*params, count]


_DEPARTMENTS = "SELECT code, name, valid_to_on, successor_code, version FROM department WHERE code > ?"


def departments(*, standing: str, on: date, limit: int, cursor: str | None) -> Page:
    """A page of departments by code."""
    text, params = _DEPARTMENTS, [paging.values_of("departments", cursor)[0] if cursor else ""]
    if standing == "true":
        text += " AND (valid_to_on IS NULL OR valid_to_on > ?)"
    elif standing == "false":
        text += " AND valid_to_on <= ?"
    if standing != "all":
        params.append(on.isoformat())
    found = sql.rows(f"{text} ORDER BY code LIMIT ?", [*params, limit + 1])
    page = paging.page("departments", found, limit, ("code",))
    return Page([shown_department(row, on) for row in page.items], page.next_cursor)
