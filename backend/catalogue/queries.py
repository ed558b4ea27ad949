"""What can be seen of the catalogue. What was published is public; drafts are the admin's."""
from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson

from backend.catalogue.rules import figures, validity
from backend.core import db, sql
from backend.core.actor import ADMIN, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound

Found = dict[str, Any]

CACHED = 4096
_IN_FORCE = "valid_from_on <= ? AND (valid_to_on IS NULL OR valid_to_on > ?)"
_COLUMNS = "id, item_code, number, state, body, valid_from_on, valid_to_on, version"

_OF_DAY = f"SELECT {_COLUMNS} FROM item_version WHERE item_code = ? AND {_IN_FORCE}"


def in_force(item_code: str, on: date) -> Found | None:
    """The version of an item in force on a day, as on the wire plus ``department_code``; one statement.

    Its lists are shared with other callers: read only.
    """
    day = on.isoformat()
    row = sql.row(_OF_DAY, (item_code, day, day))
    if row is None:
        return None
    found = _wired(row, _published(row)) | {"state": "published"}
    return found | {"department_code": found["department"]}


def version(item_code: str, number: int) -> Found:
    """What a published version says for ever (no state, no end); NotFound for drafts and unknown ones.

    No statement where this process has seen it before.
    """
    found = versions([(item_code, number)]).get((item_code, number))
    if found is None:
        raise NotFound()
    return found


def versions(pairs: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Found]:
    """:func:`version` of many (code, number) pairs in at most one statement; unknown ones are left out."""
    known = _cache()
    wanted = {f"{code}:{number}": (code, number) for code, number in pairs}
    held = {key: known[key] for key in wanted if key in known}
    missing = sorted(wanted.keys() - held.keys())
    if missing:
        marks = ", ".join("?" * len(missing))
        text = f"SELECT {_COLUMNS} FROM item_version WHERE id IN ({marks}) AND valid_from_on IS NOT NULL"
        held |= {row["id"]: _published(row) for row in sql.rows(text, missing)}
    return {
        pair: held[key] | {"code": pair[0], "version": pair[1], "department_code": held[key]["department"]}
        for key, pair in wanted.items() if key in held
    }


def _cache() -> dict[str, Found]:
    return db.caches.setdefault("catalogue", {})  # type: ignore[no-any-return]


def _published(row: Found) -> Found:
    """The body of a published version; it never changes, so it is read once per process."""
    known = _cache()
    body = known.get(row["id"])
    if body is None:
        if len(known) >= CACHED:
            known.clear()
        body = known[row["id"]] = orjson.loads(row["body"])
    return body


def _wired(row: Found, body: Found) -> Found:
    return {
        "code": row["item_code"], "version": row["number"], **body,
        "state": row["state"], "valid_from": row["valid_from_on"], "valid_to": row["valid_to_on"],
    }


def item(item_code: str, on: date) -> Found:
    """The item as offered on a day, for the wire; NotFound where none is in force."""
    found = in_force(item_code, on)
    if found is None:
        raise NotFound()
    del found["department_code"]
    return found | {"_etag": found["version"]}


def offered(on: date) -> dict[str, list[Found]]:
    """Every item in force on a day, by the name of its department; one statement."""
    day = on.isoformat()
    text = f"SELECT {_COLUMNS} FROM item_version WHERE {_IN_FORCE} ORDER BY department_code, item_code"
    found: dict[str, list[Found]] = {}
    for row in sql.rows(text, (day, day)):
        shown = _wired(row, _published(row))
        found.setdefault(shown["department_name"], []).append(shown)
    return found


_LIKE_Q = "(lower(name) LIKE ? ESCAPE '!' OR pinyin LIKE ? ESCAPE '!' OR initials LIKE ? ESCAPE '!')"


