"""Rectifications: begun by a low rating; a call, four things put right, one follow-up (rules 10.3, 10.5)."""
from datetime import date, datetime
from typing import Any

from backend.clocks import queries as calendars
from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.people import queries as people
from backend.voice.actions import lapsing, slips, telling
from backend.voice.models import Rectification
from backend.voice.queries import recipients, rectifications
from backend.voice.rules import dues
from backend.voice.rules import ratings as levels
from backend.voice.rules import rectifications as rules

SUBJECT = rectifications.SUBJECT


def begin(rating: dict[str, Any], resident_id: str, *, actor: Actor, now: datetime) -> str:
    """Within the act of a low rating: open its rectification, and tell who rings."""
    present = calendars.present()
    due = dues.rectification(now, present.calendar, present.closed(rating["unit_code"]))
    found = {
        "id": ids.new(now), "rating_id": rating["id"], "errand_id": rating["errand_id"], "resident_id": resident_id,
        "agent_id": rating["agent_id"], "unit_code": rating["unit_code"], "township_code": rating["township_code"],
        "district_code": rating["district_code"], "state": rules.OPEN, "order_at": due.first_at, "began_at": now,
        "callback_due_at": due.first_at, "due_at": due.last_at, "provisional": due.provisional,
        "stamp": present.stamp,
    }
    sql.insert(Rectification, **found)
    _record(found, "begin", {"rating_id": rating["id"], "level": rating["level"]})
    told = recipients.keepers(found["township_code"], {found["agent_id"]})
    values = {"level": levels.LEVEL_NAMES[rating["level"]].zh, "callback": due.first_at, "due": due.last_at}
    _tell("rating_low", told, found, "begin", actor, now, **values)
    return str(found["id"])


@transaction
def call(rectification_id: str, *, reached: bool, note: str | None = None, actor: Actor, now: datetime) -> str:
    """Record that the resident was rung. NotFound, IllegalMove, StaleVersion, AlreadyCalled."""
    found = _movable(rectification_id, "call", actor)
    if found["called_at"] is not None:
        raise rules.AlreadyCalled()
    versions.check_seen(found, actor)
    _late(found, lapsing.CALLBACK, found["callback_due_at"], actor, now)
    values: dict[str, Any] = {"calls": found["calls"] + 1}
    if note is not None:
        values["callback_note_sealed"] = rectifications.sealed(SUBJECT, "callback_note", found["id"], note)
    if reached:
        values |= {"called_at": now, "called_by": actor.id}
    _change(found, actor, **values)
    _record(found, "call", {"reached": reached, "note": note}, outcome="reached" if reached else "missed")
    return rectification_id


@transaction
def plan(
    rectification_id: str, *, goal: str, person: str, due_on: date, quality: str, actor: Actor, now: datetime
) -> str:
    """Say the four things: goal, person, date, quality (rules 10.5). NotFound, IllegalMove, StaleVersion, Invalid."""
    found = _movable(rectification_id, "plan", actor)
    versions.check_seen(found, actor)
    rules.check_promise(due_on, found["due_at"], clock.local_date(now))
    said = {"goal": goal, "person": person, "promised_on": due_on, "quality": quality}
    _change(found, actor, state=rules.PLANNED, planned_by=actor.id, **said)
    _record(found, "plan", said | {"promised_on": due_on.isoformat()})
    return rectification_id


@transaction
def finish(rectification_id: str, *, result: str, actor: Actor, now: datetime) -> str:
    """It is put right: the resident is asked once more, by message where she takes them.

    NotFound, IllegalMove, StaleVersion, CallbackOutstanding. Who takes no messages is asked with a slip.
    """
    found = _movable(rectification_id, "finish", actor)
    rules.check_called(found["called_at"], found["calls"])
    versions.check_seen(found, actor)
    _late(found, lapsing.RECTIFY, found["due_at"], actor, now)
    _change(found, actor, state=rules.DONE, done_at=now, done_by=actor.id, result=result, ended_at=None)
    _record(found, "finish", {"result": result})
    if found["follow_up_level"] is None and people.mobile_of(found["resident_id"]) is not None:
        errand = sql.row("SELECT * FROM errand WHERE id = ?", (found["errand_id"],))
        if errand is not None:
            slips.make(errand | {"agent_id": found["agent_id"]}, levels.FOLLOW_UP, levels.SMS, actor=actor, now=now)
    return rectification_id


