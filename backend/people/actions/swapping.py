"""Swaps: one's duty of a day for a colleague's, or taken over by him; agreed to by him, approved by the township."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import NotFound, invalid
from backend.core.transaction import transaction
from backend.org.rules import scope
from backend.people.actions import absences as leaves
from backend.people.actions import rostering as writing
from backend.people.actions import stamping
from backend.people.models import Swap
from backend.people.queries import absences, rostering
from backend.people.rules import absences as rules
from backend.people.rules import rosters
from backend.people.rules.absences import Held


@transaction
def ask(
    *, unit_code: str | None, account_id: str | None, day: date, with_account_id: str, with_day: date | None,
    reason: str, actor: Actor, now: datetime,
) -> str:
    """Ask to swap all shifts of a day at a unit; without ``with_day`` the other takes them over. The swap's id.

    Forbidden for another as agent or operator; NotFound for a unit out of reach; SwapImpossible;
    NotQualified; Invalid for the accounts.
    """
    code, for_id = unit_code or actor.unit_code or "", account_id or actor.id
    rules.check_for_whom(actor.role, actor.id, for_id)
    if for_id != actor.id and not scope.reaches(actor, code):
        raise NotFound()
    found = {
        "unit_code": code, "account_id": for_id, "day_on": day, "with_account_id": with_account_id,
        "with_day_on": with_day,
    }
    _check_pair(found)
    _exchange(found, now)
    swap_id = ids.new(now)
    sql.insert(
        Swap, id=swap_id, **(found | leaves.codes(code)), reason=reason, state=rules.ASKED, asked_by=actor.id,
        asked_at=now, agreed_at=None, decided_by=None, decided_at=None, note=None, version=1,
    )
    detail = {name: str(value) for name, value in found.items() if value is not None} | {"reason": reason}
    ledger.record("swap.ask", "swap", swap_id, scope=code, fields=("date", "with_date"), detail=detail)
    return swap_id


def _check_pair(found: dict[str, Any]) -> None:
    """Invalid unless both are different, enabled, and may stand on the unit's roster; their rows are held."""
    pair = (found["account_id"], found["with_account_id"])
    if pair[0] == pair[1]:
        raise invalid("with_account_id", "不能与本人换班", "Must be somebody else.")
    known = rostering.colleagues(pair, lock=True)
    for field, account_id in zip(("account_id", "with_account_id"), pair):
        who = known.get(account_id)
        if who is None or who.disabled or not rosters.belongs(found["unit_code"], who.role, who.unit_code):
            raise invalid(field, "须为可在该机构值班的在用账号", "Must be enabled and of this unit's township.")


def _exchange(found: dict[str, Any], now: datetime) -> dict[str, str]:
    """Which shifts go to whom; SwapImpossible or NotQualified where that cannot be."""
    pair = (found["account_id"], found["with_account_id"])
    days = (found["day_on"], found["with_day_on"] or found["day_on"])
    rules.check_days(found["day_on"], found["with_day_on"], clock.local_date(now))
    held = absences.held(pair, days)
    given = _of(held, found["unit_code"], pair[0], days[0])
    taken = _of(held, found["unit_code"], pair[1], days[1]) if found["with_day_on"] else []
    rules.check_held(given, taken, both=found["with_day_on"] is not None)
    moved = [(one, pair[1]) for one in given] + [(one, pair[0]) for one in taken]
    moving = {one.id: holder for one, holder in moved}
    rules.check_present(absences.away(pair, min(days)), [(holder, one.day) for one, holder in moved])
    rules.check_exchange(held, moving)
    span = (min(days).replace(day=1), max(days))
    rules.check_qualified(moved, absences.served(pair, found["unit_code"], span))
    return moving


def _of(held: list[Held], unit_code: str, account_id: str, day: date) -> list[Held]:
    return [one for one in held if (one.unit_code, one.account_id, one.day) == (unit_code, account_id, day)]