def search(
    on: date, *, q: str | None = None, departments: Iterable[str] = (), kinds: Iterable[str] = (),
    levels: Iterable[str] = (), limit: int = 50, cursor: str | None = None,
) -> Page:
    """Items in force on a day by code. ``q``: part of the name, of its pinyin or initials."""
    day = on.isoformat()
    where, params = [_IN_FORCE], [day, day]
    if cursor:
        where.append("item_code > ?")
        params += values_of("items", cursor)[:1]
    for column, chosen in (("department_code", sorted(set(departments))), ("kind", sorted(set(kinds)))):
        if chosen:
            where.append(f"{column} IN ({', '.join('?' * len(chosen))})")
            params += chosen
    wanted = sorted(set(levels))
    if wanted:
        where.append("(" + " OR ".join(["levels LIKE ?"] * len(wanted)) + ")")
        params += [f"%,{level},%" for level in wanted]
    if q:
        where.append(_LIKE_Q)
        params += _parts(q)
    text = f"SELECT {_COLUMNS} FROM item_version WHERE {' AND '.join(where)} ORDER BY item_code LIMIT ?"
    rows = sql.rows(text, [*params, limit + 1])
    found = [_wired(row, _published(row)) | {"state": "published"} for row in rows]
    return page("items", found, limit, ("code",))


def _parts(q: str) -> list[str]:
    plain = q.strip().lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    spelt = "".join(plain.replace("'", "").split())
    return [f"%{plain}%", f"%{spelt}%", f"%{spelt}%"]


_BEFORE = """
(SELECT p.promised_days FROM item_version p WHERE p.item_code = v.item_code AND p.number < v.number
 AND p.valid_from_on IS NOT NULL ORDER BY p.number DESC LIMIT 1) AS before_days
"""
_FULL = f"SELECT v.*, {_BEFORE} FROM item_version v WHERE v.item_code = ?"


def shown(item_code: str, number: int, *, actor: Actor, on: date) -> Found:
    """One version with what became of it, as of a day; a draft is NotFound for all but the admin."""
    row = sql.row(f"{_FULL} AND v.number = ?", (item_code, number))
    if row is None or (row["state"] == "draft" and actor.role != ADMIN):
        raise NotFound()
    return _full(row, on)


def history(item_code: str, *, actor: Actor, on: date, limit: int, cursor: str | None) -> Page:
    """The item's versions by number, drafts for the admin only; NotFound where there are none."""
    after = values_of(f"versions:{item_code}", cursor)[0] if cursor else 0
    drafts = "" if actor.role == ADMIN else "AND v.state <> 'draft'"
    text = f"{_FULL} AND v.number > ? {drafts} ORDER BY v.number LIMIT ?"
    rows = sql.rows(text, (item_code, after, limit + 1))
    if not rows and not cursor:
        raise NotFound()
    found = [_full(row, on) for row in rows]
    for one in found:
        del one["_etag"]
    return page(f"versions:{item_code}", found, limit, ("version",))


def _full(row: Found, on: date) -> Found:
    body = orjson.loads(row["body"])
    named = {"department_name": body.get("department_name"), "category_name": body.get("category_name")}
    before, promised = row["before_days"], row["promised_days"]
    cut = None
    if before is not None and promised is not None:
        cut = figures.cut(before, promised)._asdict()
    return _wired(row, body | named) | {
        "state": validity.state_on(row["state"], row["valid_to_on"], on),
        "published_at": row["published_at"], "withdrawal_reason": row["withdrawal_reason"],
        "cut": cut, "_etag": row["version"],
    }


_SUMS = f"""
SELECT kind, legal_days, promised_days, count(*) AS times FROM item_version WHERE {_IN_FORCE}
GROUP BY kind, legal_days, promised_days
"""


def figures_on(on: date) -> Found:
    """The catalogue's figures over the items in force on a day."""
    day = on.isoformat()
    rows = sql.rows(_SUMS, (day, day))
    by_kind = dict.fromkeys(("instant", "promise", "report"), 0)
    for row in rows:
        by_kind[row["kind"]] += row["times"]
    speed = figures.speed_up((row["legal_days"], row["promised_days"], row["times"]) for row in rows)
    return {
        "items": sum(by_kind.values()), "by_kind": by_kind, "items_with_legal_limit": speed.items,
        "legal_days": speed.legal_days, "promised_days": speed.promised_days,
        "speed_up_percent": speed.aggregate_percent,
        "speed_up_mean_of_items_percent": speed.mean_of_items_percent,
    }
