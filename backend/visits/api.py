"""Routes of home visits, and of an agent's day."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, TooMany
from backend.core.shapes import ListQuery
from backend.errands.queries import cases
from backend.errands.schemas import shown as errands
from backend.org.rules.scope import READERS
from backend.people.schemas.history import Happening
from backend.visits import rules
from backend.visits.actions import declared, going, requesting, scheduling, taking
from backend.visits.queries import days, lists, story, visits
from backend.visits.schemas import shown, taken

__all__ = ["blp", "declared"]

TAKERS = rules.TAKERS

blp = http.Blueprint("visits", description="上门服务 · home visits, and an agent's day")


def within(visit_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the visit is not the caller's to see."""
    visits.row(visit_id, actor)


def _transition(noun: str, body: Any, *, refuses: tuple[type, ...] = ()) -> Any:
    return blp.changes(
        f"/visits/<string:visit_id>/{noun}", roles=TAKERS, answers=shown.ShownVisit(), shows=visits.one, within=within,
        refuses=(Conflict, *refuses), at_once=True, body=body,
    )


@blp.creates(
    "/visits", roles=TAKERS, body=taken.RequestVisit(), answers=shown.ShownVisit(), shows=visits.one,
    refuses=(rules.NotEligible,), at_once=True,
)
def request(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Ask for a visit to a resident who cannot come: 70 or older, disabled, ill, by a unit's rule, by a supervisor."""
    return requesting.request(body, actor=actor, now=now)


@blp.lists("/visits", roles=READERS, item=shown.ListedVisit(), query=taken.VisitQuery())
def visit_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Visits of the caller's scope, and those he makes elsewhere: open ones unless asked otherwise, by their time."""
    return lists.listed(query, actor=actor, now=now)


@blp.reads("/visits/<string:visit_id>", roles=READERS, answers=shown.ShownVisit())
def visit(visit_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One visit with its errands."""
    return visits.one(visit_id, actor=actor, now=now)


@blp.lists("/visits/<string:visit_id>/events", roles=READERS, item=Happening(), query=ListQuery())
def visit_events(visit_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The visit's history: who did what, where, when, and what changed."""
    return story.events(visit_id, query=query, actor=actor, now=now)


@_transition("schedule", taken.ScheduleVisit(), refuses=(rules.AgentBusy, rules.AgentAway))
def schedule(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Set the visit's time, or move it: its agent's time from start to the end of the way and the buffer is taken."""
    return scheduling.schedule(visit_id, **body, actor=actor, now=now)


@_transition("departure", taken.VisitStep(), refuses=(rules.NotYourVisit,))
def depart(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The agent is on the way."""
    return going.depart(visit_id, **body, actor=actor, now=now)


@_transition("arrival", taken.VisitStep(), refuses=(rules.NotYourVisit,))
def arrive(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The agent is there."""
    return going.arrive(visit_id, **body, actor=actor, now=now)


@_transition("completion", taken.VisitCompletion(), refuses=(rules.NotYourVisit,))
def complete(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The visit is done; its sign-off comes along, or later."""
    return going.complete(visit_id, **body, actor=actor, now=now)


@_transition("sign-off", taken.SignOffIn(), refuses=(rules.NotYourVisit, rules.AlreadySigned))
def sign_off(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The sign-off of a visit that was completed without it."""
    return going.sign_off(visit_id, body, actor=actor, now=now)


@_transition("failure", taken.VisitFailure(), refuses=(rules.NotYourVisit,))
def fail(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Nothing came of the visit, and why."""
    return going.fail(visit_id, **body, actor=actor, now=now)


@_transition("cancellation", taken.VisitCancellation())
def cancel(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Give the visit up before anybody has arrived."""
    return scheduling.cancel(visit_id, **body, actor=actor, now=now)


@blp.creates(
    "/visits/<string:visit_id>/errands", roles=TAKERS, body=taken.VisitErrandIn(), answers=errands.ShownErrand(),
    shows=cases.one, within=within, refuses=(Conflict, rules.NotYourVisit), at_once=True,
)
def take(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Take an errand of the household on the spot: POST /errands, of the resident who is visited."""
    return taking.take(visit_id, body, actor=actor, now=now)


@blp.creates(
    "/visits/<string:visit_id>/full-view", roles=TAKERS, body=taken.VisitLook(), answers=shown.VisitInFull(),
    shows=visits.in_full, within=within, refuses=(TooMany,), tagged=False,
)
def look(visit_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Where to go and whom to ring, in full; recorded, and counted like any full view."""
    return taking.look(visit_id, **body, actor=actor, now=now)


def near(account_id: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where the account's days are not the caller's to see."""
    days.agent_of(account_id, actor)


@blp.reads(
    "/agents/<string:account_id>/day-plan", roles=READERS, answers=shown.DayPlan(), query=taken.DayQuery(),
    within=near, refuses=(NotFound,), tagged=False,
)
def day_plan(account_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The agent's day: what is booked, and where the visits of his unit that have no time yet would fit best."""
    return days.plan(account_id, query["date"], actor=actor, now=now)
