"""Hand-overs: those of one errand, and those that an account gave or is asked to take."""
from datetime import datetime
from typing import Any

from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.errands.queries import cases, scope
from backend.errands.rules import hands

_ROW = "SELECT * FROM handover WHERE errand_id = ? AND n = ?"
_ASKED = f"SELECT 1 FROM handover WHERE errand_id = ? AND state = '{hands.ASKED}' LIMIT 1"
_COLUMNS = """
SELECT h.id, h.n, h.errand_id, e.number AS errand_number, h.from_account_id, g.name AS giver, h.to_account_id,
       t.name AS receiver, h.reason, h.state, h.made_at, h.answered_at, e.version
"""
_JOINS = """
JOIN errand e ON e.id = h.errand_id JOIN account g ON g.id = h.from_account_id
JOIN account t ON t.id = h.to_account_id
"""
_OF = f"{_COLUMNS} FROM handover h {_JOINS} WHERE h.errand_id = ?"


def row(errand_id: str, n: int) -> dict[str, Any]:
    """The hand-over's own row as stored, of an errand that was loaded for this actor; else NotFound."""
    found = sql.row(_ROW, (errand_id, n))
    if found is None:
        raise NotFound()
    return found


def is_asked(errand_id: str) -> bool:
    """Whether somebody is asked to take the errand."""
    return sql.value(_ASKED, (errand_id,)) is not None


def one(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The n-th hand-over of a visible errand; its version is the errand's, which its steps move."""
    condition, params = scope.condition(actor)
    found = sql.row(f"{_OF} AND h.n = ? AND {condition}", [*ref, *params])
    if found is None:
        raise NotFound()
    return _shown(found)


def of(errand_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The hand-overs of a visible errand, in order."""
    cases.row(errand_id, actor)
    last = values_of("handovers", query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(f"{_OF} AND h.n > ? ORDER BY h.n LIMIT ?", (errand_id, last, query["limit"] + 1))
    part = page("handovers", found, query["limit"], ("n",))
    return Page([_shown(each) for each in part.items], part.next_cursor)


def mine(query: dict[str, Any], *, actor: Actor) -> Page:
    """What the actor gave or is asked to take, oldest first; open ones unless asked otherwise.

    One branch per part and state, each a walk of one index; only errands that he still sees.
    """
    states = states_of(query["state"], hands.HANDOVER_STATES, (hands.ASKED,))
    last = values_of("mine", query["cursor"])[0] if query["cursor"] else ""
    condition, reach = scope.condition(actor)
    branches, params = [], []
    for part in ("to_account_id", "from_account_id"):
        for state in states:
            branches.append(
                f"SELECT * FROM (SELECT h.id FROM handover h JOIN errand e ON e.id = h.errand_id WHERE h.{part} = ? "
                f"AND h.state = ? AND h.id > ? AND {condition} ORDER BY h.id LIMIT ?) AS branch"
            )
            params += [actor.id, state, last, *reach, query["limit"] + 1]
    text = (
        f"{_COLUMNS} FROM ({' UNION '.join(branches)}) AS chosen CROSS JOIN handover h {_JOINS} "
        "WHERE h.id = chosen.id ORDER BY h.id LIMIT ?"
    )
    shown = page("mine", sql.rows(text, [*params, query["limit"] + 1]), query["limit"], ("id",))
    return Page([_shown(each) for each in shown.items], shown.next_cursor)


_AS_STORED = ("id", "n", "errand_id", "errand_number", "reason", "state", "made_at", "answered_at", "version")


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in _AS_STORED} | {
        "giver": {"id": found["from_account_id"], "name": found["giver"]},
        "receiver": {"id": found["to_account_id"], "name": found["receiver"]},
    }