@transaction
def close(rectification_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """The supervisor ends what a follow-up left open, or what nobody rated once more, with reasons."""
    found = _movable(rectification_id, "close", actor)
    versions.check_seen(found, actor)
    _change(found, actor, state=rules.CLOSED, ended_at=now)
    _record(found, "close", {"reason": reason})
    return rectification_id


def follow_up(errand_id: str, level: int, *, actor: Actor, now: datetime) -> None:
    """Within the act of a follow-up rating: content ends the matter, a low one climbs to the supervisor."""
    found = rectifications.of_errand(errand_id)
    if found is None:
        return
    values: dict[str, Any] = {"follow_up_level": level}
    if found["state"] == rules.DONE:
        verb = "disappoint" if levels.is_low(level) else "follow_up"
        values["state"] = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
        if values["state"] == rules.CLOSED:
            values["ended_at"] = now
    _change(found, actor, **values)
    _record(found, "follow_up", {"level": level})
    if values.get("state") == rules.UNRESOLVED:
        told = recipients.supervisors(found["district_code"], {found["agent_id"]})
        _tell("rating_unresolved", told, found, "unresolved", actor, now, level=levels.LEVEL_NAMES[level].zh)


@transaction
def drop(found: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Within the act that upholds an appeal: nothing is to be put right any more."""
    if found["state"] in rules.OPEN_STATES:
        moves.move(rules.MOVES, found["state"], "drop", rules.STATE_NAMES)
        _change(found, actor, state=rules.DROPPED, ended_at=now)
        _record(found, "drop", {})


@transaction
def lapse(rectification_id: str, *, actor: Actor, now: datetime) -> int:
    """Nobody rated once more in time: what was put right stands; 1, or 0."""
    found = rectifications.any_row(rectification_id)
    if found is None or found["state"] != rules.DONE or found["order_at"] >= now:
        return 0
    _change(found, actor, state=rules.CLOSED, ended_at=now)
    _record(found, "lapse", {})
    return 1


@transaction
def look(rectification_id: str, *, actor: Actor, now: datetime) -> int:
    """Note which of its moments have passed; how many of those nobody knew of."""
    found = rectifications.any_row(rectification_id)
    if found is None or found["state"] not in rules.RUNNING:
        return 0
    count = 0
    if not rules.has_called(found["called_at"], found["calls"]):
        count += _late(found, lapsing.CALLBACK, found["callback_due_at"], actor, now)
    return count + _late(found, lapsing.RECTIFY, found["due_at"], actor, now)


@transaction
def reproject(rectification_id: str, *, actor: Actor, now: datetime) -> int:
    """Lay the due moments by the present calendar; 1 where they moved, and old and new are on record."""
    found = rectifications.any_row(rectification_id)
    present = calendars.present()
    if found is None or found["state"] not in rules.RUNNING or found["stamp"] == present.stamp:
        return 0
    due = dues.rectification(found["began_at"], present.calendar, present.closed(found["unit_code"]))
    moved = (due.first_at, due.last_at) != (found["callback_due_at"], found["due_at"])
    _change(
        found, actor, callback_due_at=due.first_at, due_at=due.last_at, provisional=due.provisional,
        stamp=present.stamp,
    )
    if moved:
        old, new = found["due_at"], due.last_at
        _record(found, "reproject", {"old": clock.wire(old), "new": clock.wire(new)})
    return int(moved)


def _movable(rectification_id: str, verb: str, actor: Actor) -> dict[str, Any]:
    """The visible row, locked, in a state in which the verb can be said; NotFound, IllegalMove.

    What the state forbids besides is asked before the version: 409 comes first, whatever the ETag (api.md).
    """
    found = rectifications.row(rectification_id, actor, lock=True)
    moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    return found


def _change(found: dict[str, Any], actor: Actor, **values: Any) -> None:
    now = found | values
    over = now["done_at"] + levels.VALID if now["state"] == rules.DONE else now.get("ended_at")
    values["order_at"] = rules.next_moment(
        now["state"], now["callback_due_at"], now["due_at"], ended_at=over,
        called=rules.has_called(now["called_at"], now["calls"]),
    )
    versions.amend(Rectification, found, actor, **values)


def _record(found: dict[str, Any], verb: str, detail: dict[str, Any], *, outcome: str = "done") -> None:
    ledger.record(
        f"{SUBJECT}.{verb}", SUBJECT, found["id"], scope=found["district_code"], detail=detail, outcome=outcome,
    )


def number_of(found: dict[str, Any]) -> str:
    """What people call the errand of a rectification."""
    return str(sql.value("SELECT number FROM errand WHERE id = ?", (found["errand_id"],)))


def _tell(
    template: str, told: list[str], found: dict[str, Any], key: str, actor: Actor, now: datetime, **values: Any
) -> None:
    telling.tell(template, told, SUBJECT, found, {"number": number_of(found)} | values, key, actor=actor, now=now)


def _late(found: dict[str, Any], kind: str, due_at: datetime, actor: Actor, now: datetime) -> int:
    if now <= due_at:
        return 0
    return lapsing.note(
        SUBJECT, found, kind, due_at, code=found["township_code"], number=number_of(found),
        besides={found["agent_id"]}, actor=actor, now=now,
    )
