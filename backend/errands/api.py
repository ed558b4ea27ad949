"""Routes of errands."""
from datetime import datetime
from typing import Any

from flask import current_app, request

from backend.core import faults, http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, TooMany
from backend.core.shapes import ListQuery
from backend.errands import rules
from backend.errands.actions import asking, carrying, finishing, intake
from backend.errands.queries import cases, parts, story
from backend.errands.queries.scope import READERS
from backend.errands.schemas import shown, taken
from backend.people.queries import sessions

blp = http.Blueprint("errands", description="代办件 · residents' errands from mandate to delivery")

TAKERS = rules.TAKERS


def _within(errand_id: str, *_: str, actor: Actor, now: datetime) -> None:
    cases.row(errand_id, actor)


def _shown_part(kind: str) -> Any:
    def part(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
        return parts.part(kind, ref[0], ref[1], actor=actor)

    return part


def _transition(noun: str, *, body: Any = None, refuses: tuple[type, ...] = ()) -> Any:
    more = {"body": body} if body is not None else {}
    return blp.changes(
        f"/errands/<string:errand_id>/{noun}", roles=TAKERS, answers=shown.ShownErrand(), shows=cases.one,
        within=_within, refuses=(Conflict, *refuses), at_once=True, **more,
    )


@blp.creates(
    "/errands", roles=TAKERS, body=taken.RegisterErrand(), answers=shown.ShownErrand(), shows=cases.one,
    at_once=True,
)
def register(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Register an errand for a resident; the caller becomes its first receiver."""
    return intake.register(body, actor=actor, now=now)


@blp.lists("/errands", roles=READERS, item=shown.ListedErrand(), query=taken.ErrandQuery())
def errands(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Errands of the caller's scope: open ones, due first, unless asked otherwise.

    ``q`` begins a number, or a resident's name, pinyin or initials; it looks at the first 1,000
    people who match, so a single letter in a whole district wants more letters.
    """
    return cases.listed(query, actor=actor, now=now)


@blp.reads("/errands/<string:errand_id>", roles=READERS, answers=shown.ShownErrand())
def errand(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One errand with its papers and its light."""
    return cases.one(errand_id, actor=actor, now=now)


@blp.lists(
    "/errands/<string:errand_id>/events", roles=READERS, item=shown.Event(), query=ListQuery()
)
def events(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's history: who did what, where, when, and what changed."""
    return story.events(errand_id, query=query, actor=actor, now=now)


@blp.reads(
    "/errands/<string:errand_id>/clock", roles=READERS, answers=shown.ErrandClock(), tagged=False
)
def errand_clock(errand_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """How the due date comes about, day by day."""
    return story.day_by_day(errand_id, english=faults.wants_english(), actor=actor, now=now)


@_transition("acceptance")
def accept(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept: every required paper is there or deferred; the clock starts."""
    return intake.accept(errand_id, actor=actor, now=now)


@_transition("declination", body=taken.Declination())
def decline(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decline with a reason and a referral; without a way on it is refused."""
    return intake.decline(errand_id, **body, actor=actor, now=now)


@_transition("withdrawal", body=taken.ErrandWithdrawal())
def withdraw(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Withdraw at the resident's wish, before completion."""
    return intake.withdraw(errand_id, **body, actor=actor, now=now)


@_transition("materials", body=taken.Papers())
def lay_papers(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say which papers are there, and which come later with an undertaking."""
    return carrying.lay_papers(errand_id, **body, actor=actor, now=now)


@_transition("mandate", body=taken.MandateIn())
def renew_mandate(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Renew the resident's mandate."""
    return carrying.renew_mandate(errand_id, **body, actor=actor, now=now)


@_transition("completion", body=taken.Completion())
def complete(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Complete with an outcome and its result."""
    return finishing.complete(errand_id, **body, actor=actor, now=now)


@_transition("delivery", body=taken.Delivery())
def deliver(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Deliver the result to the resident."""
    return finishing.deliver(errand_id, **body, actor=actor, now=now)


@_transition("closing")
def close(errand_id: str, *, actor: Actor, now: datetime) -> str:
    """Close: the result was delivered and the resident told."""
    return finishing.close(errand_id, actor=actor, now=now)


def _part(kind: str, plural: str, shape: Any, body: Any) -> tuple[Any, Any, Any]:
    path = f"/errands/<string:errand_id>/{plural}"
    return (
        blp.creates(
            path, roles=TAKERS, body=body, answers=shape, shows=_shown_part(kind), within=_within,
            refuses=(Conflict,),
        ),
        blp.lists(path, roles=READERS, item=shape),
        blp.reads(f"{path}/<string:part_id>", roles=READERS, answers=shape),
    )


_post_note, _list_notes, _read_note = _part("note", "notes", shown.Note(), taken.NewNote())
_post_trip, _list_trips, _read_trip = _part("trip", "trips", shown.Trip(), taken.NewTrip())
_post_payment, _list_payments, _read_payment = _part(
    "payment", "payments", shown.Payment(), taken.NewPayment()
)


@_post_note
def note(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Add a remark."""
    return carrying.note(errand_id, **body, actor=actor, now=now)


@_list_notes
def notes(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's remarks, oldest first."""
    return parts.parts("note", errand_id, query, actor=actor)


@_read_note
def one_note(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One remark."""
    return parts.part("note", errand_id, part_id, actor=actor)


@_post_trip
def trip(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Count a trip that the resident had to make."""
    return carrying.trip(errand_id, **body, actor=actor, now=now)


@_list_trips
def trips(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The trips that the resident had to make."""
    return parts.parts("trip", errand_id, query, actor=actor)


@_read_trip
def one_trip(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One trip."""
    return parts.part("trip", errand_id, part_id, actor=actor)


@_post_payment
def pay(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Record a payment of the published charge, with its receipt number."""
    return carrying.pay(errand_id, **body, actor=actor, now=now)


@_list_payments
def payments(errand_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The errand's payments."""
    return parts.parts("payment", errand_id, query, actor=actor)


@_read_payment
def one_payment(errand_id: str, part_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One payment."""
    return parts.part("payment", errand_id, part_id, actor=actor)


@blp.lists("/call-tasks", roles=READERS, item=shown.Call(), query=taken.CallQuery())
def calls(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Residents to be rung; open tasks unless asked otherwise."""
    return parts.calls(query, actor=actor)


@blp.reads("/call-tasks/<string:task_id>", roles=READERS, answers=shown.Call())
def call(task_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One call task."""
    return parts.call(task_id, actor=actor, now=now)


@blp.changes(
    "/call-tasks/<string:task_id>/outcome", roles=TAKERS, body=taken.CallOutcome(), answers=shown.Call(),
    shows=parts.call, within=parts.call,
)
def record_call(task_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record whether the resident was reached."""
    return finishing.record_call(task_id, **body, actor=actor, now=now)


@blp.creates(
    "/progress", roles=http.PUBLIC, keyed=False, tagged=False, status=200, body=taken.AskProgress(),
    answers=shown.Progress(), refuses=(NotFound, TooMany),
)
def progress(*, body: dict[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """What a resident sees of her errand, by its number and four digits."""
    source = sessions.source_of(
        request.remote_addr, request.headers.get("X-Forwarded-For", ""),
        current_app.extensions["daiban"].settings.proxies,
    )
    return asking.progress(body, source=source, now=now)
