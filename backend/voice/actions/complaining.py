"""Taking a complaint: from anybody, by name or without; it goes to a body that it does not concern (rules 10.2)."""
from datetime import datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import blinding, clock, ids, ledger, secrets, sql
from backend.core.actor import Actor, anonymous
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.errands.actions import numbering
from backend.errands.rules import numbers
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.org import rules as tree
from backend.people.actions import tries
from backend.people.rules import numbers as phones
from backend.people.rules.tries import Limit
from backend.voice.actions import telling
from backend.voice.models import Complaint
from backend.voice.queries import complaints, recipients, rectifications
from backend.voice.rules import complaints as rules
from backend.voice.rules import contacts, dues, routing

SUBJECT = complaints.SUBJECT
MADE_BY_SOURCE = Limit("complaint-source", 60)
_ERRAND = """
SELECT e.id, e.agent_id, e.resident_id, r.phone_index FROM errand e JOIN resident r ON r.id = e.resident_id
WHERE e.number = ? AND e.district_code = ?
"""


def take(given: dict[str, Any], *, source: str, actor: Actor, now: datetime) -> str:
    """:func:`_take`; of those without account only so many in a quarter of an hour from one address. TooMany."""
    if actor.signed_in:
        return _take(given, actor=actor, now=now)
    subject = {MADE_BY_SOURCE: secrets.alias("source", source).hex()}
    tries.refuse_locked(subject, now)
    made = _take(given, actor=actor, now=now)
    tries.count(subject, actor=anonymous(), now=now)
    return made


@transaction
def _take(given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """Take the complaint; its id. Invalid names what makes no sense.

    Whether an errand of the number that was named exists is told nobody: it is linked where it does.
    """
    about = given["about"]
    unit_code = _unit(about["unit_code"])
    person = _person(about.get("account_id"), unit_code)
    errand_number, errand = _errand(about.get("errand_number"), unit_code)
    agent = recipients.account(errand.get("agent_id"))
    contact = contacts.normal(given.get("contact"))
    found: dict[str, Any] = {
        "channel": _channel(given.get("channel"), actor), "account_id": person and person["id"],
        "agent_id": errand.get("agent_id"), "errand_number": errand_number, "errand_id": errand.get("id"),
        "recorded_by": actor.id if actor.signed_in else None,
    }
    handler = routing.handler_of(unit_code, person, agent, standing=_township_stands(unit_code, now))
    found |= _place(unit_code, handler, now)
    found |= _sealed(str(found["id"]), given["text"], contact, errand)
    sql.insert(Complaint, **found)
    _record(found, given["text"])
    tell_handler("complaint_received", found, "take", actor=actor, now=now)
    tell_complainant("complaint_taken", found, contact or {}, "take", actor=actor, now=now, due=found["answer_due_at"])
    return str(found["id"])


def _unit(code: str) -> str:
    found = units.unit(code)
    if found is None or tree.level_of(code) in ("province", "city"):
        raise invalid("about.unit_code", "没有此机构", "No such unit.")
    return code


def _township_stands(unit_code: str, now: datetime) -> bool:
    """Whether the township above the unit is in office; one that was merged away judges nobody."""
    found = units.unit(tree.township_of(unit_code))
    return found is not None and units.in_office(found, clock.local_date(now))


def _person(account_id: str | None, unit_code: str) -> dict[str, Any] | None:
    found = recipients.account(account_id)
    if account_id is not None and (found is None or not tree.contains(tree.district_of(unit_code), found["unit_code"])):
        raise invalid("about.account_id", "没有此工作人员", "No such member of the staff.")
    return found


def _errand(given: str | None, unit_code: str) -> tuple[str | None, dict[str, Any]]:
    if given is None:
        return None, {}
    number = numbers.normal_number(given)
    if number is None:
        raise invalid("about.errand_number", "编号不正确，请核对", "This cannot be a number.")
    return number, sql.row(_ERRAND, (number, tree.district_of(unit_code))) or {}


def _channel(given: str | None, actor: Actor) -> str:
    if not actor.signed_in:
        if given not in (None, rules.WEB):
            raise invalid("channel", "未登录只能是 web", "Without an account it is web.")
        return rules.WEB
    if given == rules.WEB:
        raise invalid("channel", "代为登记的须是来电、来信或来访", "It came by phone, slip or desk.")
    return given or rules.PHONE


def _place(unit_code: str, handler_code: str, now: datetime) -> dict[str, Any]:
    district = tree.district_of(unit_code)
    return {
        "id": ids.new(now), "state": rules.RECEIVED, "unit_code": unit_code, "district_code": district,
        "township_code": tree.township_of(unit_code), "handler_code": handler_code, "received_at": now, "round": 1,
        "number": numbering.draw(routing.number_root(district), clock.local_date(now)),
    } | laid(handler_code, now)


def laid(handler_code: str, began_at: datetime) -> dict[str, Any]:
    """What is due of a complaint that began then, by the present calendar of the body that handles it."""
    present = calendars.present()
    due = dues.complaint(began_at, present.calendar, present.closed(handler_code))
    return {
        "began_at": began_at, "answer_due_at": due.first_at, "finish_due_at": due.last_at,
        "provisional": due.provisional, "stamp": present.stamp,
        "order_at": rules.order_of(rules.RECEIVED, due.first_at, due.last_at, None),
    }


def _sealed(
    complaint_id: str, text: str, contact: dict[str, str] | None, errand: dict[str, Any]
) -> dict[str, Any]:
    phone = (contact or {}).get("phone")
    key = None if phone is None else blinding.written("phone", phone)
    known = errand.get("phone_index")
    hers = phone is not None and known is not None and bytes(known) in blinding.searched("phone", phone)
    words = None if contact is None else orjson.dumps(contact).decode()
    return {
        "text_sealed": rectifications.sealed(SUBJECT, "text", complaint_id, text), "phone_key": key,
        "contact_sealed": rectifications.sealed(SUBJECT, "contact", complaint_id, words),
        "resident_id": errand["resident_id"] if hers else None,
    }


def _record(found: dict[str, Any], text: str) -> None:
    ledger.record(
        "complaint.take", SUBJECT, found["id"], scope=found["district_code"],
        detail={name: found[name] for name in ("number", "unit_code", "handler_code", "channel")} | {"text": text},
    )


def tell_handler(template: str, found: dict[str, Any], key: str, *, actor: Actor, now: datetime) -> None:
    """Tell the body that handles it, but nobody whom it concerns."""
    told = recipients.keepers(found["handler_code"], {found["account_id"], found["agent_id"]})
    unit = units.unit(found["unit_code"]) or {}
    values = {"number": found["number"], "unit": unit.get("name", found["unit_code"]), "due": found["order_at"]}
    placed = found | {"unit_code": found["handler_code"]}
    telling.tell(template, told, SUBJECT, placed, values, f"{key}:{found['round']}", actor=actor, now=now)


def tell_complainant(
    template: str, found: dict[str, Any], contact: dict[str, str], key: str, *, actor: Actor, now: datetime,
    **values: Any,
) -> None:
    """Send the complainant word, where she left a mobile; no call task of any unit tells of it."""
    phone = contact.get("phone")
    if phone is None or not phones.is_mobile(phone):
        return
    outbox.post(
        template, to=found["id"], phone=phone, subject_type=SUBJECT, subject_id=found["id"],
        unit_code=found["handler_code"], values={"number": found["number"]} | values,
        dedupe=f"{SUBJECT}:{found['id']}:told:{key}:{found['round']}", actor=actor, now=now,
    )
