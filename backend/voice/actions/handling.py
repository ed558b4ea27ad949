"""Handling a complaint: accepted or not, passed up, concluded, told, closed, reopened (rules 10.2)."""
from datetime import datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.notifications import queries as notices
from backend.people.actions import residents
from backend.voice.actions import complaining, lapsing
from backend.voice.models import Complaint
from backend.voice.queries import complaints, following, recipients
from backend.voice.rules import complaints as rules
from backend.voice.rules import routing

SUBJECT = complaints.SUBJECT
_FRESH: dict[str, Any] = dict.fromkeys((
    "answered_at", "refusal", "referral", "finding", "upheld", "handling", "concluded_at", "concluded_by", "told_at",
    "told_how", "told_by", "closed_at",
))
"""What a reopened complaint does not have any more; the ledger keeps it."""


@transaction
def accept(complaint_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept it. NotFound, NotYours, IllegalMove, StaleVersion."""
    found, state = _moved(complaint_id, "accept", actor)
    _late(found, lapsing.ANSWER, found["answer_due_at"], actor, now)
    _change(found, actor, "accept", {}, state=state, answered_at=now)
    _tell("complaint_accepted", found, "accept", actor, now, due=found["finish_due_at"])
    return complaint_id


@transaction
def refuse(complaint_id: str, *, reason: str, referral: str, actor: Actor, now: datetime) -> str:
    """Do not accept it, with reasons and where to turn. NotFound, NotYours, IllegalMove, StaleVersion."""
    found, state = _moved(complaint_id, "refuse", actor)
    _late(found, lapsing.ANSWER, found["answer_due_at"], actor, now)
    said = {"refusal": reason, "referral": referral}
    _change(found, actor, "refuse", said, state=state, answered_at=now, closed_at=now, **said)
    _tell("complaint_refused", found, "refuse", actor, now, reason=reason, referral=referral)
    return complaint_id


@transaction
def pass_up(complaint_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Pass it to the body a level up, which is told; nothing due moves. NothingAbove."""
    found, _ = _movable(complaint_id, "pass_up", actor)
    above = routing.above(found["handler_code"])
    if above is None:
        raise rules.NothingAbove()
    versions.check_seen(found, actor)
    detail = {"reason": reason, "from": found["handler_code"], "to": above}
    _change(found, actor, "pass_up", detail, handler_code=above)
    complaining.tell_handler(
        "complaint_passed_up", found | {"handler_code": above}, "pass_up", actor=actor, now=now
    )
    return complaint_id


@transaction
def conclude(
    complaint_id: str, *, finding: str, handling: str, upheld: bool | None = None, actor: Actor, now: datetime
) -> str:
    """Say what was found and done; ``upheld``: the complaint was right. The complainant is told.

    A second conclusion before closing takes the place of the first, and she is told anew.
    """
    found, state = _moved(complaint_id, "conclude", actor)
    said: dict[str, Any] = {"finding": finding, "handling": handling, "upheld": upheld}
    _change(
        found, actor, "conclude", said, state=state, concluded_at=now, concluded_by=actor.id, told_at=None,
        told_how=None, told_by=None, **said,
    )
    key = f"conclude:{found['version']}"
    _tell("complaint_concluded", found, key, actor, now, finding=rules.FINDING_NAMES[finding].zh)
    return complaint_id


@transaction
def tell(
    complaint_id: str, *, method: str, reached: bool, note: str | None = None, actor: Actor, now: datetime
) -> str:
    """Record that the complainant was told, or could not be reached. CanBeReached where she need not ask herself."""
    found, _ = _movable(complaint_id, "tell", actor)
    if method == rules.BY_NUMBER and complaints.contact_of(found):
        raise rules.CanBeReached()
    versions.check_seen(found, actor)
    values = {"told_at": now, "told_how": method, "told_by": actor.id} if reached else {}
    detail = {"method": method, "reached": reached, "note": note}
    _change(found, actor, "tell", detail, outcome="reached" if reached else "missed", **values)
    return complaint_id


@transaction
def close(complaint_id: str, *, actor: Actor, now: datetime) -> str:
    """Close it: a finding, its handling and delivered feedback are there. NotToldYet (rules 10.2)."""
    found, state = _movable(complaint_id, "close", actor)
    values: dict[str, Any] = {}
    if found["told_at"] is None:
        arrived = notices.told(SUBJECT, complaint_id, found["concluded_at"])
        if arrived is None:
            raise rules.NotToldYet()
        values = {"told_at": arrived, "told_how": rules.MESSAGE}
    versions.check_seen(found, actor)
    _late(found, lapsing.FINISH, found["finish_due_at"], actor, now)
    _change(found, actor, "close", {}, state=state, closed_at=now, **values)
    return complaint_id


@transaction
def reopen(complaint_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """The complainant is not content: it begins anew; from the second time on, a level up (rules 10.2)."""
    found, _ = _movable(complaint_id, "reopen", actor)
    rules.check_reopenings(found["round"])
    versions.check_seen(found, actor)
    _reopen(found, reason, actor, now)
    return complaint_id


@transaction
def reopen_numbered(
    number: str, digits: dict[str, str], *, reason: str, actor: Actor, now: datetime
) -> str:
    """:func:`reopen` by the complainant herself. NotFound alike for a wrong number and wrong digits."""
    found = following.numbered(number, digits, lock=True)
    if found is None:
        raise NotFound()
    moves.move(rules.MOVES, found["state"], "reopen", rules.STATE_NAMES)
    rules.check_reopenings(found["round"])
    _reopen(found, reason, actor, now)
    return str(found["id"])


def _reopen(found: dict[str, Any], reason: str, actor: Actor, now: datetime) -> None:
    handler = found["handler_code"]
    if found["round"] >= rules.CLIMBS_WITH:
        handler = routing.above(handler) or handler
    values = _FRESH | complaining.laid(handler, now) | {
        "state": rules.RECEIVED, "handler_code": handler, "round": found["round"] + 1,
    }
    _change(found, actor, "reopen", {"reason": reason, "handler_code": handler}, **values)
    complaining.tell_handler("complaint_reopened", found | values, "reopen", actor=actor, now=now)


@transaction
def look_in_full(complaint_id: str, *, reason: str, actor: Actor, now: datetime) -> list[str]:
    """Look at how the complainant is reached, in full; counted and recorded as any full view. TooMany."""
    found = complaints.row(complaint_id, actor)
    _check_handler(found, actor)
    view_id = residents.spend_view(complaint_id, actor=actor, now=now)
    _record(found, "full_view", {"reason": reason, "view": view_id}, outcome=ledger.READ)
    return [complaint_id, view_id]


@transaction
def look(complaint_id: str, *, actor: Actor, now: datetime) -> int:
    """Note which of its moments have passed; how many of those nobody knew of."""
    found = complaints.any_row(complaint_id, lock=True)
    if found is None or found["state"] not in rules.OPEN_STATES:
        return 0
    count = 0
    if found["state"] == rules.RECEIVED:
        count += _late(found, lapsing.ANSWER, found["answer_due_at"], actor, now)
    return count + _late(found, lapsing.FINISH, found["finish_due_at"], actor, now)


@transaction
def reproject(complaint_id: str, *, actor: Actor, now: datetime) -> int:
    """Lay the due moments by the present calendar; 1 where they moved, and old and new are on record."""
    found = complaints.any_row(complaint_id, lock=True)
    if found is None or found["state"] not in rules.OPEN_STATES or found["stamp"] == calendars.stamp():
        return 0
    laid = complaining.laid(found["handler_code"], found["began_at"])
    laid["order_at"] = rules.order_of(found["state"], laid["answer_due_at"], laid["finish_due_at"], None)
    names = ("answer_due_at", "finish_due_at")
    if all(laid[name] == found[name] for name in names):
        sql.amend(Complaint, complaint_id, found["version"], **laid)
        return 0
    moved = {name: [clock.wire(found[name]), clock.wire(laid[name])] for name in names}
    _change(found, actor, "reproject", moved, **laid)
    return 1


def _moved(complaint_id: str, verb: str, actor: Actor) -> tuple[dict[str, Any], str]:
    """:func:`_movable`, as the caller has seen it; StaleVersion."""
    found, state = _movable(complaint_id, verb, actor)
    versions.check_seen(found, actor)
    return found, state


def _movable(complaint_id: str, verb: str, actor: Actor) -> tuple[dict[str, Any], str]:
    """The visible row, locked, and where the verb leads; NotFound, NotYours, IllegalMove.

    What the state forbids besides is asked before the version: 409 comes first, whatever the ETag (api.md).
    """
    found = complaints.row(complaint_id, actor, lock=True)
    _check_handler(found, actor)
    return found, moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)


def _check_handler(found: dict[str, Any], actor: Actor) -> None:
    about = recipients.account(found["account_id"]) or {}
    if not routing.may_handle(actor.role, found["handler_code"], about.get("role")):
        raise rules.NotYours()


def _change(
    found: dict[str, Any], actor: Actor, verb: str, detail: dict[str, Any], *, outcome: str = "done", **values: Any
) -> None:
    now = found | values
    values["order_at"] = rules.order_of(
        now["state"], now["answer_due_at"], now["finish_due_at"], now["closed_at"]
    )
    versions.amend(Complaint, found, actor, **values)
    _record(found, verb, detail, outcome=outcome)


def _record(found: dict[str, Any], verb: str, detail: dict[str, Any], *, outcome: str = "done") -> None:
    ledger.record(
        f"{SUBJECT}.{verb}", SUBJECT, found["id"], scope=found["district_code"], detail=detail, outcome=outcome
    )


def _tell(template: str, found: dict[str, Any], key: str, actor: Actor, now: datetime, **values: Any) -> None:
    contact = complaints.contact_of(found)
    complaining.tell_complainant(template, found, contact, key, actor=actor, now=now, **values)


def _late(found: dict[str, Any], kind: str, due_at: datetime, actor: Actor, now: datetime) -> int:
    return lapsing.note(
        SUBJECT, found | {"unit_code": found["handler_code"]}, kind, due_at, code=found["handler_code"],
        number=found["number"], besides={found["account_id"], found["agent_id"]}, actor=actor, now=now,
    )


