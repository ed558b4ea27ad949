"""What a phone can push: to each type the body it takes and the very action that the online route calls."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema

from backend.core.actor import Actor
from backend.core.http import EMPTY
from backend.errands.actions import carrying, finishing, intake, telling
from backend.errands.schemas import taken as errands
from backend.errands.schemas.telling import NewNotice
from backend.people.schemas.residents import ResidentChanges
from backend.reports.actions import raising
from backend.reports.schemas.raised import NewProblem
from backend.sync.actions import leases, merging
from backend.sync.schemas.leases import PromisedAppointment
from backend.visits.actions import going, requesting
from backend.visits.schemas import taken as visits

Act = Callable[..., Any]
CREATE, COMMAND, ADD, MERGE = "create", "command", "add", "merge"
"""How a type treats what others did meanwhile: nothing is there yet; states decide; nothing to lose; by field."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of mutation. ``act(entity_id, body, actor=, now=)`` returns the action's reference.

    Of MERGE it takes ``base`` and ``base_version`` besides and returns what was merged (merging.py). ``claims``: the
    body has ``claimed_at``, which the phone's ``occurred_at`` fills.
    """

    subject: str
    how: str
    body: Schema
    act: Act
    claims: bool = False


def _command(action: Act) -> Act:
    """The action of a route that names its thing in the path and takes the body's members."""

    def act(entity_id: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> Any:
        return action(entity_id, **body, actor=actor, now=now)

    return act


def _whole(action: Act) -> Act:
    """The action of a route that takes the body as it is."""

    def act(entity_id: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> Any:
        return action(entity_id, body, actor=actor, now=now)

    return act


def _creation(action: Act, name: str) -> Act:
    """The action of a route that makes a thing, under the phone's id."""

    def act(entity_id: str, body: dict[str, Any], *, actor: Actor, now: datetime) -> Any:
        return action(body, **{name: entity_id}, actor=actor, now=now)

    return act


KINDS: dict[str, Kind] = {
    "errand.register": Kind(
        "errand", CREATE, errands.RegisterErrand(), _creation(intake.register, "errand_id"), claims=True
    ),
    "errand.accept": Kind("errand", COMMAND, EMPTY, _command(intake.accept)),
    "errand.supplement": Kind("errand", COMMAND, NewNotice(), _command(telling.tell)),
    "errand.decline": Kind("errand", COMMAND, errands.Declination(), _command(intake.decline)),
    "errand.withdraw": Kind("errand", COMMAND, errands.ErrandWithdrawal(), _command(intake.withdraw)),
    "errand.mandate": Kind("errand", COMMAND, errands.MandateIn(), _command(carrying.renew_mandate)),
    "errand.materials": Kind("errand", MERGE, errands.Papers(), merging.papers),
    "errand.note": Kind("errand", ADD, errands.NewNote(), _command(carrying.note)),
    "errand.trip": Kind("errand", ADD, errands.NewTrip(), _command(carrying.trip)),
    "errand.pay": Kind("errand", COMMAND, errands.NewPayment(), _command(carrying.pay)),
    "errand.complete": Kind("errand", COMMAND, errands.Completion(), _command(finishing.complete)),
    "errand.deliver": Kind("errand", COMMAND, errands.Delivery(), _command(finishing.deliver)),
    "errand.close": Kind("errand", COMMAND, EMPTY, _command(finishing.close)),
    "resident.edit": Kind("resident", MERGE, ResidentChanges(), merging.resident),
    "visit.request": Kind("visit", CREATE, visits.RequestVisit(), _creation(requesting.request, "visit_id")),
    "visit.depart": Kind("visit", COMMAND, visits.VisitStep(), _command(going.depart), claims=True),
    "visit.arrive": Kind("visit", COMMAND, visits.VisitStep(), _command(going.arrive), claims=True),
    "visit.complete": Kind("visit", COMMAND, visits.VisitCompletion(), _command(going.complete), claims=True),
    "visit.sign_off": Kind("visit", COMMAND, visits.SignOffIn(), _whole(going.sign_off)),
    "visit.fail": Kind("visit", COMMAND, visits.VisitFailure(), _command(going.fail), claims=True),
    "appointment.book": Kind("appointment", CREATE, PromisedAppointment(), leases.book),
    "problem.report": Kind("problem", CREATE, NewProblem(), _creation(raising.report, "problem_id")),
}
