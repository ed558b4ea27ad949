"""Going to a household: departure, arrival, completion with its sign-off, or failure; late entry is marked."""
from datetime import datetime
from typing import Any

from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Invalid, invalid
from backend.core.transaction import transaction
from backend.files.actions import announcing
from backend.notifications.actions import calls
from backend.visits import rules
from backend.visits.actions import missing, row, scheduling, telling
from backend.visits.queries import agents
from backend.visits.rules import late, signing

UNSIGNED = "visit_unsigned"
"""Why a resident is rung about a visit whose sign-off lacks."""


@transaction
def depart(visit_id: str, *, claimed_at: datetime | None = None, actor: Actor, now: datetime) -> str:
    """The agent is on his way; ``claimed_at`` is when he left, where that is entered only now."""
    found = row.movable(visit_id, actor)
    moved = row.move(found, "depart", actor)
    at = late.moment(claimed_at, now)
    _change(found, moved | {"departed_at": at}, "visit.depart", at, actor, now)
    return visit_id


@transaction
def arrive(visit_id: str, *, claimed_at: datetime | None = None, actor: Actor, now: datetime) -> str:
    """The agent is there."""
    found = row.movable(visit_id, actor)
    moved = row.move(found, "arrive", actor)
    at = late.moment(claimed_at, now, found["departed_at"])
    _change(found, moved | {"arrived_at": at}, "visit.arrive", at, actor, now)
    return visit_id


@transaction
def complete(
    visit_id: str, *, sign_off: dict[str, Any] | None = None, claimed_at: datetime | None = None, actor: Actor,
    now: datetime,
) -> str:
    """The visit is done. Without its sign-off somebody rings the resident a day later, unless that comes in time."""
    found = row.movable(visit_id, actor)
    moved = row.move(found, "complete", actor)
    at = late.moment(claimed_at, now, found["arrived_at"])
    values: dict[str, Any] = {"ended_at": at, "chase_at": signing.chased_at(now)}
    if sign_off is not None:
        try:
            values |= _signed(found, sign_off, actor, now)
        except Invalid as refused:
            raise refused.within("sign_off") from None
    scheduling.release(found, at)
    _change(found, moved | values, "visit.complete", at, actor, now, sign_off=sign_off)
    return visit_id


@transaction
def sign_off(visit_id: str, given: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    """The sign-off of a visit that was completed without it; once."""
    found = row.movable(visit_id, actor)
    moved = row.move(found, "sign_off", actor)
    if found["signed_at"] is not None:
        raise rules.AlreadySigned()
    _change(found, moved | _signed(found, given, actor, now), "visit.sign_off", now, actor, now, sign_off=given)
    return visit_id


def _signed(found: dict[str, Any], given: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """What a sign-off writes; Invalid names what it lacks (rules 6)."""
    signing.check(given, very_old=bool(found["very_old"]))
    if not announcing.refer(given["file_id"], ("visit", found["id"]), actor=actor, now=now):
        raise invalid("file_id", "没有此文件", "No such file.")
    companion = given.get("companion_id")
    if companion is not None and (companion == found["agent_id"] or agents.able(companion, found) is None):
        raise invalid("companion_id", "没有此同行人员", "No such companion.")
    return {
        "signed_by": given["method"], "signed_file_id": given["file_id"], "signed_at": now,
        "present": given.get("present", []), "companion_id": companion, "witness": given.get("witness"),
        "chase_at": None,
    }


@transaction
def fail(visit_id: str, *, reason: str, claimed_at: datetime | None = None, actor: Actor, now: datetime) -> str:
    """Nothing came of the visit, and why; another one is asked for anew."""
    found = row.movable(visit_id, actor)
    moved = row.move(found, "fail", actor)
    at = late.moment(claimed_at, now, found["arrived_at"] or found["departed_at"])
    scheduling.release(found, at if found["departed_at"] else None)
    _change(found, moved | {"ended_at": at, "ended_for": reason}, "visit.fail", at, actor, now, reason=reason)
    telling.tell_resident("visit_failed", found, at=found["start_at"], actor=actor, now=now, reason=reason)
    return visit_id


def _change(
    found: dict[str, Any], values: dict[str, Any], action: str, at: datetime, actor: Actor, now: datetime,
    **detail: Any,
) -> None:
    values["late"] = row.lateness(found, at, now)
    if found["state"] == rules.SCHEDULED:
        missing.settle(found, actor=actor, now=now)
    row.change(found, actor, **values)
    ledger.record(
        action, "visit", found["id"], scope=found["unit_code"], fields=sorted(values), happened_at=at,
        detail=detail | {"at": clock.wire(at), "late_entry": values["late"]}, reaches=(found["agent_id"],),
    )


_CHASED = "SELECT v.*, r.erased_at FROM visit v JOIN resident r ON r.id = v.resident_id WHERE v.id = ?"
_UNCHASED = "UPDATE visit SET chase_at = NULL WHERE id = ?"
"""Nothing of it is shown, so the version stays: phones would hold another one than we."""


@transaction
def chase(visit_id: str, *, actor: Actor, now: datetime) -> int:
    """Have somebody ring the resident of a visit whose sign-off still lacks; 1, or 0 where it came meanwhile."""
    suffix = sql.held(of="v")
    found = sql.row(f"{_CHASED}{suffix}", (visit_id,))
    if found is None or found["chase_at"] is None or found["chase_at"] > now:
        return 0
    sql.run(_UNCHASED, (visit_id,))
    if found["erased_at"] is not None:
        return 1
    calls.open(
        subject_type="visit", subject_id=visit_id, subject_number=found["number"], resident_id=found["resident_id"],
        unit_code=found["unit_code"], reason=UNSIGNED, dedupe=f"visit:{visit_id}:unsigned", actor=actor, now=now,
    )
    return 1
