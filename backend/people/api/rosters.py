"""Routes of rosters: who is on duty and on call, leave and swaps."""
from datetime import datetime
from typing import Any, TypeVar

from backend.core import http
from backend.core.actor import ADMIN, HANDLER, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, IllegalMove, NotFound, StaleVersion
from backend.org.rules.scope import READERS
from backend.people.actions import absences, following, rostering, swapping
from backend.people.api.blueprint import blp
from backend.people.queries import absences as asked
from backend.people.queries import oncall
from backend.people.queries import rostering as rosters
from backend.people.rules import absences as rules
from backend.people.rules import rostering as monthly
from backend.people.schemas import rosters as shapes

SEEING = READERS - {HANDLER}
WRITING = frozenset({TOWNSHIP, ADMIN})
FOLLOWING = rules.ASKERS | {SUPERVISOR}
ROSTER = "/units/<code>/rosters/<month>"
LEAVE, SWAP = "/rosters/leaves/<string:leave_id>", "/rosters/swaps/<string:swap_id>"
IMPOSSIBLE = (rules.SwapImpossible, rules.NotQualified)


Ref = TypeVar("Ref")


def _followed(ref: Ref, actor: Actor, now: datetime) -> Ref:
    """What was changed; seats and conflicts have followed before the answer."""
    following.tell(actor=actor, now=now)
    return ref


