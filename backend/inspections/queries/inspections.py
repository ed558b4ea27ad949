"""Mystery visits as they are shown."""
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.inspections.queries import scope
from backend.inspections.rules import naming
from backend.org.rules import scope as reach
from backend.people import queries as people

KIND = "inspections"
_PICTURE = ("file_id", "sha256", "media_type")
_COLUMNS = """
i.id, i.state, i.unit_code, u.name AS unit_name, i.visited_at, i.summary, i.points, i.inspectors, i.plan_id,
i.recorded_at, i.year, i.number, i.published_at, i.ended_for, i.version
"""
_FROM = "inspection i JOIN unit u ON u.code = i.unit_code"
_FINDINGS = """
SELECT f.inspection_id, f.n, f.kind, f.text, f.points, f.account_id, a.name AS account_name, p.file_id,
       p.sha256, p.media_type
FROM inspection_finding f LEFT JOIN account a ON a.id = f.account_id
LEFT JOIN inspection_photo p ON p.inspection_id = f.inspection_id AND p.n = f.n
WHERE f.inspection_id IN ({}) ORDER BY f.inspection_id, f.n, p.place
"""
_PHOTO = """
SELECT p.media_type FROM inspection_photo p JOIN inspection i ON i.id = p.inspection_id
WHERE p.inspection_id = ? AND p.sha256 = ? AND {} LIMIT 1
"""


def row(inspection_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The visit as stored, where the actor may know of it; NotFound otherwise, as for one that is not there."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock)
    found = sql.row(f"SELECT i.* FROM inspection i WHERE i.id = ? AND {condition}{suffix}", [inspection_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(inspection_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One visit with its findings; NotFound where the actor may not know of it."""
    condition, params = scope.condition(actor)
    found = sql.rows(f"SELECT {_COLUMNS} FROM {_FROM} WHERE i.id = ? AND {condition}", [inspection_id, *params])
    if not found:
        raise NotFound()
    return shown(found, actor)[0]


def photo(inspection_id: str, sha256: str, *, actor: Actor) -> str:
    """The media type of a photo of the visit; NotFound where the actor may not know of it, or it has no such one."""
    condition, params = scope.condition(actor)
    found = sql.value(_PHOTO.format(condition), [inspection_id, sha256, *params])
    if found is None:
        raise NotFound()
    return str(found)


def photos(inspection_id: str) -> dict[str, dict[str, Any]]:
    """The photos that stand in a visit, by the id of their file."""
    text = "SELECT file_id, sha256, media_type FROM inspection_photo WHERE inspection_id = ?"
    return {row["file_id"]: row for row in sql.rows(text, (inspection_id,))}


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Visits that the actor may know of, the latest first; at most three statements."""
    branches, params = [], []
    for text, values in _walks(query, actor):
        branches.append(f"SELECT * FROM ({text}) AS branch")
        params += values
    if not branches:
        return Page([], None)
    limit = query["limit"] + 1
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM (SELECT id, visited_at FROM ({' UNION ALL '.join(branches)}) AS found "
        "ORDER BY visited_at DESC, id DESC LIMIT ?) AS chosen JOIN inspection i ON i.id = chosen.id "
        "JOIN unit u ON u.code = i.unit_code ORDER BY i.visited_at DESC, i.id DESC", [*params, limit],
    )
    part = page(KIND, found, query["limit"], ("visited_at", "id"))
    return Page(shown(part.items, actor), part.next_cursor)


def _walks(query: dict[str, Any], actor: Actor) -> Iterator[tuple[str, list[Any]]]:
    """One walk of an index for each place and state; what it meets is held against the scope."""
    condition, held = scope.condition(actor)
    condition = condition.replace("i.", "w.")
    name, code = reach.column(actor)
    places = [("unit_code", code) for code in dict.fromkeys(query["unit_code"])] or [(name, code)]
    after, position = "", []
    if query["cursor"]:
        after, position = " AND (w.visited_at, w.id) < (?, ?)", values_of(KIND, query["cursor"])
    for column, place in places:
        for state in scope.states(query["state"], actor):
            yield (
                f"SELECT w.id, w.visited_at FROM inspection w WHERE w.{column} = ? AND w.state = ? AND {condition}"
                f"{after} ORDER BY w.visited_at DESC, w.id DESC LIMIT ?",
                [place, state, *held, *position, query["limit"] + 1],
            )


def shown(found: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Rows with their findings. Who went, and when it was written down, only the supervising office is told."""
    findings = _findings([row["id"] for row in found])
    keeps = scope.keeps(actor)
    ids = {row["id"]: orjson.loads(row.pop("inspectors")) for row in found}
    names = people.names(each for went in ids.values() for each in went) if keeps else {}
    for row in found:
        row["findings"] = findings[row["id"]]
        row["number"] = naming.number_told(row.pop("year"), row["number"])
        row["inspectors"] = [{"id": each, "name": names.get(each, "")} for each in ids[row["id"]]] if keeps else None
        if not keeps:
            row["recorded_at"] = row["plan_id"] = row["ended_for"] = None
    return found


def _findings(ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if not ids:
        return made
    for row in sql.rows(_FINDINGS.format(", ".join("?" * len(ids))), ids):
        own, photo = made[row.pop("inspection_id")], {name: row.pop(name) for name in _PICTURE}
        if not own or own[-1]["n"] != row["n"]:
            account_id, name = row.pop("account_id"), row.pop("account_name")
            own.append(row | {"account": account_id and {"id": account_id, "name": name or ""}, "photos": []})
        if photo["sha256"] is not None:
            own[-1]["photos"].append(photo)
    return made
