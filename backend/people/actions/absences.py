"""Leave: asked for, approved or refused, withdrawn; duty and capacity follow in the same transaction."""
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import invalid
from backend.core.transaction import transaction
from backend.org import rules as tree
from backend.org.rules import scope
from backend.people.actions import stamping
from backend.people.models import Leave
from backend.people.queries import absences, rostering
from backend.people.rules import absences as rules
from backend.people.rules import rosters


@transaction
def ask(*, account_id: str | None, from_on: date, to_on: date, reason: str, actor: Actor, now: datetime) -> str:
    """Ask for leave, for oneself or (township, admin) on behalf of somebody; the leave's id.

    Forbidden for another as agent or operator; LeaveOverlaps; Invalid for days or account.
    """
    for_id = account_id or actor.id
    rules.check_for_whom(actor.role, actor.id, for_id)
    unit_code = _unit_of(for_id, actor)
    if absences.overlaps(for_id, from_on, to_on):
        raise rules.LeaveOverlaps()
    rules.check_span(from_on, to_on, clock.local_date(now))
    leave_id = ids.new(now)
    sql.insert(
        Leave, id=leave_id, **codes(unit_code), account_id=for_id, from_on=from_on, to_on=to_on, reason=reason,
        state=rules.ASKED, asked_by=actor.id, asked_at=now, decided_by=None, decided_at=None, note=None, version=1,
    )
    shown = {"account_id": for_id, "from": from_on.isoformat(), "to": to_on.isoformat(), "reason": reason}
    ledger.record("leave.ask", "leave", leave_id, scope=unit_code, fields=("from", "to"), detail=shown)
    return leave_id


def _unit_of(account_id: str, actor: Actor) -> str:
    """The unit of somebody who stands on rosters, enabled and in the actor's reach; his row is held."""
    found = rostering.colleagues([account_id], lock=True).get(account_id)
    place = found.unit_code if found and not found.disabled and found.role in rosters.ROLES else None
    if place is None or account_id != actor.id and not scope.reaches(actor, place):
        raise invalid("account_id", "须为本辖区在岗的代办员、受理员或乡镇管理员",
                      "Must be an enabled agent, operator or township office in your reach.")
    return place


def codes(unit_code: str) -> dict[str, str]:
    """The three codes that root the three scopes of what lies at a unit."""
    township, district = tree.township_of(unit_code), tree.district_of(unit_code)
    return {"unit_code": unit_code, "township_code": township, "district_code": district}


@transaction
def decide(leave_id: str, *, approved: bool, note: str | None, actor: Actor, now: datetime) -> str:
    """Approve a leave, or refuse it with a reason; it counts from this moment.

    NotFound; Forbidden for one's own; IllegalMove; StaleVersion; Invalid for a refusal without reason.
    """
    found = absences.row(absences.LEAVE, leave_id, actor, lock=True)
    rules.check_decides(actor.id, (found["account_id"],))
    verb = "approve" if approved else "refuse"
    state = moves.move(rules.LEAVE_MOVES, found["state"], verb, rules.NAMES)
    versions.check_seen(found, actor)
    rules.check_told(approved, note)
    _amend(found, actor, state=state, decided_by=actor.id, decided_at=now, note=note)
    if approved:
        stamping.touch(found["account_id"], found["from_on"], found["to_on"])
    _record(f"leave.{verb}", found, ("state",), {"note": note})
    return leave_id


@transaction
def withdraw(leave_id: str, *, actor: Actor, now: datetime) -> str:
    """Withdraw a leave; one that has begun ends with yesterday (销假), and he is back on duty at once.

    NotFound; Forbidden for anybody else's; IllegalMove or LeaveOver; StaleVersion.
    """
    found = absences.row(absences.LEAVE, leave_id, actor, lock=True)
    rules.check_party(actor.role, actor.id, (found["account_id"],))
    state = moves.move(rules.LEAVE_MOVES, found["state"], "withdraw", rules.NAMES)
    today, counted = clock.local_date(now), found["state"] == rules.APPROVED
    ends_on = rules.shortened(found["from_on"], found["to_on"], today) if counted else None
    versions.check_seen(found, actor)
    if ends_on is not None:
        _amend(found, actor, to_on=ends_on)
    else:
        _amend(found, actor, state=state)
    if counted:
        first = ends_on + timedelta(days=1) if ends_on is not None else found["from_on"]
        stamping.touch(found["account_id"], first, found["to_on"])
    _record("leave.withdraw", found, ("to",) if ends_on else ("state",), {"to": ends_on and ends_on.isoformat()})
    return leave_id


def _amend(found: dict[str, Any], actor: Actor, **values: Any) -> None:
    versions.amend(Leave, found, actor, **values)


def _record(action: str, found: dict[str, Any], fields: tuple[str, ...], detail: dict[str, Any]) -> None:
    ledger.record(action, "leave", found["id"], scope=found["unit_code"], fields=fields, detail=detail)
