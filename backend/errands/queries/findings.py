"""Findings on officers: what each has to answer for (rules 3.4)."""
from datetime import datetime
from typing import Any

from backend.core import sql
from backend.core.actor import ADMIN, AGENT, OPERATOR, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.errands.queries import scope

READERS = frozenset({AGENT, OPERATOR, TOWNSHIP, SUPERVISOR, ADMIN})
LAST = "\U0010ffff"
_FINDING = """
SELECT p.id, p.errand_id, e.number AS errand_number, p.unit_code, p.kind, p.basis, p.made_at, p.account_id,
       b.name AS account_name, p.version
FROM finding p JOIN errand e ON e.id = p.errand_id JOIN account b ON b.id = p.account_id
"""


def _bounds(actor: Actor, unit_codes: list[str]) -> tuple[str, list[Any]]:
    """An officer at a desk sees his own; the township, supervisor and admin those of their subtree."""
    if actor.role in (AGENT, OPERATOR):
        under = scope.narrowed(actor, unit_codes, "p") if unit_codes else ("1 = 1", [])
        return f"p.account_id = ? AND {under[0]}", [actor.id, *under[1]]
    return scope.narrowed(actor, unit_codes, "p")


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    officer = {"id": found.pop("account_id"), "name": found.pop("account_name")}
    return found | {"officer": officer}


def finding(finding_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One finding that the actor may see."""
    text, params = _bounds(actor, [])
    found = sql.row(f"{_FINDING} WHERE p.id = ? AND {text}", [finding_id, *params])
    if found is None:
        raise NotFound()
    return _shown(found)


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Findings that the actor may see, the latest first; one statement."""
    text, params = _bounds(actor, query["unit_code"])
    if query["account_id"]:
        text += f" AND p.account_id IN ({', '.join('?' * len(query['account_id']))})"
        params += query["account_id"]
    last = values_of("findings", query["cursor"])[0] if query["cursor"] else LAST
    found = sql.rows(
        f"{_FINDING} WHERE {text} AND p.id < ? ORDER BY p.id DESC LIMIT ?", [*params, last, query["limit"] + 1]
    )
    shown = page("findings", found, query["limit"], ("id",))
    return Page([_shown(item) for item in shown.items], shown.next_cursor)
