"""Routes of slips, ratings and rectifications."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import ROLES, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Gone, NotFound
from backend.core.shapes import ListQuery
from backend.people.schemas.history import Happening
from backend.voice.actions import appealing, declared, rating, rectifying, slips
from backend.voice.queries import ratings, rectifications
from backend.voice.queries import slips as made
from backend.voice.rules import ratings as rules
from backend.voice.rules import rectifications as keeping
from backend.voice.schemas import shown, taken

__all__ = ["blp", "declared"]

STAFF = frozenset(ROLES)
KEEPERS = keeping.KEEPERS

blp = http.Blueprint("ratings", description="好差评与整改 · ratings by token, and what a low one starts")


def within_errand(errand_id: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where the errand is not one that the caller may have rated."""
    made.errand(errand_id, actor)


def within(rectification_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the rectification is not the caller's to see."""
    rectifications.row(rectification_id, actor)


def within_slip(token: str, *, actor: Actor, now: datetime) -> None:
    """NotFound for no token of ours."""
    if made.of_token(token) is None:
        raise rules.unknown()


def _transition(noun: str, body: Any, *, roles: frozenset[str] = KEEPERS, refuses: tuple[type, ...] = ()) -> Any:
    return blp.changes(
        f"/rectifications/<string:rectification_id>/{noun}", roles=roles, answers=shown.ShownRectification(),
        shows=rectifications.one, within=within, refuses=(Conflict, *refuses), at_once=True, body=body,
    )


@blp.creates(
    "/errands/<string:errand_id>/rating-slips", roles=rules.ISSUERS, body=taken.IssueSlip(),
    answers=shown.IssuedSlip(), shows=made.issued, within=within_errand, tagged=False, at_once=True,
    refuses=(rules.OwnWork, rules.NotFinished, rules.AlreadyRated, rules.NoMobile),
)
def issue(errand_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Make the slip by which a resident rates her completed errand; an unused one before it is void from now on."""
    return slips.issue(errand_id, **body, actor=actor, now=now)


@blp.changes(
    "/ratings/<string:token>", roles=http.PUBLIC, matched=False, tagged=False, body=taken.GiveRating(),
    answers=shown.GivenRating(), shows=ratings.given, within=within_slip, at_once=True,
    refuses=(NotFound, rules.OwnWork, rules.AlreadyRated, rules.NotFinished, Gone),
)
def rate(token: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Rate an errand, once, by the token of its slip; never one's own work."""
    return rating.give(token, **body, actor=actor, now=now)


@blp.reads("/ratings", roles=STAFF, answers=shown.RatingFigures(), query=taken.RatingQuery(), tagged=False)
def figures(*, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Count and average; null under five. Who may be rated sees his own unit by whole bundles of five, a day later."""
    return ratings.told(query, actor=actor, now=now)


@blp.lists("/rectifications", roles=KEEPERS, item=shown.ShownRectification(), query=taken.RectificationQuery())
def rectification_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What low ratings started, what is due first; open ones unless asked otherwise, none about the caller."""
    return rectifications.listed(query, actor=actor, now=now)


@blp.reads("/rectifications/<string:rectification_id>", roles=KEEPERS, answers=shown.ShownRectification())
def rectification(rectification_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One rectification with its rating."""
    return rectifications.one(rectification_id, actor=actor, now=now)


@blp.lists(
    "/rectifications/<string:rectification_id>/events", roles=KEEPERS, item=Happening(), query=ListQuery()
)
def rectification_events(rectification_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Its history: who rang, planned, put right, appealed, and when."""
    return rectifications.events(rectification_id, query=query, actor=actor, now=now)


@blp.creates(
    "/rectifications/<string:rectification_id>/calls", roles=KEEPERS, body=taken.CallBack(),
    answers=shown.ShownRectification(), shows=rectifications.one, within=within, at_once=True,
    refuses=(Conflict, keeping.AlreadyCalled),
)
def call_back(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Record that the resident was rung: within one working day; three tries count as having rung."""
    return rectifying.call(rectification_id, **body, actor=actor, now=now)


@_transition("plan", taken.Plan())
def plan(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say goal, person, date and quality of what is put right; a later plan takes the place of it."""
    return rectifying.plan(rectification_id, **body, actor=actor, now=now)


@_transition("completion", taken.Finish(), refuses=(keeping.CallbackOutstanding,))
def finish(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """It is put right: the resident is asked for one follow-up rating."""
    return rectifying.finish(rectification_id, **body, actor=actor, now=now)


@_transition("closing", taken.VoiceReason(), roles=frozenset({SUPERVISOR}))
def close(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """The supervisor ends what a follow-up rating left open, with reasons."""
    return rectifying.close(rectification_id, **body, actor=actor, now=now)


@_transition("appeal", taken.VoiceReason(), roles=frozenset({TOWNSHIP}), refuses=(keeping.AlreadyAppealed,))
def appeal(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Hold the rating to be unfounded, for the unit that was rated."""
    return appealing.appeal(rectification_id, **body, actor=actor, now=now)


@_transition(
    "appeal/decision", taken.DecideAppeal(), roles=frozenset({SUPERVISOR}),
    refuses=(keeping.AppealDecided, keeping.NotAppealed),
)
def decide(rectification_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Decide the appeal; upheld, the rating counts in no score, and is not deleted."""
    return appealing.decide(rectification_id, **body, actor=actor, now=now)
