"""Parts of an errand: notes, trips, payments."""
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.errands.queries import cases, scope

_PARTS = {
    "note": ("errand_note", "p.text"),
    "trip": ("errand_trip", "p.made_on, p.place"),
    "payment": ("errand_payment", "p.amount_fen, p.receipt_number"),
}


def _selection(kind: str) -> str:
    table, columns = _PARTS[kind]
    return (
        f"SELECT p.id, p.errand_id, {columns}, p.made_at, p.account_id, b.name AS account_name, p.version "
        f"FROM {table} p JOIN errand e ON e.id = p.errand_id JOIN account b ON b.id = p.account_id"
    )


def _part(found: dict[str, Any]) -> dict[str, Any]:
    by = {"id": found.pop("account_id"), "name": found.pop("account_name")}
    if "place" in found:
        found["where"] = found.pop("place")
    return found | {"by": by}


def part(kind: str, errand_id: str, part_id: str, *, actor: Actor) -> dict[str, Any]:
    """One note, trip or payment of a visible errand."""
    condition, params = scope.condition(actor)
    text = f"{_selection(kind)} WHERE p.id = ? AND p.errand_id = ? AND {condition}"
    found = sql.row(text, [part_id, errand_id, *params])
    if found is None:
        raise NotFound()
    return _part(found)


def parts(kind: str, errand_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The notes, trips or payments of a visible errand, oldest first."""
    cases.row(errand_id, actor)
    last = values_of(kind, query["cursor"])[0] if query["cursor"] else ""
    text = f"{_selection(kind)} WHERE p.errand_id = ? AND p.id > ? ORDER BY p.id LIMIT ?"
    found = sql.rows(text, (errand_id, last, query["limit"] + 1))
    shown = page(kind, found, query["limit"], ("id",))
    return Page([_part(item) for item in shown.items], shown.next_cursor)
