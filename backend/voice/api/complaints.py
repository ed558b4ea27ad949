"""Routes of complaints."""
from datetime import datetime
from typing import Any

from backend.appointments.actions import asking
from backend.appointments.api.callers import source
from backend.core import http
from backend.core.actor import ROLES, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, NotFound, TooMany
from backend.core.shapes import ListQuery
from backend.people.schemas.history import Happening
from backend.voice.actions import complaining, declared, handling
from backend.voice.queries import complaints
from backend.voice.rules import complaints as rules
from backend.voice.schemas import shown, taken

__all__ = ["blp", "declared"]

STAFF = frozenset(ROLES)

blp = http.Blueprint("complaints", description="投诉 · complaints, seen by nobody whom they are about")


def within(complaint_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the complaint is not the caller's to see."""
    complaints.row(complaint_id, actor)


def _transition(noun: str, body: Any, *, refuses: tuple[type, ...] = (), **more: Any) -> Any:
    told: dict[str, Any] = {"answers": shown.ShownComplaint(), "shows": complaints.one} | more
    return blp.changes(
        f"/complaints/<string:complaint_id>/{noun}", roles=rules.HANDLERS, within=within, at_once=True, body=body,
        refuses=(Conflict, rules.NotYours, *refuses), **told,
    )


@blp.creates(
    "/complaints", roles=http.PUBLIC, body=taken.Complain(), answers=shown.TakenComplaint(), shows=complaints.taken,
    tagged=False, refuses=(TooMany,),
)
def complain(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Complain about a unit or somebody in it, by name or without; it goes to a body whom it does not concern."""
    return complaining.take(body, source=source(), actor=actor, now=now)


@blp.lists("/complaints", roles=STAFF, item=shown.ShownComplaint(), query=taken.ComplaintQuery())
def complaint_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Complaints that the caller handles or has written down; none that concerns him. Open ones unless asked."""
    return complaints.listed(query, actor=actor, now=now)


@blp.reads("/complaints/<string:complaint_id>", roles=STAFF, answers=shown.ShownComplaint())
def complaint(complaint_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One complaint."""
    return complaints.one(complaint_id, actor=actor, now=now)


@blp.lists(
    "/complaints/<string:complaint_id>/events", roles=rules.HANDLERS, item=Happening(), query=ListQuery()
)
def complaint_events(complaint_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The complaint's history: who accepted, passed up, concluded, told, and when."""
    return complaints.events(complaint_id, query=query, actor=actor, now=now)


@_transition("acceptance", http.EMPTY)
def accept(complaint_id: str, *, actor: Actor, now: datetime) -> str:
    """Accept it: within 3 working days of receipt."""
    return handling.accept(complaint_id, actor=actor, now=now)


@_transition("refusal", taken.RefuseComplaint())
def refuse(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Do not accept it, with reasons and where to turn."""
    return handling.refuse(complaint_id, **body, actor=actor, now=now)


@_transition(
    "passing-up", taken.VoiceReason(), refuses=(rules.NothingAbove,), answers=shown.MovedComplaint(),
    shows=complaints.moved_on, tagged=False,
)
def pass_up(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Pass it to the body a level up, with reasons; what is due stays."""
    return handling.pass_up(complaint_id, **body, actor=actor, now=now)


@_transition("conclusion", taken.Conclude())
def conclude(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say what was found (solved, referred up, explained) and done; the complainant is told."""
    return handling.conclude(complaint_id, **body, actor=actor, now=now)


@blp.creates(
    "/complaints/<string:complaint_id>/feedbacks", roles=rules.HANDLERS, body=taken.Feedback(),
    answers=shown.ShownComplaint(), shows=complaints.one, within=within, at_once=True,
    refuses=(Conflict, rules.NotYours, rules.CanBeReached),
)
def tell(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record that the complainant was told the conclusion, or was not reached."""
    return handling.tell(complaint_id, **body, actor=actor, now=now)


@_transition("closing", http.EMPTY, refuses=(rules.NotToldYet,))
def close(complaint_id: str, *, actor: Actor, now: datetime) -> str:
    """Close it; only after the complainant was told."""
    return handling.close(complaint_id, actor=actor, now=now)


@blp.creates(
    "/complaints/<string:complaint_id>/reopenings", roles=rules.HANDLERS, body=taken.VoiceReason(),
    answers=shown.MovedComplaint(), shows=complaints.moved_on, within=within, tagged=False,
    refuses=(Conflict, rules.NotYours, rules.ReopenedOften),
)
def reopen(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The complainant is not content: it begins anew; the second time a level up."""
    return handling.reopen(complaint_id, **body, actor=actor, now=now)


@blp.creates(
    "/complaints/reopenings", roles=http.PUBLIC, body=taken.ReopenByNumber(), answers=shown.MovedComplaint(),
    shows=complaints.moved_on, tagged=False, refuses=(NotFound, Conflict, TooMany, rules.ReopenedOften),
)
def reopen_by_number(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Reopen one's own complaint, by its number and four digits."""
    return str(asking.known(body, source(), now, lambda number, digits: handling.reopen_numbered(
        number, digits, reason=body["reason"], actor=actor, now=now
    )))


@blp.creates(
    "/complaints/<string:complaint_id>/full-view", roles=rules.HANDLERS, body=taken.ComplaintLook(),
    answers=shown.ComplaintInFull(), shows=complaints.in_full, within=within, tagged=False,
    refuses=(TooMany, rules.NotYours),
)
def look(complaint_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """How the complainant is reached, in full; recorded, and counted like any full view."""
    return handling.look_in_full(complaint_id, **body, actor=actor, now=now)
