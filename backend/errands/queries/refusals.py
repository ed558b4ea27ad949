"""The zero-refusal register: every no, with its reason and the way on (rules 3.6, 3.7)."""
from datetime import date, timedelta
from typing import Any

import orjson

from backend.catalogue import queries as catalogue
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.errands.queries import scope

_ENTRY = """
SELECT p.id, p.errand_id, e.number AS errand_number, e.state AS errand_state, e.item_code, e.item_number,
       p.unit_code, p.kind, p.reason, p.referral, p.made_at, p.account_id, b.name AS account_name
FROM refusal p JOIN errand e ON e.id = p.errand_id JOIN account b ON b.id = p.account_id
"""


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """The register of the actor's scope, latest first; at most two statements."""
    text, params = scope.narrowed(actor, query["unit_code"], "p")
    for name, sign, day in (("from", ">=", query["from"]), ("to", "<", _after(query["to"]))):
        if query[name] is not None:
            text += f" AND p.made_at {sign} ?"
            params.append(clock.to_micros(clock.at_local(day, 0)))
    if query["cursor"]:
        text += " AND (p.made_at, p.id) < (?, ?)"
        params += values_of("refusals", query["cursor"])
    found = sql.rows(
        f"{_ENTRY} WHERE {text} ORDER BY p.made_at DESC, p.id DESC LIMIT ?", [*params, query["limit"] + 1]
    )
    shown = page("refusals", found, query["limit"], ("made_at", "id"))
    items = catalogue.versions((row["item_code"], row["item_number"]) for row in shown.items)
    return Page([_shown(row, items) for row in shown.items], shown.next_cursor)


def _after(day: date | None) -> date | None:
    return day and day + timedelta(days=1)


def _shown(found: dict[str, Any], items: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    item = items[found["item_code"], found["item_number"]]
    return {name: found[name] for name in _AS_STORED} | {
        "item": {"code": found["item_code"], "version": found["item_number"], "name": item["name"]},
        "referral": orjson.loads(found["referral"]) if found["referral"] else None,
        "by": {"id": found["account_id"], "name": found["account_name"]},
    }


_AS_STORED = ("id", "errand_id", "errand_number", "errand_state", "unit_code", "kind", "reason", "made_at")