@transaction
def answer(swap_id: str, *, agreed: bool, actor: Actor, now: datetime) -> str:
    """The colleague agrees, or declines: that ends it. NotFound; Forbidden for others; IllegalMove; StaleVersion."""
    found = absences.row(absences.SWAP, swap_id, actor, lock=True)
    if actor.id != found["with_account_id"]:
        raise rules.NotAsked()
    verb = "agree" if agreed else "decline"
    state = moves.move(rules.SWAP_MOVES, found["state"], verb, rules.NAMES)
    versions.check_seen(found, actor)
    values = {"agreed_at": now} if agreed else {"state": state, "decided_by": actor.id, "decided_at": now}
    versions.amend(Swap, found, actor, **values)
    _record(f"swap.{verb}", found, ("agreed_at",) if agreed else ("state",), {})
    return swap_id


@transaction
def decide(swap_id: str, *, approved: bool, note: str | None, actor: Actor, now: datetime) -> str:
    """Approve a swap, and the shifts change hands; or refuse it with a reason.

    NotFound; Forbidden for a party; IllegalMove; SwapImpossible or NotQualified where the roster has
    changed since; StaleVersion; Invalid for a refusal without reason.
    """
    found = absences.row(absences.SWAP, swap_id, actor, lock=True)
    rules.check_decides(actor.id, (found["account_id"], found["with_account_id"]))
    verb = "approve" if approved else "refuse"
    state = moves.move(rules.SWAP_MOVES, found["state"], verb, rules.NAMES)
    moving = _locked_exchange(found, now) if approved else {}
    versions.check_seen(found, actor)
    rules.check_told(approved, note)
    versions.amend(Swap, found, actor, state=state, decided_by=actor.id, decided_at=now, note=note)
    if approved:
        _hand_over(found, moving, actor, now)
    _record(f"swap.{verb}", found, ("state",), {"note": note})
    return swap_id


def _months(found: dict[str, Any]) -> list[str]:
    return sorted({day.isoformat()[:7] for day in (found["day_on"], found["with_day_on"]) if day})


def _locked_exchange(found: dict[str, Any], now: datetime) -> dict[str, str]:
    """As :func:`_exchange`, with the rosters and both people held."""
    for month in _months(found):
        rostering.head(found["unit_code"], month, lock=True)
    if any(who.disabled for who in rostering.colleagues(
        (found["account_id"], found["with_account_id"]), lock=True).values()
    ):
        raise rules.SwapImpossible("有人已停用账号", "One of them is disabled")
    return _exchange(found, now)


def _hand_over(found: dict[str, Any], moving: dict[str, str], actor: Actor, now: datetime) -> None:
    """The shifts change hands; nobody stands in for himself afterwards."""
    for shift_id, holder in sorted(moving.items()):
        sql.run(
            "UPDATE shift SET account_id = ?, stand_in_id = CASE WHEN stand_in_id = ? THEN NULL ELSE stand_in_id END "
            "WHERE id = ?", (holder, holder, shift_id),
        )
    writing.exchanged(found["unit_code"], _months(found), actor, now)
    stamping.bump([found["unit_code"]])


@transaction
def withdraw(swap_id: str, *, actor: Actor, now: datetime) -> str:
    """Withdraw a swap before it is approved. NotFound; Forbidden for whoever did not ask; IllegalMove; StaleVersion."""
    found = absences.row(absences.SWAP, swap_id, actor, lock=True)
    rules.check_party(actor.role, actor.id, (found["account_id"], found["asked_by"]))
    state = moves.move(rules.SWAP_MOVES, found["state"], "withdraw", rules.NAMES)
    versions.check_seen(found, actor)
    versions.amend(Swap, found, actor, state=state)
    _record("swap.withdraw", found, ("state",), {})
    return swap_id


def _record(action: str, found: dict[str, Any], fields: tuple[str, ...], detail: dict[str, Any]) -> None:
    ledger.record(action, "swap", found["id"], scope=found["unit_code"], fields=fields, detail=detail)
