"""Notices: issued ones for the staff of the district, public ones for everybody, drafts for the supervisor."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import sql
from backend.core.actor import SUPERVISOR, Actor
from backend.core.paging import Page, states_of
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.people import queries as people
from backend.reports.queries import coverage
from backend.supervision.queries import listing
from backend.supervision.queries.listing import Listed
from backend.supervision.queries.scope import Condition
from backend.supervision.rules import states

NOTICES = Listed("notices", "supervision_notice", """
id, district_code, state, kind, public, title, text, about, late, corrects_id, year, serial, number, body,
content_sha256, made_by, made_at, issued_by, issued_at, version
""")
_DISTRICT = "SELECT name FROM unit WHERE code = ?"
_NUMBER = "SELECT number FROM supervision_notice WHERE id = ? AND state = 'issued' AND district_code = ?"
_ACCOUNTS = "SELECT id, name, unit_code FROM account WHERE id IN ({}) AND unit_code BETWEEN ? AND ?"


def _own(actor: Actor, district: str | None = None) -> Condition:
    """What of the notices an actor reads; without ``district``: wherever that is."""
    here = reach.district(actor)
    if actor.signed_in and district in (None, here):
        return "district_code = ?" if actor.role == SUPERVISOR else "district_code = ? AND state = 'issued'", [here]
    if district is None:
        return "public = ? AND state = 'issued'", [True]
    return "district_code = ? AND public = ? AND state = 'issued'", [district, True]


def row(notice_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The notice as it is stored, where the actor reads it; NotFound otherwise."""
    return listing.row(NOTICES, notice_id, _own(actor), lock=lock)


def one(notice_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One notice: as it was frozen, or what the draft says."""
    return _shown([row(notice_id, actor)], actor)[0]


def body(notice_id: str, *, actor: Actor) -> dict[str, Any]:
    """What the notice's page and Word file are made of, with the hash of what was issued."""
    found = row(notice_id, actor)
    content = orjson.loads(found["body"]) if found["body"] else drafted(found)
    return content | {"content_sha256": found["content_sha256"]}


def content(notice_id: str, *, actor: Actor) -> str:
    """The very text that was hashed; NotFound before issue."""
    found = row(notice_id, actor)
    if found["body"] is None:
        raise NotFound()
    return str(found["body"])


def drafted(found: dict[str, Any]) -> dict[str, Any]:
    """The body of a notice that is not issued."""
    corrects = found["corrects_id"] and sql.value(_NUMBER, (found["corrects_id"], found["district_code"]))
    district = sql.value(_DISTRICT, (found["district_code"],))
    about = [{name: each[name] for name in ("kind", "code", "name")} for each in orjson.loads(found["about"])]
    return {
        "kind": found["kind"], "public": bool(found["public"]), "title": found["title"], "text": found["text"],
        "district": {"code": found["district_code"], "name": district or ""}, "about": about,
        "late": found["late"] and orjson.loads(found["late"]), "corrects": corrects, "number": None,
        "issued_at": None, "ledger": None,
    }


def _shown(found: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    acted = {each[name] for each in found for name in ("made_by", "issued_by") if each[name]}
    names = people.names(acted) if actor.role == SUPERVISOR else {}
    kept = ("id", "state", "kind", "title", "text", "number", "content_sha256", "issued_at", "version")
    return [
        {name: each[name] for name in kept} | {
            "public": bool(each["public"]), "late": each["late"] and orjson.loads(each["late"]),
            "about": [
                {name: one[name] for name in ("kind", "code", "name")} for one in orjson.loads(each["about"])
            ],
            "corrects_id": each["corrects_id"], "made_at": each["made_at"] if actor.role == SUPERVISOR else None,
            "made_by": listing.somebody(each["made_by"], names) if actor.role == SUPERVISOR else None,
        }
        for each in found
    ]


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The notices that the actor reads, the newest first; without account those for everybody."""
    wanted = states_of(query["state"], states.NOTICE_STATES, (states.DRAFT, states.NOTICE_ISSUED))
    if actor.role != SUPERVISOR:
        wanted = [state for state in wanted if state == states.NOTICE_ISSUED]
    if not wanted:
        return Page([], None)
    own = _own(actor, coverage.district_of(query["district_code"], actor))
    text, params = listing.narrowed(query, "kind")
    for name in ("unit_code", "department_code"):
        if query[name]:
            marks = ", ".join("?" * len(query[name]))
            text += f" AND id IN (SELECT notice_id FROM notice_about WHERE {name} IN ({marks}))"
            params += query[name]
    part = listing.page(NOTICES, query, own, wanted, (text, params))
    return Page(_shown(part.items, actor), part.next_cursor)


def accounts(ids: list[str], district: str) -> dict[str, dict[str, Any]]:
    """Those of the accounts that belong to the district, by id: name and unit."""
    if not ids:
        return {}
    span = (district[:6].ljust(12, "0"), district[:6].ljust(12, "9"))
    found = sql.rows(_ACCOUNTS.format(", ".join("?" * len(ids))), [*ids, *span])
    return {each["id"]: each for each in found}


def corrected(notice_id: str, district: str) -> bool:
    """Whether there is such an issued notice, to be corrected."""
    return sql.value(_NUMBER, (notice_id, district)) is not None


