"""Complaints within one's scope; never shown to whom they are about."""
from datetime import datetime
from typing import Any

import orjson

from backend.core import clock, paging, secrets, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.people import queries as people
from backend.people.queries import history
from backend.people.rules import full_view
from backend.voice.queries import rectifications, scope, walking
from backend.voice.rules import complaints as rules

SUBJECT = "complaint"
WHAT = {
    "complaint.take": "收到投诉",
    "complaint.accept": "受理",
    "complaint.refuse": "不予受理",
    "complaint.pass_up": "转上级办理",
    "complaint.conclude": "作出办理结论",
    "complaint.tell": "向投诉人反馈",
    "complaint.close": "办结",
    "complaint.reopen": "投诉人不满意，重新办理",
    "complaint.late": "逾期",
    "complaint.full_view": "查看联系方式",
    "complaint.reproject": "日历变动，时限随之调整",
    "complaint.forget": "个人信息到期清除",
}
_BY_ID = "SELECT t.* FROM complaint t WHERE t.id = ?"


def row(complaint_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The row as stored, in the actor's scope and not about him; NotFound otherwise."""
    leading, others = scope.complaints(actor), scope.not_about(actor)
    suffix = sql.held(lock)
    found = sql.row(
        f"{_BY_ID} AND {leading.text} AND {others.text}{suffix}", [complaint_id, *leading.params, *others.params]
    )
    if found is None:
        raise NotFound()
    return found


def any_row(complaint_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """The row as stored, for the product's own acts and for who proved to be the complainant."""
    return sql.row(_BY_ID + sql.held(lock), (complaint_id,))


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Complaints of the actor's scope, open ones unless asked otherwise, what is due first; two statements."""
    leading, filters = walking.led_by(
        "unit_code", query["unit_code"], scope.complaints(actor), [scope.not_about(actor)]
    )
    states = paging.states_of(query["state"], rules.STATES, rules.OPEN_STATES)
    part = walking.listed("complaints", SUBJECT, leading, filters, states, query)
    names = people.names(item["account_id"] for item in part.items if item["account_id"])
    return Page([_shown(item, names, now) for item in part.items], part.next_cursor)


def one(complaint_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One complaint as shown."""
    found = row(complaint_id, actor)
    return _shown(found, people.names([found["account_id"]] if found["account_id"] else []), now)


_PLAIN = (
    "id", "number", "state", "channel", "handler_code", "received_at", "round", "answer_due_at", "finish_due_at",
    "answered_at", "refusal", "referral", "finding", "handling", "concluded_at", "told_at", "told_how", "closed_at",
    "version",
)


def _shown(found: dict[str, Any], names: dict[str, str], now: datetime) -> dict[str, Any]:
    account_id = found["account_id"]
    contact = contact_of(found)
    shown: dict[str, str | None] = {name: contact.get(name) for name in ("name", "text", "phone")}
    if "phone" in contact:
        shown["phone"] = secrets.mask_phone(contact["phone"])
    return {name: found[name] for name in _PLAIN} | {
        "about": {
            "unit_code": found["unit_code"], "errand_number": found["errand_number"], "account_id": account_id,
            "account_name": names.get(account_id) if account_id else None,
        },
        "text": rectifications.opened(SUBJECT, "text", found["id"], found["text_sealed"]),
        "contact": shown if contact else None,
        "anonymous": not contact, "upheld": None if found["upheld"] is None else bool(found["upheld"]),
        "provisional": bool(found["provisional"]),
        "overdue": found["state"] in rules.OPEN_STATES and found["order_at"] < now,
    }


def contact_of(found: dict[str, Any]) -> dict[str, str]:
    """How the complainant is reached, in full; empty where she left nothing, or once it was erased."""
    text = rectifications.opened(SUBJECT, "contact", found["id"], found["contact_sealed"])
    return {} if text is None else dict(orjson.loads(text))


def code_of(complaint_id: str) -> str:
    """The four digits by which somebody who left no telephone asks for her complaint; made anew whenever told."""
    return f"{int.from_bytes(secrets.digest(f'complaint|{complaint_id}'.encode())[:4]) % 10000:04d}"


def taken(complaint_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What who has complained is answered: the number, what is due, and digits to ask with where she left no phone."""
    found = any_row(complaint_id)
    if found is None:
        raise NotFound()
    names = ("id", "number", "state", "answer_due_at", "finish_due_at")
    code = None if "phone" in contact_of(found) else code_of(complaint_id)
    return {name: found[name] for name in names} | {"query_code": code}


def moved_on(complaint_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What who passed a complaint on, or reopened it, is answered: it may be another's to see from now on."""
    found = any_row(complaint_id)
    if found is None:
        raise NotFound()
    return {name: found[name] for name in (
        "id", "number", "state", "handler_code", "round", "answer_due_at", "finish_due_at"
    )}


def in_full(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a recorded look shows: the contact for some minutes, masked to a later replay."""
    found = row(ref[0], actor)
    viewed = sql.row("SELECT viewed_at FROM full_view WHERE id = ? AND account_id = ?", (ref[1], actor.id))
    if viewed is None:
        raise NotFound()
    full, contact = full_view.is_shown(viewed["viewed_at"], now), contact_of(found)
    phone = contact.get("phone")
    return {
        "id": found["id"], "name": contact.get("name"), "text": contact.get("text"), "full": full,
        "phone": phone if full or phone is None else secrets.mask_phone(phone),
    }


def events(complaint_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The complaint's history in order."""
    row(complaint_id, actor)
    return history.page(SUBJECT, complaint_id, WHAT, query)


_STALE = """
SELECT id FROM complaint WHERE state IN ('received', 'accepted', 'concluded') AND stamp <> ? AND id > ?
ORDER BY id LIMIT ?
"""
_LATE = """
SELECT t.id FROM complaint t WHERE t.state IN ('received', 'accepted', 'concluded') AND t.order_at < ? AND (
    t.state = 'received' AND t.answer_due_at < ? AND NOT EXISTS (SELECT 1 FROM voice_lapse v
        WHERE v.subject_type = 'complaint' AND v.subject_id = t.id AND v.kind = 'answer' AND v.round = t.round)
    OR t.finish_due_at < ? AND NOT EXISTS (SELECT 1 FROM voice_lapse v
        WHERE v.subject_type = 'complaint' AND v.subject_id = t.id AND v.kind = 'finish' AND v.round = t.round)
) ORDER BY t.order_at, t.id LIMIT ?
"""


def stale(stamp: int, after: str, limit: int) -> list[str]:
    """Open ones whose due moments were laid by another calendar than the present."""
    return [row_id for (row_id,) in sql.execute(_STALE, (stamp, after, limit)).fetchall()]


def late(now: datetime, limit: int) -> list[str]:
    """Those that let a moment pass of which nobody was told yet."""
    at = clock.to_micros(now)
    return [row_id for (row_id,) in sql.execute(_LATE, (at, at, at, limit)).fetchall()]
