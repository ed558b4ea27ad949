"""Routes of appointments: booked, listed, read, moved."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import asking, turning
from backend.appointments.api.callers import source
from backend.appointments.queries import bookings, lists, shown, story
from backend.appointments.rules.horizon import CutoffPassed, NotYetOpen
from backend.appointments.rules.seats import AlreadyBooked, SlotFull
from backend.appointments.rules.starts import NoSuchSlot
from backend.appointments.rules.states import BOOKERS, GraceRuns, HoldLapsed
from backend.appointments.schemas import bookings as shapes
from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, NotFound, NotSignedIn, TooMany
from backend.core.shapes import ListQuery
from backend.people.schemas.history import Happening
from backend.people.schemas.residents import FullViewRequest

blp = http.Blueprint("appointments", description="预约 · booked seats, by whoever calls")
SLOTS = (SlotFull, AlreadyBooked, NotYetOpen, CutoffPassed, NoSuchSlot)


def within(appointment_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the appointment is not the caller's to see."""
    bookings.row(appointment_id, actor)


def _within_reach(appointment_id: str, *, actor: Actor, now: datetime) -> None:
    turning.confirmable(appointment_id, actor)


def _transition(noun: str, *, body: Any = None, refuses: tuple[type, ...] = ()) -> Any:
    more = {"body": body} if body is not None else {}
    return blp.changes(
        f"/appointments/<string:appointment_id>/{noun}", roles=BOOKERS, answers=shapes.ShownAppointment(),
        shows=shown.one, within=within, refuses=(Conflict, *refuses), at_once=True, **more,
    )


@blp.creates(
    "/appointments", roles=http.PUBLIC, body=shapes.BookAppointment(), answers=shapes.ShownAppointment(),
    shows=shown.made, at_once=True, refuses=(NotSignedIn, Forbidden, TooMany, Conflict, *SLOTS),
)
def book(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Book a seat for a person, or hold it for five minutes; channel ``self`` needs no account.

    The caller need not be the person. A lost race is ``slot-full`` with the three nearest free slots.
    """
    return asking.book(body, source=source(), actor=actor, now=now)


@blp.lists("/appointments", roles=shown.READERS, item=shapes.ShownAppointment(), query=shapes.AppointmentQuery())
def appointments(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Appointments of the caller's scope by their start: open ones unless asked otherwise.

    ``q`` begins a number or a name's initials, or is a name; it looks at the first 200 of each state.
    """
    return lists.listed(query, actor=actor, now=now)


@blp.reads("/appointments/<string:appointment_id>", roles=shown.READERS, answers=shapes.ShownAppointment())
def appointment(appointment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One appointment; numbers masked."""
    return shown.one(appointment_id, actor=actor, now=now)


@blp.lists(
    "/appointments/<string:appointment_id>/events", roles=shown.READERS, item=Happening(),
    query=ListQuery(),
)
def appointment_events(appointment_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The appointment's history: who did what, where, when, and what changed."""
    return story.events(appointment_id, query=query, actor=actor, now=now)


@blp.changes(
    "/appointments/<string:appointment_id>/confirmation", roles=http.PUBLIC, answers=shapes.ShownAppointment(),
    shows=shown.made, within=_within_reach, refuses=(Forbidden, NotFound, Conflict, HoldLapsed), at_once=True,
)
def confirm(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """Make a hold an appointment, within its five minutes. Without account: of what was booked without."""
    return turning.confirm(appointment_id, actor=actor, now=now)


@_transition("rescheduling", body=shapes.Reschedule(), refuses=(HoldLapsed, *SLOTS))
def reschedule(appointment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Move it to another time: the new seat is claimed and the old one freed at once, or neither."""
    return turning.reschedule(appointment_id, day_on=body["date"], start=body["start"], actor=actor, now=now)


@_transition("cancellation", body=shapes.Cancellation())
def cancel(appointment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Cancel it; its seat goes to the waiting list."""
    return turning.cancel(appointment_id, reason=body.get("reason"), actor=actor, now=now)


@_transition("check-in")
def check_in(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """The person is here."""
    return turning.check_in(appointment_id, actor=actor, now=now)


@_transition("completion")
def complete_appointment(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """She was served."""
    return turning.complete(appointment_id, actor=actor, now=now)


@_transition("no-show", refuses=(GraceRuns,))
def miss(appointment_id: str, *, actor: Actor, now: datetime) -> str:
    """Confirm that she did not come, 15 minutes after the start at the earliest."""
    return turning.miss(appointment_id, actor=actor, now=now)


@blp.creates(
    "/appointments/<string:appointment_id>/full-view", roles=shown.VIEWERS, tagged=False, body=FullViewRequest(),
    answers=shapes.FullAppointment(), shows=shown.full, within=within, refuses=(NotFound, TooMany),
)
def view_person(appointment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The person's and the caller's numbers unmasked, for a reason; recorded, 60 an hour and 300 a day."""
    return turning.view_in_full(appointment_id, **body, actor=actor, now=now)
