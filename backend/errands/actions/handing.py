"""Handing an errand over to another agent, and a village's handing in to its township (rules 3.2, 3.8)."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks.actions import running as clocks
from backend.core import ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove, invalid
from backend.core.transaction import transaction
from backend.errands import rules
from backend.errands.actions import notifying, row, timing
from backend.errands.models import Handover
from backend.errands.queries import cases, handovers
from backend.errands.rules import hands
from backend.org import rules as tree
from backend.people import queries as people


@transaction
def hand_over(
    errand_id: str, *, to_account_id: str, reason: str | None = None, actor: Actor, now: datetime
) -> list[Any]:
    """Ask another agent to take the errand; until he does the giver answers. The references of both."""
    found = _unfinished(row.movable(errand_id, actor, now))
    hands.check_none_open(handovers.is_asked(errand_id))
    versions.check_seen(found, actor)
    _check_receiver(to_account_id, found)
    n = found["handovers"] + 1
    sql.insert(
        Handover, id=ids.new(now), errand_id=errand_id, n=n, from_account_id=found["agent_id"],
        to_account_id=to_account_id, reason=reason, state=hands.ASKED, made_at=now,
    )
    row.change(found, actor, now, handovers=n)
    _record("errand.handover", found, {"n": n, "from": found["agent_id"], "to": to_account_id, "reason": reason})
    giver = people.names([found["agent_id"]])[found["agent_id"]]
    notifying.tell_staff("hand_over", found, [to_account_id], giver=giver, actor=actor, now=now)
    return [errand_id, n]


def _unfinished(found: dict[str, Any]) -> dict[str, Any]:
    if found["state"] in rules.OVER:
        raise rules.ErrandOver(state=found["state"])
    return found


def _check_receiver(account_id: str, found: dict[str, Any]) -> None:
    account = people.account(account_id)
    fits = account is not None and not account["disabled_at"] and hands.may_answer(
        account["role"], account["unit_code"], found["unit_code"]
    )
    if not fits:
        raise invalid("to_account_id", "没有可以接收此件的人员", "Nobody who could answer for this errand.")
    if account_id == found["agent_id"]:
        raise invalid("to_account_id", "此件已由该人员负责", "Answers for this errand already.")


def _record(action: str, found: dict[str, Any], detail: dict[str, Any], fields: tuple[str, ...] = ()) -> None:
    ledger.record(action, "errand", found["id"], scope=found["unit_code"], fields=fields, detail=detail)


@transaction
def take_over(errand_id: str, n: int, *, actor: Actor, now: datetime) -> str:
    """The receiver takes the errand and answers for it from now on; first receiver and clocks stay (rules 3.2)."""
    found, asked = _asked_of(errand_id, n, actor)
    versions.check_seen(found, actor)
    _settle(asked, hands.TAKEN, now)
    row.change(found, actor, now, agent_id=actor.id)
    clocks.entrust(timing.SUBJECT, errand_id, actor.id)
    _record("errand.take_over", found, {"n": n, "from": found["agent_id"], "to": actor.id}, ("agent_id",))
    return errand_id


@transaction
def refuse(errand_id: str, n: int, *, reason: str, actor: Actor, now: datetime) -> str:
    """The receiver does not take the errand, and says why; the giver goes on answering."""
    found, asked = _asked_of(errand_id, n, actor)
    versions.check_seen(found, actor)
    _settle(asked, hands.REFUSED, now)
    row.change(found, actor, now)
    _record("errand.refuse_handover", found, {"n": n, "reason": reason})
    return errand_id


def _asked_of(errand_id: str, n: int, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    found = cases.row(errand_id, actor, lock=True)
    asked = handovers.row(errand_id, n)
    hands.check_receiver(actor.id, asked["to_account_id"])
    hands.check_open(asked["state"])
    return _unfinished(found), asked


@transaction
def withdraw(errand_id: str, n: int, *, actor: Actor, now: datetime) -> str:
    """Whoever answers, or the township, takes back a hand-over that nobody has taken yet."""
    found = row.movable(errand_id, actor, now)
    asked = handovers.row(errand_id, n)
    hands.check_open(asked["state"])
    versions.check_seen(found, actor)
    _settle(asked, hands.TAKEN_BACK, now)
    row.change(found, actor, now)
    _record("errand.withdraw_handover", found, {"n": n})
    return errand_id


def _settle(asked: dict[str, Any], state: str, now: datetime) -> None:
    if not sql.amend(Handover, asked["id"], asked["version"], state=state, answered_at=now):
        raise Conflict()


@transaction
def hand_in(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """A village hands in to its township what it cannot accept itself, within 3 working days, once (rules 3.8)."""
    found = row.mandated(errand_id, actor, now)
    if found["state"] not in rules.BEFORE_ACCEPTANCE or found["handed_in_at"] is not None:
        raise IllegalMove(
            "此件已送交或已受理", "It was handed in or accepted before.", state=found["state"],
            possible=moves.possible(rules.MOVES, found["state"]),
        )
    item = catalogue.version(found["item_code"], found["item_number"])
    hands.check_hand_in(tree.level_of(found["unit_code"]), item["intake_levels"])
    versions.check_seen(found, actor)
    clocks.end(timing.SUBJECT, errand_id, kinds=(rules.HAND_IN,), now=now)
    row.change(found, actor, now, handed_in_at=now)
    _record("errand.hand_in", found, {"township": found["township_code"]}, ("handed_in_at",))
    return errand_id
