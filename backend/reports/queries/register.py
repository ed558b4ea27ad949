"""The register of sites: every township and village in office, with what was said of it last."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, db, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import rules as tree
from backend.org.rules import scope
from backend.reports.rules import checklists as lists
from backend.reports.rules import sites as rules
from backend.reports.rules.checklists import Checklist
from backend.reports.rules.targets import LEVELS

CACHE = "checklists"
_COLUMNS = """
SELECT u.code AS unit_code, u.name, u.level, u.site_type, u.status, s.stage, s.percent, s.readiness, s.place, s.staff,
       s.equipment, s.agents_in_place, s.agents_trained, s.planned_fen, s.spent_fen, s.onboarded, s.checklist_number,
       s.version
FROM unit u LEFT JOIN site s ON s.unit_code = u.code WHERE u.code BETWEEN ? AND ?
"""
_IN_OFFICE = " AND (u.valid_from_on IS NULL OR u.valid_from_on <= ?) AND (u.valid_to_on IS NULL OR u.valid_to_on > ?)"
_CHECKLISTS = "SELECT level, number, valid_from_on, items, sample FROM checklist ORDER BY level, number"


def of_township(township_code: str, on: date | None = None) -> dict[str, dict[str, Any]]:
    """The register's entries of a township, itself first, by code; ``on``: only those in office that day."""
    text, params = f"{_COLUMNS} AND u.level IN ('township', 'village')", [*tree.subtree(township_code)]
    if on is not None:
        text, params = text + _IN_OFFICE, [*params, on.isoformat(), on.isoformat()]
    return {row["unit_code"]: rules.entry(_read(row)) for row in sql.plain(f"{text} ORDER BY u.code", params)}


def _read(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("readiness", "onboarded"):
        row[name] = orjson.loads(row[name]) if row[name] else {}
    return row


def checklists(count: int | None = None) -> tuple[Checklist, ...]:
    """All versions of the district's own checklists; none is ever changed, so that their number is their stamp."""
    number = int(sql.value("SELECT count(*) FROM checklist")) if count is None else count
    kept = db.caches.get(CACHE)
    if kept is None or kept[0] != number:
        found = tuple(
            Checklist(row["level"], row["number"], row["valid_from_on"], _items(row["items"]), bool(row["sample"]))
            for row in sql.rows(_CHECKLISTS)
        )
        kept = db.caches[CACHE] = (len(found), found)
    return kept[1]


def _items(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((item["code"], item["text"]) for item in orjson.loads(text))


def checklists_on(on: date, count: int | None = None) -> dict[str, Checklist]:
    """The checklist of each level in force on a day."""
    versions = checklists(count)
    return {level: lists.in_force(level, versions, on) for level in LEVELS}


def checklist_page(levels: list[str], on: date) -> Page:
    """Every version of the checklists, the product's samples first; always one page."""
    own = checklists()
    now = {level: one.number for level, one in checklists_on(on).items()}
    found = [*lists.SAMPLES.values(), *own]
    return Page([
        {
            "level": one.level, "number": one.number, "valid_from": one.valid_from_on, "sample": one.sample,
            "in_force": now[one.level] == one.number,
            "items": [{"code": code, "text": text} for code, text in one.items],
        }
        for one in sorted(found, key=lambda one: (one.level, one.number)) if not levels or one.level in levels
    ], None)


def departments() -> dict[str, str]:
    """The code of each department by its code, and by its name where one only has it."""
    found = sql.plain("SELECT code, name FROM department WHERE valid_to_on IS NULL ORDER BY code DESC")
    return {row["name"]: row["code"] for row in found} | {row["code"]: row["code"] for row in found}


def shown(entry: dict[str, Any], checklist: Checklist) -> dict[str, Any]:
    """An entry as the wire shows it: each item of the checklist, each department that has items there."""
    told = {name: value for name, value in entry.items() if name not in ("checklist_number", "version")}
    told["readiness"] = [
        {"code": code, "text": text, "passed": bool(entry["readiness"].get(code))} for code, text in checklist.items
    ]
    told["onboarded"] = [
        {"department_code": code, "items": count} for code, count in sorted(entry["onboarded"].items()) if count
    ]
    return told


def reach(actor: Actor) -> tuple[str, str]:
    """The codes whose sites an account reads: a township its own, the district's offices all."""
    column, code = scope.column(actor)
    return tree.subtree(code) if column in ("township_code", "district_code") and code else ("", "")


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """A page of the register in the actor's reach, by code."""
    today = clock.local_date(now)
    first, last = reach(actor)
    after = paging.values_of("sites", query["cursor"])[0] if query["cursor"] else ""
    wanted = query["level"] or list(LEVELS)
    text = f"{_COLUMNS} AND u.code > ? AND u.level IN ({', '.join('?' * len(wanted))}){_IN_OFFICE}"
    params: list[Any] = [first, last, after, *wanted, today.isoformat(), today.isoformat()]
    if query["status"]:
        text += f" AND u.status IN ({', '.join('?' * len(query['status']))})"
        params += query["status"]
    if query["unit_code"]:
        spans = [tree.subtree(code) for code in query["unit_code"]]
        text += f" AND ({' OR '.join(['u.code BETWEEN ? AND ?'] * len(spans))})"
        params += [code for span in spans for code in span]
    found = sql.plain(f"{text} ORDER BY u.code LIMIT ?", [*params, query["limit"] + 1])
    kept = paging.page("sites", found, query["limit"], ("unit_code",))
    in_force = checklists_on(today)
    return Page([_site(rules.entry(_read(row)), in_force) for row in kept.items], kept.next_cursor)


def _site(entry: dict[str, Any], in_force: dict[str, Checklist]) -> dict[str, Any]:
    told = shown(entry, in_force[entry["level"]]) | {"version": entry["version"]}
    del told["reason"]
    return told | {"ready": lists.is_ready(in_force[entry["level"]], entry["readiness"])}


def site(unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One site of the register in the actor's reach; NotFound otherwise."""
    today = clock.local_date(now)
    text = f"{_COLUMNS} AND u.code = ? AND u.level IN ('township', 'village')"
    row = sql.plain(text, (*reach(actor), unit_code))
    if not row:
        raise NotFound()
    return _site(rules.entry(_read(row[0])), checklists_on(today))
