"""Leaves and swaps: those of the people in an account's reach, a colleague's own."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import daytime, sql
from backend.core.actor import AGENT, OPERATOR, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.people.queries import accounts
from backend.people.rules import absences as rules
from backend.people.rules.absences import Held

LEAVE, SWAP = "leave", "swap"
_COLUMNS = {
    LEAVE: "t.id, t.unit_code, t.account_id, t.from_on, t.to_on, t.reason, t.state, t.asked_by, t.asked_at, "
           "t.decided_by, t.decided_at, t.note, t.version",
    SWAP: "t.id, t.unit_code, t.account_id, t.day_on, t.with_account_id, t.with_day_on, t.reason, t.state, t.asked_by, "
          "t.asked_at, t.agreed_at, t.decided_by, t.decided_at, t.note, t.version",
}
_PARTIES = {LEAVE: ("account_id",), SWAP: ("account_id", "with_account_id")}

Condition = tuple[str, list[str]]


def _reach(kind: str, actor: Actor) -> list[Condition]:
    """One branch per way in which a row is the actor's to see: his own ones, or all of his subtree or district."""
    if actor.role in (AGENT, OPERATOR):
        return [(f"t.{name} = ?", [actor.id]) for name in _PARTIES[kind]]
    name, code = scope.column(actor)
    return [(f"t.{name} = ?", [code])]


