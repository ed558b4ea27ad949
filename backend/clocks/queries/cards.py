"""Cards and appeals against them, each within the reader's scope."""
from collections.abc import Sequence
from typing import Any

import orjson

from backend.clocks.rules import cards as rules
from backend.clocks.rules import ladder
from backend.core import sql
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.people import queries as people

CARDS, APPEALS = "cards", "appeals"

_COLUMNS = """
c.id, c.subject_type, c.subject_id, c.kind, c.rung, c.unit_code, c.department_code, c.effective_at, c.detected_at,
c.delivered_at, c.post_code, c.post, c.account_id, c.also_to, c.state, c.version
"""
_APPEAL = """
SELECT id, card_id, n, account_id, reason, made_at, state, answer, answered_by, answered_at, version
FROM card_appeal WHERE card_id = ?
"""

Condition = tuple[str, list[Any]]


def _scope(actor: Actor) -> Condition:
    """Whose cards an account reaches: its unit's, its subtree's, its department's, or the district's (rules 12)."""
    if actor.role == HANDLER:
        return "c.department_code = ? AND c.district_code = ?", [actor.department_code or "", scope.district(actor)]
    name, code = scope.column(actor)
    return f"c.{name} = ?", [code]


def row(card_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The card as it is stored, where the actor reaches it; NotFound otherwise."""
    condition, params = _scope(actor)
    suffix = sql.held(lock)
    text = f"SELECT {_COLUMNS} FROM card c WHERE c.id = ? AND {condition}{suffix}"
    found = sql.row(text, [card_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(card_id: str, *, actor: Actor, now: Any) -> dict[str, Any]:
    """One card as the wire shows it; NotFound outside the actor's scope."""
    return _shown([row(card_id, actor)])[0]


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for card in found:
        main = {"code": card.pop("post_code"), "post": card.pop("post"), "account_id": card.pop("account_id")}
        card["delivered_to"], card["also_to"] = main, orjson.loads(card["also_to"])
    told = [to for card in found for to in (card["delivered_to"], *card["also_to"])]
    names = people.names(to["account_id"] for to in told if to["account_id"])
    for to in told:
        account_id = to.pop("account_id")
        to["account"] = account_id and {"id": account_id, "name": names.get(account_id, "")}
    return found


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """The cards in the actor's scope, those that became true last first."""
    text, params = _of_subjects(query, actor) if query["errand_id"] else _in_scope(query, actor)
    part = page(CARDS, sql.rows(text, params), query["limit"], ("effective_at", "id"))
    return Page(_shown(part.items), part.next_cursor)


def _after(query: dict[str, Any]) -> Condition:
    if query["cursor"] is None:
        return "", []
    return " AND (c.effective_at, c.id) < (?, ?)", values_of(CARDS, query["cursor"])


def _of_subjects(query: dict[str, Any], actor: Actor) -> tuple[str, list[Any]]:
    """Few cards by the index of their subjects; all other conditions are held against those."""
    own, params = _scope(actor)
    after, position = _after(query)
    where = f"c.subject_type = 'errand' AND {_in('c.subject_id', query['errand_id'])} AND {own}{after}"
    params = [*query["errand_id"], *params, *position]
    for name in ("unit_code", "rung", "state"):
        if query[name]:
            where += f" AND {_in(f'c.{name}', query[name])}"
            params += query[name]
    text = f"SELECT {_COLUMNS} FROM card c WHERE {where} ORDER BY c.effective_at DESC, c.id DESC LIMIT ?"
    return text, [*params, query["limit"] + 1]


def _in(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"


def _in_scope(query: dict[str, Any], actor: Actor) -> tuple[str, list[Any]]:
    """One branch per place, rung and state, each a walk of one index from its start: cost does not grow."""
    own, mine = _scope(actor)
    after, position = _after(query)
    places: list[Condition] = [("c.unit_code = ? AND ", [code]) for code in dict.fromkeys(query["unit_code"])]
    branches, params = [], []
    for place, codes in places or [("", [])]:
        for rung in dict.fromkeys(query["rung"] or ladder.RUNGS):
            for state in dict.fromkeys(query["state"] or rules.STATES):
                branches.append(
                    "SELECT * FROM (SELECT c.id AS id, c.effective_at AS effective_at FROM card c "
                    f"WHERE {place}{own} AND c.rung = ? AND c.state = ?{after} "
                    "ORDER BY c.effective_at DESC, c.id DESC LIMIT ?) AS branch"
                )
                params += [*codes, *mine, rung, state, *position, query["limit"] + 1]
    text = (
        f"SELECT {_COLUMNS} FROM (SELECT id FROM ({' UNION ALL '.join(branches)}) AS found "
        "ORDER BY effective_at DESC, id DESC LIMIT ?) AS chosen JOIN card c ON c.id = chosen.id "
        "ORDER BY c.effective_at DESC, c.id DESC"
    )
    return text, [*params, query["limit"] + 1]


def appeal_row(card_id: str, n: int) -> dict[str, Any]:
    """An appeal as it is stored; NotFound where there is none of that number."""
    found = sql.row(f"{_APPEAL} AND n = ?", (card_id, n))
    if found is None:
        raise NotFound()
    return found


def appeals_made(card_id: str) -> int:
    """How many appeals were made against a card."""
    return int(sql.value("SELECT COALESCE(max(n), 0) FROM card_appeal WHERE card_id = ?", (card_id,)))


def appeal(card_id: str, n: int, *, actor: Actor, now: Any) -> dict[str, Any]:
    """One appeal against a card that the actor reaches."""
    card = row(card_id, actor)
    return _appeals([appeal_row(card_id, n)], card)[0]


def appeals(card_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The appeals against a card that the actor reaches, first one first."""
    card = row(card_id, actor)
    last = values_of(APPEALS, query["cursor"])[0] if query["cursor"] else 0
    found = sql.rows(f"{_APPEAL} AND n > ? ORDER BY n LIMIT ?", (card_id, last, query["limit"] + 1))
    part = page(APPEALS, found, query["limit"], ("n",))
    return Page(_appeals(part.items, card), part.next_cursor)


def _appeals(found: list[dict[str, Any]], card: dict[str, Any]) -> list[dict[str, Any]]:
    ids = {each[name] for each in found for name in ("account_id", "answered_by") if each[name]}
    names = people.names(ids)

    def who(account_id: str | None) -> dict[str, str] | None:
        return account_id and {"id": account_id, "name": names.get(account_id, "")} or None

    return [
        {
            "id": each["id"], "card_id": each["card_id"], "n": each["n"], "reason": each["reason"],
            "by": who(each["account_id"]), "made_at": each["made_at"], "state": each["state"],
            "answer": each["answer"], "answered_by": who(each["answered_by"]), "answered_at": each["answered_at"],
            "card_state": card["state"], "version": each["version"],
        }
        for each in found
    ]