@blp.lists("/units/<code>/rosters", roles=SEEING, item=shapes.RosterHead(), refuses=(NotFound,))
def list_rosters(code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The rosters of a unit, the latest month first."""
    return rosters.months(code, query, actor=actor, now=now)


@blp.reads(ROSTER, roles=SEEING, answers=shapes.RosterShape(), refuses=(NotFound,))
def read_roster(code: str, month: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The duty roster of a unit and month; an empty one of version 0 before its first writing."""
    return rosters.shown(code, month, actor=actor, now=now)


@blp.changes(ROSTER, roles=WRITING, body=shapes.RosterBody(), answers=shapes.RosterShape(), shows=rosters.one,
             within=rosters.shown, refuses=(NotFound, Conflict, StaleVersion, monthly.MonthOver))
def write_roster(code: str, month: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Write the roster of a month; it counts at once, published or not."""
    return _followed(rostering.write(code, month, **body, actor=actor, now=now), actor, now)


@blp.changes(f"{ROSTER}/publication", roles=WRITING, answers=shapes.RosterShape(), shows=rosters.one,
             within=rosters.shown, refuses=(
                 NotFound, Conflict, StaleVersion, monthly.MonthOver, monthly.AlreadyPublished, monthly.NobodyPlanned,
             ))
def publish_roster(code: str, month: str, *, actor: Actor, now: datetime) -> list[str]:
    """Publish the roster, once; once its month has begun it is marked late."""
    return rostering.publish(code, month, actor=actor, now=now)


@blp.reads("/units/<code>/on-duty", roles=SEEING, answers=shapes.DutyShape(), query=shapes.DutyQuery(), tagged=False,
           refuses=(NotFound,))
def read_on_duty(code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Who is on duty at a unit by day, leave and stand-ins applied."""
    return rosters.on_duty(code, query, actor=actor, now=now)


@blp.reads("/units/<code>/on-call", roles=http.PUBLIC, answers=shapes.OnCallShape(), query=shapes.OnCallQuery(),
           tagged=False, refuses=(NotFound,))
def read_on_call(code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Whom to ring after hours: the unit's own contact, else the township's, else who holds a duty post."""
    return oncall.shown(code, query["date"], actor=actor, now=now)


@blp.creates("/rosters/leaves", roles=rules.ASKERS, body=shapes.NewLeave(), answers=shapes.LeaveShape(),
             shows=asked.leave, refuses=(Forbidden, NotFound, rules.LeaveOverlaps))
def ask_leave(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Ask for leave, for oneself or (township, admin) on somebody's behalf."""
    return absences.ask(
        account_id=body["account_id"], from_on=body["from"], to_on=body["to"], reason=body["reason"],
        actor=actor, now=now,
    )


@blp.lists("/rosters/leaves", roles=FOLLOWING, item=shapes.LeaveEntry(), query=shapes.AbsenceQuery())
def list_leaves(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Leaves in one's subtree; an agent or operator sees his own."""
    return asked.leaves(query, actor=actor)


@blp.reads(LEAVE, roles=FOLLOWING, answers=shapes.LeaveShape(), refuses=(NotFound,))
def read_leave(leave_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One leave, and the shifts of its days for which nobody stands in."""
    return asked.leave(leave_id, actor=actor, now=now)


@blp.changes(f"{LEAVE}/approval", roles=rules.DECIDERS, body=shapes.Decision(), answers=shapes.LeaveShape(),
             shows=asked.leave, within=asked.leave, refuses=(NotFound, Forbidden, IllegalMove, Conflict, StaleVersion))
def decide_leave(leave_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Approve a leave, or refuse it with a reason; duty and capacity follow at once."""
    return _followed(absences.decide(leave_id, **body, actor=actor, now=now), actor, now)


@blp.changes(f"{LEAVE}/withdrawal", roles=rules.ASKERS, answers=shapes.LeaveShape(), shows=asked.leave,
             within=asked.leave,
             refuses=(NotFound, Forbidden, IllegalMove, rules.LeaveOver, Conflict, StaleVersion))
def withdraw_leave(leave_id: str, *, actor: Actor, now: datetime) -> str:
    """Withdraw a leave; one that has begun ends with yesterday."""
    return _followed(absences.withdraw(leave_id, actor=actor, now=now), actor, now)


@blp.creates("/rosters/swaps", roles=rules.ASKERS, body=shapes.NewSwap(), answers=shapes.SwapShape(),
             shows=asked.swap, refuses=(Forbidden, NotFound, *IMPOSSIBLE))
def ask_swap(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Ask to swap a day's duty with a colleague, or that he takes it over."""
    return swapping.ask(
        unit_code=body["unit_code"], account_id=body["account_id"], day=body["date"],
        with_account_id=body["with_account_id"], with_day=body["with_date"], reason=body["reason"],
        actor=actor, now=now,
    )


@blp.lists("/rosters/swaps", roles=FOLLOWING, item=shapes.SwapShape(), query=shapes.AbsenceQuery())
def list_swaps(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Swaps in one's subtree; an agent or operator sees those he is party to."""
    return asked.swaps(query, actor=actor)


@blp.reads(SWAP, roles=FOLLOWING, answers=shapes.SwapShape(), refuses=(NotFound,))
def read_swap(swap_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One swap."""
    return asked.swap(swap_id, actor=actor, now=now)


@blp.changes(f"{SWAP}/agreement", roles=rules.COLLEAGUES, body=shapes.Agreement(), answers=shapes.SwapShape(),
             shows=asked.swap, within=asked.swap,
             refuses=(NotFound, rules.NotAsked, IllegalMove, Conflict, StaleVersion))
def answer_swap(swap_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Agree to a swap one is asked for, or decline: that ends it."""
    return swapping.answer(swap_id, **body, actor=actor, now=now)


@blp.changes(f"{SWAP}/approval", roles=rules.DECIDERS, body=shapes.Decision(), answers=shapes.SwapShape(),
             shows=asked.swap, within=asked.swap,
             refuses=(NotFound, Forbidden, IllegalMove, *IMPOSSIBLE, Conflict, StaleVersion))
def decide_swap(swap_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Approve a swap, and the shifts change hands; or refuse it with a reason."""
    return _followed(swapping.decide(swap_id, **body, actor=actor, now=now), actor, now)


@blp.changes(f"{SWAP}/withdrawal", roles=rules.ASKERS, answers=shapes.SwapShape(), shows=asked.swap,
             within=asked.swap, refuses=(NotFound, Forbidden, IllegalMove, Conflict, StaleVersion))
def withdraw_swap(swap_id: str, *, actor: Actor, now: datetime) -> str:
    """Withdraw a swap before it is approved."""
    return swapping.withdraw(swap_id, actor=actor, now=now)