def row(kind: str, row_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The leave or swap as it is stored, where the actor reaches it; NotFound otherwise."""
    reach = _reach(kind, actor)
    condition = " OR ".join(text for text, _ in reach)
    suffix = sql.held(lock)
    params = [code for _, codes in reach for code in codes]
    text = f"SELECT {_COLUMNS[kind]} FROM {kind} t WHERE t.id = ? AND ({condition}){suffix}"
    found = sql.row(text, [row_id, *params])
    if found is None:
        raise NotFound()
    return found


def leave(leave_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One leave, with the shifts of its days for which nobody stands in."""
    found = row(LEAVE, leave_id, actor)
    return _leaves([found])[0] | {"without_stand_in": _uncovered(found)}


def swap(swap_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One swap."""
    return _swaps([row(SWAP, swap_id, actor)])[0]


def leaves(query: dict[str, Any], *, actor: Actor) -> Page:
    """The leaves in the actor's reach, first asked first."""
    found = _listed(LEAVE, query, actor)
    return Page(_leaves(found.items), found.next_cursor)


def swaps(query: dict[str, Any], *, actor: Actor) -> Page:
    """The swaps in the actor's reach, first asked first."""
    found = _listed(SWAP, query, actor)
    return Page(_swaps(found.items), found.next_cursor)


def _listed(kind: str, query: dict[str, Any], actor: Actor) -> Page:
    """One branch per way in, unit and state, each a walk of one index."""
    after = values_of(kind, query["cursor"])[0] if query["cursor"] else ""
    branches, params = [], []
    for condition, codes in _reach(kind, actor):
        for place, place_codes in [("AND t.unit_code = ? ", [code]) for code in dict.fromkeys(query["unit_code"])] or [
            ("", [])
        ]:
            for state in dict.fromkeys(query["state"] or rules.STATES):
                branches.append(
                    f"SELECT * FROM (SELECT t.id FROM {kind} t WHERE {condition} {place}AND t.state = ? AND t.id > ? "
                    "ORDER BY t.id LIMIT ?) AS branch"
                )
                params += [*codes, *place_codes, state, after, query["limit"] + 1]
    text = (
        f"SELECT {_COLUMNS[kind]} FROM {kind} t WHERE t.id IN ({' UNION '.join(branches)}) ORDER BY t.id LIMIT ?"
    )
    return page(kind, sql.rows(text, [*params, query["limit"] + 1]), query["limit"], ("id",))


def _leaves(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = _names(found, ("account_id", "asked_by", "decided_by"))
    return [
        _told(each, names) | {
            "unit_code": each["unit_code"], "account": _person(each["account_id"], names),
            "from": each["from_on"], "to": each["to_on"],
        }
        for each in found
    ]


def _swaps(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = _names(found, ("account_id", "with_account_id", "asked_by", "decided_by"))
    return [
        _told(each, names) | {
            "unit_code": each["unit_code"], "account": _person(each["account_id"], names), "date": each["day_on"],
            "with_account": _person(each["with_account_id"], names), "with_date": each["with_day_on"],
            "agreed_at": each["agreed_at"],
        }
        for each in found
    ]


def _names(found: Sequence[dict[str, Any]], fields: Sequence[str]) -> dict[str, str]:
    return accounts.names(each[name] for each in found for name in fields if each[name])


def _person(account_id: str | None, names: dict[str, str]) -> dict[str, str] | None:
    return {"id": account_id, "name": names.get(account_id, "")} if account_id else None


def _told(each: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    kept = ("id", "reason", "state", "asked_at", "decided_at", "note", "version")
    who = {name: _person(each[name], names) for name in ("asked_by", "decided_by")}
    return {name: each[name] for name in kept} | who


_UNCOVERED = """
SELECT unit_code, day_on, desk, from_minute, to_minute FROM shift
WHERE account_id = ? AND day_on BETWEEN ? AND ? AND stand_in_id IS NULL ORDER BY day_on, from_minute LIMIT 100
"""


def _uncovered(found: dict[str, Any]) -> list[dict[str, Any]]:
    shifts = sql.rows(_UNCOVERED, (found["account_id"], found["from_on"].isoformat(), found["to_on"].isoformat()))
    return [
        {
            "unit_code": each["unit_code"], "date": each["day_on"], "desk": each["desk"],
            "from": daytime.told(each["from_minute"]), "to": daytime.told(each["to_minute"]),
        }
        for each in shifts
    ]


_OVERLAPPING = """
SELECT 1 FROM leave WHERE account_id = ? AND state IN ('asked', 'approved') AND to_on >= ? AND from_on <= ? LIMIT 1
"""
_AWAY = """
SELECT account_id, from_on, to_on FROM leave WHERE account_id IN (?, ?) AND state = 'approved' AND to_on >= ?
"""
_HELD = """
SELECT id, unit_code, account_id, day_on, from_minute, to_minute, services FROM shift
WHERE account_id IN (?, ?) AND day_on IN (?, ?)
"""
_SERVED = """
SELECT DISTINCT account_id, services FROM shift WHERE account_id IN (?, ?) AND unit_code = ? AND day_on BETWEEN ? AND ?
"""


def overlaps(account_id: str, from_on: date, to_on: date) -> bool:
    """Whether the account has asked for or has leave on one of these days."""
    return sql.value(_OVERLAPPING, (account_id, from_on.isoformat(), to_on.isoformat())) is not None


def away(pair: tuple[str, str], since: date) -> list[tuple[str, date, date]]:
    """The approved leaves of two people that end on a day or later."""
    found = sql.rows(_AWAY, (*pair, since.isoformat()))
    return [(each["account_id"], each["from_on"], each["to_on"]) for each in found]


def held(pair: tuple[str, str], days: tuple[date, date]) -> list[Held]:
    """The shifts of two people on two days, at whatever unit."""
    found = sql.rows(_HELD, (*pair, days[0].isoformat(), days[1].isoformat()))
    return [
        Held(each["id"], each["unit_code"], each["account_id"], each["day_on"], each["from_minute"],
             each["to_minute"], frozenset(orjson.loads(each["services"])))
        for each in found
    ]


def served(pair: tuple[str, str], unit_code: str, days: tuple[date, date]) -> dict[str, list[frozenset[str]]]:
    """What two people serve at a unit by its rosters of these days."""
    found: dict[str, list[frozenset[str]]] = {}
    params = (*pair, unit_code, days[0].isoformat(), days[1].isoformat())
    for account_id, services in sql.execute(_SERVED, params).fetchall():
        found.setdefault(account_id, []).append(frozenset(orjson.loads(services)))
    return found
