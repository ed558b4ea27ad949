"""One-time notices of an errand, and what stands on them in print."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.errands.queries import cases, papers, scope

_COUNT = "SELECT count(*) FROM supplement_notice WHERE errand_id = ?"
_NOTICE = """
SELECT p.id, p.errand_id, p.n, p.number, p.missing, p.legal_basis, p.made_at, p.account_id, b.name AS account_name,
       p.version
FROM supplement_notice p JOIN errand e ON e.id = p.errand_id JOIN account b ON b.id = p.account_id
"""
_LIST = f"{_NOTICE} WHERE p.errand_id = ? AND p.n > ? ORDER BY p.n LIMIT ?"


def count(errand_id: str) -> int:
    """How often the resident was told what is missing."""
    return int(sql.value(_COUNT, (errand_id,)))


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    by = {"id": found.pop("account_id"), "name": found.pop("account_name")}
    missing = [{"name": paper["name"], "note": paper.get("note")} for paper in orjson.loads(found["missing"])]
    return found | {"by": by, "missing": missing}


def notice(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice of a visible errand."""
    condition, params = scope.condition(actor)
    found = sql.row(f"{_NOTICE} WHERE p.errand_id = ? AND p.n = ? AND {condition}", [errand_id, n, *params])
    if found is None:
        raise NotFound()
    return _shown(found)


def listed(errand_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The notices of a visible errand, in the order of their numbers."""
    cases.row(errand_id, actor)
    last = values_of("notices", query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(_LIST, (errand_id, last, query["limit"] + 1))
    shown = page("notices", found, query["limit"], ("n",))
    return Page([_shown(item) for item in shown.items], shown.next_cursor)


def told(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand as it is now, with the notice that was issued."""
    errand_id, n = ref
    return cases.one(errand_id, actor=actor, now=now) | {"notice": notice(errand_id, n, actor=actor, now=now)}


def printed(errand_id: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands on the printed notice: the errand, whom to ring, and what is missing."""
    return papers.printed(errand_id, actor=actor, now=now) | {
        "notice": notice(errand_id, n, actor=actor, now=now)
    }
