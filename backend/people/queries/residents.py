"""Residents: found by name within one's scope, by number exactly; numbers always masked."""
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.core import blinding, clock, paging, secrets, sql
from backend.core.actor import AGENT, HANDLER, OPERATOR, PROJECT_AGENT, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org import rules as tree
from backend.people.rules import full_view, numbers

_COLUMNS = """r.id, r.township_code, r.name, r.id_number_sealed, r.phone_sealed, r.address_sealed,
r.takes_sms, r.made_at, r.version"""
LAST = "\U0010ffff"

OF_NUMBER = "SELECT id FROM resident WHERE township_code || '' = ? AND id_number_index IN (?, ?)"
"""The resident of a township with an ID number. Searched by the number alone: before it has statistics, PostgreSQL
would take an index of names and read the whole township."""

_READ = "EXISTS (SELECT 1 FROM resident_reader v WHERE v.resident_id = r.id AND v.reader_code = ?)"
_WITHIN = "r.township_code BETWEEN ? AND ?"


def _scope(actor: Actor) -> tuple[str, list[Any]]:
    """Who reads whom (rules.md 12): a unit's desk its own, a department's its own of the district, others theirs."""
    if actor.role in (AGENT, OPERATOR):
        return _READ, [actor.unit_code]
    if actor.role == HANDLER:
        district = tree.district_of(actor.unit_code or "")
        return f"{_READ} AND {_WITHIN}", [actor.department_code, *tree.subtree(district)]
    if not actor.signed_in or actor.role == PROJECT_AGENT:
        raise NotFound()
    return _WITHIN, list(tree.subtree(actor.unit_code or ""))


def visible(resident_id: str, actor: Actor) -> dict[str, Any]:
    """The raw row of a resident in the actor's scope; NotFound for any other."""
    where, params = _scope(actor)
    text = f"SELECT {_COLUMNS} FROM resident r WHERE r.id = ? AND r.erased_at IS NULL AND {where}"
    found = sql.row(text, [resident_id, *params])
    if found is None:
        raise NotFound()
    return found


