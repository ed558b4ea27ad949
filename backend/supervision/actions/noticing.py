"""Notices are drafted, edited, discarded, and issued: from then on nothing changes them (rules 10.8)."""
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.org.rules import scope
from backend.reports.rules import bulletins as frozen
from backend.supervision.actions import row, telling
from backend.supervision.models import NoticeAbout, SupervisionNotice
from backend.supervision.queries import bodies, notices
from backend.supervision.rules import bodies as columns
from backend.supervision.rules import notices as rules
from backend.supervision.rules import numbers, states

Draft = dict[str, Any]


@transaction
def draft(given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Draft a notice; its id. Invalid for a body or person of no account here, or a notice to correct that is none."""
    district = scope.district(actor)
    found = _drafted(given, district, now) | {
        "id": ids.new(now), "district_code": district, "state": states.DRAFT, "made_by": actor.id, "made_at": now,
    }
    sql.insert(SupervisionNotice, **found)
    _record("draft", found, {"kind": found["kind"], "title": found["title"]})
    return str(found["id"])


def _drafted(given: Mapping[str, Any], district: str, now: datetime) -> Draft:
    corrects = given.get("corrects_id")
    if corrects is not None and not notices.corrected(corrects, district):
        raise invalid("corrects_id", "须为本区已签发的通报", "Must be an issued notice of this district.")
    return {
        "kind": given["kind"], "title": given["title"], "text": given["text"], "corrects_id": corrects,
        "public": rules.is_public(given["kind"], given.get("public")),
        "about": _about(given.get("about") or (), district, now),
    }


def _about(given: Sequence[Mapping[str, Any]], district: str, now: datetime) -> list[dict[str, Any]]:
    """Whom a notice is about, by name, each once; Invalid where one of them is not of this district."""
    people = notices.accounts([one["account_id"] for one in given if one.get("account_id")], district)
    codes = [one.get("unit_code") or one.get("department_code") or "" for one in given if not one.get("account_id")]
    known = bodies.standing([code for code in codes if code], district, clock.local_date(now))
    found = []
    for n, one in enumerate(given):
        field, code = next(iter(one.items()))
        if field == "account_id" and code in people:
            found.append({"kind": rules.PERSON, "code": None, "account_id": code, "name": people[code]["name"]})
        elif field != "account_id" and code in known and columns.is_of(field, code):
            kind = rules.UNIT if field == "unit_code" else rules.DEPARTMENT
            found.append({"kind": kind, "code": code, "account_id": None, "name": known[code]})
        else:
            raise invalid(f"about.{n}", "须为本区在册的机构、部门或人员", "Not a body or account of this district.")
    return list({(one["code"], one["account_id"]): one for one in found}.values())


@transaction
def edit(notice_id: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """Write a draft anew; its id. NotFound, IllegalMove once issued, StaleVersion, Invalid."""
    found = notices.row(notice_id, actor, lock=True)
    row.moved(states.NOTICE_MOVES, states.NOTICE_NAMES, found, "edit", actor)
    changed = _drafted(given, found["district_code"], now)
    versions.amend(SupervisionNotice, found, actor, **changed)
    _record("edit", found, {"kind": changed["kind"], "title": changed["title"]})
    return notice_id


@transaction
def discard(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Discard a draft; its id. NotFound, IllegalMove once issued, StaleVersion."""
    found = notices.row(notice_id, actor, lock=True)
    state = row.moved(states.NOTICE_MOVES, states.NOTICE_NAMES, found, "discard", actor)
    versions.amend(SupervisionNotice, found, actor, state=state)
    _record("discard", found, {})
    return notice_id


@transaction
def issue(notice_id: str, *, actor: Actor, now: datetime) -> str:
    """Issue a draft: number, hash and text stand for ever; its id. NotFound, IllegalMove, StaleVersion."""
    found = notices.row(notice_id, actor, lock=True)
    row.moved(states.NOTICE_MOVES, states.NOTICE_NAMES, found, "issue", actor)
    _name(found, actor, now)
    versions.amend(SupervisionNotice, found, actor, **_frozen(found, actor, now))
    return notice_id


def issue_at_once(
    district_code: str, given: Mapping[str, Any], about: Sequence[dict[str, Any]], late: Sequence[dict[str, Any]], *,
    actor: Actor, now: datetime,
) -> str:
    """Issue a notice of late bodies in the running transaction, as a cycle does at its end; its id."""
    found: Draft = {
        "id": ids.new(now), "district_code": district_code, "kind": given["kind"], "title": given["title"],
        "text": given["text"], "public": False, "corrects_id": None, "about": orjson.dumps(about).decode(),
        "late": orjson.dumps(late).decode(), "made_by": actor.id, "made_at": now,
    }
    _name(found, actor, now)
    sql.insert(SupervisionNotice, **found | {"about": about, "late": late} | _frozen(found, actor, now))
    return str(found["id"])


def _frozen(found: Draft, actor: Actor, now: datetime) -> dict[str, Any]:
    """Number, text and hash of a notice that is issued now, and where the ledger stood."""
    year = clock.local_date(now).year
    serial = row.serial(numbers.NOTICE, found["district_code"], clock.local_date(now))
    number = numbers.told(numbers.NOTICE, year, serial)
    seq, last = ledger.locked_head()
    body = notices.drafted(found) | {
        "number": number, "issued_at": clock.wire(now), "ledger": {"seq": seq, "hash": last.hex()},
    }
    content = frozen.canonical(body)
    return {
        "state": states.NOTICE_ISSUED, "year": year, "serial": serial, "number": number, "body": content,
        "content_sha256": frozen.sha256(content), "issued_by": actor.id, "issued_at": now,
    }


def _name(found: Draft, actor: Actor, now: datetime) -> None:
    """Enter whom an issued notice is about, and tell them; before it is frozen, which holds the ledger's head."""
    about, district = orjson.loads(found["about"]), found["district_code"]
    sql.insert_many(NoticeAbout, [
        {
            "notice_id": found["id"], "n": n, "kind": rules.CYCLE if found["late"] else found["kind"],
            "district_code": district,
            "unit_code": one["code"] if one["kind"] == rules.UNIT else None,
            "department_code": one["code"] if one["kind"] == rules.DEPARTMENT else None,
            "account_id": one["account_id"], "name": one["name"], "issued_at": now,
        }
        for n, one in enumerate(about, 1)
    ])
    subject = ("supervision_notice", found["id"])
    values = {"title": found["title"], "kind": rules.KIND_NAMES[found["kind"]].zh}
    for one in about:
        dedupe = f"named:{found['id']}:{one['account_id'] or one['code']}"
        if one["account_id"]:
            telling.account("notice_names_you", one["account_id"], district, subject=subject, dedupe=dedupe,
                            values=values, actor=actor, now=now)
        else:
            telling.post("notice_names_body", one["code"], district, post="head", subject=subject, dedupe=dedupe,
                         values=values | {"body": one["name"]}, actor=actor, now=now)
    _record("issue", found, {"title": found["title"], "about": [one["code"] or one["account_id"] for one in about]})


def _record(verb: str, found: Draft, detail: dict[str, Any]) -> None:
    ledger.record(
        f"supervision_notice.{verb}", "supervision_notice", found["id"], scope=found["district_code"],
        fields=("state",), detail=detail,
    )
