"""A unit's rosters as they are written, shown and printed."""
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, daytime, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org.rules import scope
from backend.people.queries import accounts
from backend.people.queries import rosters as duties
from backend.people.rules import rostering as rules
from backend.people.rules import rosters
from backend.people.rules.rostering import Colleague, Elsewhere, Entry

MONTHS = "rosters"

_HEAD = "SELECT id, unit_code, month, changed_at, published_at, version FROM roster WHERE unit_code = ? AND month = ?"
_MONTHS = """
SELECT id, unit_code, month, changed_at, published_at, version FROM roster WHERE unit_code = ? AND month < ?
ORDER BY month DESC LIMIT ?
"""
_SHIFTS = """
SELECT id, day_on, account_id, desk, from_minute, to_minute, services, kind, stand_in_id FROM shift
WHERE roster_id = ? ORDER BY place
"""
_CONTACTS = "SELECT day_on, account_id FROM on_call WHERE unit_code = ? AND day_on BETWEEN ? AND ? ORDER BY day_on"
_NEVER: dict[str, Any] = {"id": None, "changed_at": None, "published_at": None, "version": 0}

Span = tuple[date, date]


def seen(code: str, actor: Actor) -> dict[str, Any]:
    """The unit whose rosters the actor may read; NotFound for any other."""
    found = units.unit(code) if scope.reaches(actor, code) else None
    if found is None:
        raise NotFound()
    return found


def span(month: str) -> Span:
    """The first and last day of a month; NotFound for what is none."""
    days = rules.days_of(month)
    if days is None:
        raise NotFound()
    return days


def head(code: str, month: str, *, lock: bool = False) -> dict[str, Any]:
    """The roster's own row, locked where asked; of version 0 before the first writing."""
    found = sql.row(_HEAD + sql.held(lock), (code, month))
    return found or {**_NEVER, "unit_code": code, "month": month}


def entries(roster_id: str | None) -> dict[Entry, str]:
    """The shifts of a roster in the order of their writing, and their ids."""
    found = sql.rows(_SHIFTS, (roster_id,)) if roster_id else []
    return {
        Entry(
            row["day_on"], row["account_id"], row["desk"], row["from_minute"], row["to_minute"],
            tuple(orjson.loads(row["services"])), row["kind"], row["stand_in_id"],
        ): row["id"]
        for row in found
    }


def contacts(code: str, days: Span) -> list[tuple[date, str]]:
    """Who is on call at the unit, by day."""
    found = sql.rows(_CONTACTS, (code, days[0].isoformat(), days[1].isoformat()))
    return [(row["day_on"], row["account_id"]) for row in found]


def colleagues(ids: Iterable[str], *, lock: bool = False) -> dict[str, Colleague]:
    """Accounts by id; locked, so that nobody is disabled or moved while a roster with him is written."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    text = f"SELECT id, role, unit_code, disabled_at FROM account WHERE id IN ({marks}) ORDER BY id"
    found = sql.rows(text + sql.held(lock), wanted)
    return {row["id"]: Colleague(row["role"], row["unit_code"], row["disabled_at"] is not None) for row in found}


def elsewhere(code: str, days: Span, ids: Iterable[str]) -> list[Elsewhere]:
    """The shifts that these people have at other units."""
    wanted = sorted(set(ids))
    if not wanted:
        return []
    text = (
        "SELECT account_id, day_on, from_minute, to_minute, unit_code FROM shift WHERE account_id IN "
        f"({', '.join('?' * len(wanted))}) AND day_on BETWEEN ? AND ? AND unit_code <> ?"
    )
    found = sql.rows(text, [*wanted, days[0].isoformat(), days[1].isoformat(), code])
    return [
        Elsewhere(row["account_id"], row["day_on"], row["from_minute"], row["to_minute"], row["unit_code"])
        for row in found
    ]


def one(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The roster of a unit and month as the wire has it; NotFound outside the actor's reach."""
    return shown(*ref, actor=actor, now=now)


def shown(code: str, month: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The roster of a unit and month; an empty one of version 0 before its first writing. Five statements at most."""
    seen(code, actor)
    days = span(month)
    roster = head(code, month)
    planned, on_call = list(entries(roster["id"])), contacts(code, days)
    named = {one.account_id for one in planned} | {one.stand_in_id for one in planned if one.stand_in_id}
    names = accounts.names([*named, *(account_id for _, account_id in on_call)])
    return headed(roster, now) | {
        "shifts": [_shift(one) for one in planned],
        "on_call": [{"date": day, "account_id": account_id} for day, account_id in on_call],
        "people": [{"id": account_id, "name": name} for account_id, name in sorted(names.items())],
    }


def headed(roster: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the wire tells of a roster besides who is on it."""
    first, _ = span(roster["month"])
    published, changed = roster["published_at"], roster["changed_at"]
    return {
        "unit_code": roster["unit_code"], "month": roster["month"], "published_at": published,
        "late": rules.is_late(published and clock.local_date(published), first, clock.local_date(now)),
        "changed_since": published is not None and changed > published, "version": roster["version"],
    }


def _shift(one: Entry) -> dict[str, Any]:
    told = {
        "date": one.day, "account_id": one.account_id, "desk": one.desk, "from": daytime.told(one.from_minute),
        "to": daytime.told(one.to_minute), "services": list(one.services), "kind": one.kind,
    }
    return told | ({"stand_in_id": one.stand_in_id} if one.stand_in_id else {})


def months(code: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The unit's rosters, the latest month first."""
    seen(code, actor)
    before = values_of(MONTHS, query["cursor"])[0] if query["cursor"] else "9999"
    part = page(MONTHS, sql.rows(_MONTHS, (code, before, query["limit"] + 1)), query["limit"], ("month",))
    return Page([headed(row, now) for row in part.items], part.next_cursor)


def on_duty(code: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Who is on duty at a unit from one day to another, leave and stand-ins applied."""
    seen(code, actor)
    first = query["from"] or clock.local_date(now)
    last = query["to"] or first
    rosters.check_stretch(first, last)
    found = duties.on_duty(code, first, last)
    names = accounts.names({duty.account_id for day in found.values() for duty in day})
    return {"unit_code": code, "items": [
        {
            "date": day, "account": {"id": duty.account_id, "name": names.get(duty.account_id, "")},
            "desk": duty.desk, "from": daytime.told(duty.from_minute), "to": daytime.told(duty.to_minute),
            "services": sorted(duty.services), "kind": duty.kind,
        }
        for day, duties_of_day in found.items() for duty in duties_of_day
    ]}