def shown(resident_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One resident in the actor's scope, masked."""
    row = visible(resident_id, actor)
    address = _opened(row, "address")
    return _masked(row) | {
        "address": None if address is None else numbers.mask_address(address),
        "takes_sms": bool(row["takes_sms"]), "made_at": row["made_at"], "_etag": row["version"],
    }


def _listed(actor: Actor) -> tuple[str, str, str, list[Any]]:
    """The table, its id column, condition and parameters that list the actor's scope by an index."""
    where, params = _scope(actor)
    if where.startswith(_READ):
        listed = where.replace(_READ, "v.reader_code = ?")
        return "resident_reader v JOIN resident r ON r.id = v.resident_id", "v", listed, params
    if tree.level_of(actor.unit_code or "") == "township":
        return "resident r", "r", "r.township_code = ?", [actor.unit_code]
    return "resident r", "r", where, params


def search(actor: Actor, text: str | None, *, limit: int, cursor: str | None) -> Page:
    """Residents in scope whose name, pinyin or initials start so; at most two statements.

    Ordered by the column that matched, then id; those found by initials only come after those
    found by pinyin. Digits find nobody: numbers are for look-ups.
    """
    word = "".join((text or "").lower().split())
    columns = ("pinyin", "initials") if word and word.isascii() else ("name",)
    phase, key, last = paging.values_of("residents", cursor) if cursor else (0, word, "")
    found: list[dict[str, Any]] = []
    for number in range(min(max(phase, 0), len(columns)), len(columns)):
        after = (key, last) if number == phase else (word, "")
        found += _matching(actor, columns[: number + 1], word, after, limit + 1 - len(found), number)
        if len(found) > limit:
            break
    page = paging.page("residents", found, limit, ("phase", "key", "id"))
    return Page([_masked(row) for row in page.items], page.next_cursor)


def _matching(
    actor: Actor, columns: tuple[str, ...], word: str, after: tuple[str, str], limit: int, phase: int
) -> list[dict[str, Any]]:
    tables, short, where, params = _listed(actor)
    column, key = f"{short}.{columns[-1]}", "v.resident_id" if short == "v" else "r.id"
    text = (
        f"SELECT {_COLUMNS}, {column} AS key FROM {tables} WHERE {where} AND r.erased_at IS NULL "
        f"AND {column} <= ? AND ({column}, {key}) > (?, ?)"
    )
    params = [*params, word + LAST, *after]
    if len(columns) > 1:
        text += f" AND NOT ({short}.{columns[0]} >= ? AND {short}.{columns[0]} <= ?)"
        params += [word, word + LAST]
    found = sql.rows(f"{text} ORDER BY {column}, {key} LIMIT ?", [*params, limit])
    return [row | {"phase": phase} for row in found]


def _reach(actor: Actor) -> tuple[str, str]:
    """Within which townships an exact look-up answers: a village's desk looks in its township."""
    code = actor.unit_code or ""
    near = actor.role in (AGENT, OPERATOR)
    return tree.subtree(tree.township_of(code) if near else code)


def looked_up(
    actor: Actor, *, id_number: str | None = None, phone: str | None = None, now: datetime
) -> list[dict[str, Any]]:
    """Residents in reach with exactly this number; masked. Invalid where it can be nobody's."""
    kind, indexes = blind_indexes(id_number=id_number, phone=phone, now=now)
    text = (
        f"SELECT {_COLUMNS} FROM resident r WHERE r.{kind}_index IN (?, ?) "
        "AND r.township_code BETWEEN ? AND ? AND r.erased_at IS NULL ORDER BY r.id LIMIT 50"
    )
    return [_masked(row) for row in sql.rows(text, (*indexes, *_reach(actor)))]


def blind_indexes(
    *, id_number: str | None = None, phone: str | None = None, now: datetime
) -> tuple[str, tuple[bytes, bytes]]:
    """The kind of the number given and what it is found by; Invalid where it can be nobody's."""
    if id_number is not None:
        kind, number = "id_number", numbers.check_id_number(id_number, clock.local_date(now))
    else:
        kind, number = "phone", numbers.normal_phone(phone or "")
    return kind, blinding.searched(kind, number)


def within_reach(resident_id: str, actor: Actor) -> dict[str, Any]:
    """The raw row of a resident whom the actor's exact look-up would find; else NotFound."""
    text = (
        f"SELECT {_COLUMNS}, r.pinyin, r.initials FROM resident r "
        "WHERE r.id = ? AND r.township_code BETWEEN ? AND ? AND r.erased_at IS NULL"
    )
    found = sql.row(text, (resident_id, *_reach(actor)))
    if found is None:
        raise NotFound()
    return found


def resident_summary(resident_id: str) -> dict[str, Any]:
    """id, name, masked id_number and phone, for a case the caller was allowed to read."""
    return resident_summaries([resident_id])[resident_id]


def resident_summaries(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Summaries by id, for rows the caller was allowed to read; one statement."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    text = f"SELECT {_COLUMNS} FROM resident r WHERE r.id IN ({', '.join('?' * len(wanted))})"
    keys = ("id", "name", "id_number", "phone")
    return {row["id"]: {key: _masked(row)[key] for key in keys} for row in sql.rows(text, wanted)}


def has_last4(resident_id: str, *, phone: str | None = None, id_number: str | None = None) -> bool:
    """Whether the resident's phone, or ID number, ends with these four characters."""
    row = sql.row(f"SELECT {_COLUMNS} FROM resident r WHERE r.id = ?", (resident_id,))
    if row is None:
        return False
    asked = [(_opened(row, "phone"), phone), (_opened(row, "id_number"), id_number)]
    given = [(held, ending) for held, ending in asked if ending is not None]
    return bool(given) and all(
        held is not None and len(ending) == 4 and held[-4:] == ending.upper() for held, ending in given
    )


def known(resident_id: str) -> dict[str, str]:
    """Name, ID number and phone that stand of a resident, for the product's own acts; NotFound."""
    row = sql.row(f"SELECT {_COLUMNS} FROM resident r WHERE r.id = ?", (resident_id,))
    if row is None:
        raise NotFound()
    plain = {name: _opened(row, name) for name in ("id_number", "phone")}
    return {name: text for name, text in (plain | {"name": row["name"]}).items() if text is not None}


def mobile_of(resident_id: str) -> str | None:
    """The resident's mobile number for text messages; None where she has none (a landline is none) or wants none."""
    row = sql.row(f"SELECT {_COLUMNS} FROM resident r WHERE r.id = ? AND r.erased_at IS NULL", (resident_id,))
    phone = _opened(row, "phone") if row is not None and row["takes_sms"] else None
    return phone if phone is not None and numbers.is_mobile(phone) else None


def full(view_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a recorded full view shows: the numbers for some minutes, masked to a later replay."""
    view = sql.row(
        "SELECT resident_id, viewed_at FROM full_view WHERE id = ? AND account_id = ?",
        (view_id, actor.id),
    )
    if view is None:
        raise NotFound()
    row = visible(view["resident_id"], actor)
    if not full_view.is_shown(view["viewed_at"], now):
        masked = shown(row["id"], actor=actor, now=now)
        names = ("id", "name", "id_number", "phone", "address")
        return {name: masked[name] for name in names} | {"full": False}
    return {
        "id": row["id"], "name": row["name"], "id_number": _opened(row, "id_number"),
        "phone": _opened(row, "phone"), "address": _opened(row, "address"), "full": True,
    }


_VIEWED = """
SELECT viewed_at FROM full_view WHERE account_id = ? AND viewed_at > ? ORDER BY viewed_at DESC LIMIT ?
"""


def views_since(account_id: str, since: datetime, limit: int) -> list[datetime]:
    """When the account had full views, latest first."""
    params = (account_id, clock.to_micros(since), limit)
    return [row["viewed_at"] for row in sql.rows(_VIEWED, params)]


def opened(row: dict[str, Any]) -> dict[str, str | None]:
    """The plain id_number, phone and address of a raw row, for a change of them."""
    return {name: _opened(row, name) for name in ("id_number", "phone", "address")}


def _opened(row: dict[str, Any], name: str) -> str | None:
    sealed = row[f"{name}_sealed"]
    return None if sealed is None else secrets.unseal(sealed, f"resident|{name}|{row['id']}")


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    id_number, phone = _opened(row, "id_number"), _opened(row, "phone")
    return {
        "id": row["id"], "township_code": row["township_code"], "name": row["name"],
        "id_number": None if id_number is None else secrets.mask_id_number(id_number),
        "phone": None if phone is None else secrets.mask_phone(phone),
    }
