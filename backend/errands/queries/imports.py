"""Imports of paper registers: who sees them, their reports, and what their lines are held against."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, secrets, sql
from backend.core.actor import AGENT, OPERATOR, TOWNSHIP, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.errands.rules import register
from backend.errands.rules.cells import Known
from backend.org import rules as tree

_COLUMNS = """
SELECT i.id, i.unit_code, i.account_id, i.state, i.line_count, i.error_count, i.warning_count, i.made_at,
       i.confirmed_at, i.version, a.name AS account_name{report}
FROM register_import i JOIN account a ON a.id = i.account_id WHERE i.unit_code BETWEEN ? AND ?
"""
_ONE = _COLUMNS.format(report=", i.report") + " AND i.id = ?"
_LISTED = _COLUMNS.format(report="")


def _reach(actor: Actor) -> tuple[str, str]:
    """Whose imports an account sees: a desk its own unit's, a township those of its subtree."""
    code = actor.unit_code or ""
    if actor.role == TOWNSHIP and code:
        return tree.subtree(tree.township_of(code))
    return (code, code) if actor.role in (AGENT, OPERATOR) else ("", "")


def row(import_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The import's own row within the actor's reach; NotFound otherwise."""
    suffix = sql.held(lock, of="i")
    found = sql.row(_ONE + suffix, (*_reach(actor), import_id))
    if found is None:
        raise NotFound()
    return found


def one(import_id: str, *, english: bool, actor: Actor, now: datetime) -> dict[str, Any]:
    """The import with its report, as shown."""
    found = row(import_id, actor)
    report = orjson.loads(found.pop("report"))
    return _shown(found, now) | {name: [_fault(*told, english=english) for told in report[name]] for name in report}


def _fault(line: int, column: str, zh: str, en: str, english: bool) -> dict[str, Any]:
    return {"line": line, "column": column, "message": en if english else zh}


def _shown(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    by = {"id": found.pop("account_id"), "name": found.pop("account_name")}
    expires_at = found["made_at"] + register.KEPT
    over = found["state"] == register.CHECKED and now >= expires_at
    return found | {"by": by, "expires_at": expires_at, "state": register.LAPSED if over else found["state"]}


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Imports in the actor's reach, newest first, without their reports."""
    text, params = _LISTED, list(_reach(actor))
    for column in ("state", "unit_code"):
        asked = [value for value in query[column] if value != "all"]
        if asked and "all" not in query[column]:
            text += f" AND i.{column} IN ({', '.join('?' * len(asked))})"
            params += asked
    if query["cursor"]:
        text += " AND i.id < ?"
        params += values_of("imports", query["cursor"])
    found = sql.rows(text + " ORDER BY i.id DESC LIMIT ?", [*params, query["limit"] + 1])
    shown = page("imports", found, query["limit"], ("id",))
    return Page([_shown(item, now) for item in shown.items], shown.next_cursor)


_UNITS = "SELECT code, valid_from_on, valid_to_on FROM unit WHERE code BETWEEN ? AND ?"
_ITEMS = "SELECT DISTINCT item_code, name FROM item_version WHERE valid_from_on IS NOT NULL"
_STAFF = """
SELECT unit_code, name, id FROM account WHERE unit_code BETWEEN ? AND ? AND role IN ('agent', 'operator', 'township')
ORDER BY disabled_at IS NULL, id
"""


def known(actor: Actor, now: datetime) -> Known:
    """What the lines of a register are held against; three statements."""
    reach, today = _reach(actor), clock.local_date(now)
    units = frozenset(
        unit["code"] for unit in sql.rows(_UNITS, reach)
        if tree.in_office(unit["valid_from_on"], unit["valid_to_on"], today)
    )
    items: dict[str, str | None] = {}
    offered = sql.execute(_ITEMS).fetchall()
    for code, name in offered:
        items[name] = code if items.get(name, code) == code else None
    items |= {code: code for code, _ in offered}
    staff = {(unit_code, name): key for unit_code, name, key in sql.execute(_STAFF, reach).fetchall()}
    return Known(actor.unit_code or "", units, items, staff, today)


AT_ONCE = 500
_TAKEN = "SELECT paper_number FROM paper_errand WHERE unit_code = ? AND paper_number IN ({})"


def taken(wanted: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those of these units and paper numbers that were imported before; a statement for 500 of a unit."""
    by_unit: dict[str, list[str]] = {}
    for unit_code, number in wanted:
        by_unit.setdefault(unit_code, []).append(number)
    found: set[tuple[str, str]] = set()
    for unit_code, numbers in by_unit.items():
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            text = _TAKEN.format(", ".join("?" * len(part)))
            found |= {(unit_code, number) for (number,) in sql.execute(text, (unit_code, *part)).fetchall()}
    return frozenset(found)


_VERSIONS = """
SELECT item_code, number, valid_from_on, valid_to_on FROM item_version WHERE valid_from_on IS NOT NULL
ORDER BY item_code, number
"""


def versions() -> dict[str, list[tuple[int, str, str | None]]]:
    """The published versions of every item: number, first day, and day from which it was over."""
    found: dict[str, list[tuple[int, str, str | None]]] = {}
    for code, number, since, until in sql.execute(_VERSIONS).fetchall():
        found.setdefault(code, []).append((number, since, until))
    return found


def lines(import_id: str) -> list[dict[str, Any]]:
    """The checked lines of an import, opened; of a visible one that is to be confirmed."""
    text = "SELECT id, sealed FROM register_import_part WHERE import_id = ? ORDER BY position"
    found: list[dict[str, Any]] = []
    for part in sql.rows(text, (import_id,)):
        found += orjson.loads(secrets.unseal(part["sealed"], f"register_import_part|sealed|{part['id']}"))
    return found


def lapsed(now: datetime) -> list[str]:
    """Checked imports that nobody confirmed in time."""
    before = clock.to_micros(now - register.KEPT)
    text = "SELECT id FROM register_import WHERE state = ? AND made_at <= ? ORDER BY id LIMIT 500"
    return [found["id"] for found in sql.rows(text, (register.CHECKED, before))]
