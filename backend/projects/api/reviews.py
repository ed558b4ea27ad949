"""Routes of joint reviews: called, signed for, excused, attended, concluded; minutes and their assignments."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound
from backend.projects.actions import attending, carrying, concluding, summoning
from backend.projects.queries import assignments, reviews
from backend.projects.rules import consent, states, who
from backend.projects.rules import reviews as rules
from backend.projects.schemas import reviews as shapes

blp = http.Blueprint("joint_reviews", description="联合会审 · joint reviews, their minutes and assignments")

READERS, AGENTS = who.READERS, states.AGENTS
REVIEW = "/joint-reviews/<string:review_id>"
SUMMONS = REVIEW + "/summonses/<string:department>"
ASSIGNMENT = "/review-assignments/<string:assignment_id>"


def within(review_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the review is not the caller's to see."""
    reviews.row(review_id, actor)


def within_summons(review_id: str, department: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where there is no such summons that the caller may see."""
    reviews.summons((review_id, department), actor=actor, now=now)


def within_assignment(assignment_id: str, *, actor: Actor, now: datetime) -> None:
    """NotFound where the assignment is not the caller's to see."""
    assignments.row(assignment_id, actor)


@blp.lists("/joint-reviews", roles=READERS, item=shapes.ListedReview(), query=shapes.ReviewQuery())
def review_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Joint reviews of the caller's scope, those not concluded unless asked otherwise, the earliest first."""
    return reviews.listed(query, actor=actor, now=now)


@blp.creates(
    "/joint-reviews", roles=AGENTS, body=shapes.ReviewIn(), answers=shapes.ShownReview(), shows=reviews.one,
    refuses=(NotFound, who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def call_review(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Summon departments to decide together; each is told, and signs for its summons."""
    return summoning.call(body, actor=actor, now=now)


@blp.reads(REVIEW, roles=READERS, answers=shapes.ShownReview())
def review(review_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One joint review: summonses, who has not answered, minutes."""
    return reviews.one(review_id, actor=actor, now=now)


@blp.changes(
    f"{REVIEW}/postponement", roles=AGENTS, body=shapes.Postponement(), answers=shapes.ShownReview(),
    shows=reviews.one, within=within, refuses=(who.NotYourProject, IllegalMove, Conflict, rules.MeetingBegun),
    at_once=True,
)
def postpone_review(review_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Put a meeting off before it begins: every department is summoned anew."""
    return summoning.postpone(review_id, **body, actor=actor, now=now)


@blp.changes(
    f"{REVIEW}/conclusion", roles=AGENTS, answers=shapes.ShownReview(), shows=reviews.one, within=within,
    refuses=(who.NotYourProject, IllegalMove, Conflict, rules.MeetingNotBegun, rules.AnswersOutstanding), at_once=True,
)
def conclude_review(review_id: str, *, actor: Actor, now: datetime) -> str:
    """Close a joint review once every department has spoken, or is deemed to have."""
    return concluding.conclude(review_id, actor=actor, now=now)


@blp.changes(
    f"{REVIEW}/minutes", roles=AGENTS, body=shapes.MinutesIn(), answers=shapes.ShownReview(), shows=reviews.one,
    within=within, refuses=(who.NotYourProject, IllegalMove, Conflict, rules.MeetingNotBegun, rules.MinutesIssued),
    at_once=True,
)
def issue_minutes(review_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Issue the minutes and what they charge departments with, once, under a number."""
    return concluding.minute(review_id, text=body["text"], charges=body["assignments"], actor=actor, now=now)


@blp.lists(
    f"{REVIEW}/summonses", roles=READERS, item=shapes.SummonsShape(), query=shapes.SummonsQuery(), within=within,
    refuses=(NotFound,),
)
def summons_list(review_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The summonses of a joint review by department."""
    return reviews.summons_page(review_id, query, actor=actor, now=now)


@blp.reads(SUMMONS, roles=READERS, answers=shapes.SummonsShape())
def summons(review_id: str, department: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a department was called with, and what became of it."""
    return reviews.summons((review_id, department), actor=actor, now=now)


def _shown(ref: Sequence[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    if attending.LATE in ref[2:]:
        raise consent.AlreadyDeemed()
    return reviews.summons(ref[:2], actor=actor, now=now)


MINE = (who.NotYourProject, who.NotYourDepartment, IllegalMove, Conflict, rules.AlreadyAnswered)


@blp.changes(
    f"{SUMMONS}/signature", roles=states.SERVERS, body=shapes.Signature(), answers=shapes.SummonsShape(), shows=_shown,
    within=within_summons, refuses=MINE, at_once=True,
)
def sign_summons(
    review_id: str, department: str, *, body: dict[str, Any], actor: Actor, now: datetime
) -> list[str]:
    """Record that a department signed for its summons: from then on its unexcused absence counts."""
    return attending.sign(review_id, department, **body, actor=actor, now=now)


@blp.changes(
    f"{SUMMONS}/excuse", roles=states.DEPARTMENTS, body=shapes.Excuse(), answers=shapes.SummonsShape(), shows=_shown,
    within=within_summons, refuses=(who.NotYourDepartment, IllegalMove, Conflict, rules.AlreadyAnswered,
                                    rules.MeetingBegun), at_once=True,
)
def excuse_department(
    review_id: str, department: str, *, body: dict[str, Any], actor: Actor, now: datetime
) -> list[str]:
    """Excuse the department in writing, before the meeting: it answers within two working days after it."""
    return attending.excuse(review_id, department, **body, actor=actor, now=now)


@blp.changes(
    f"{SUMMONS}/attendance", roles=states.SERVERS, body=shapes.Attendance(), answers=shapes.SummonsShape(),
    shows=_shown, within=within_summons, refuses=(*MINE, rules.MeetingNotBegun, consent.AlreadyDeemed),
)
def attend(review_id: str, department: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Record whether a department came and its word; or its written answer, where one is awaited."""
    return attending.attend(review_id, department, **body, actor=actor, now=now)


@blp.lists("/review-assignments", roles=READERS, item=shapes.AssignmentShape(), query=shapes.AssignmentQuery())
def assignment_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What minutes charged departments with, open ones unless asked otherwise, due first."""
    return assignments.listed(query, actor=actor, now=now)


@blp.reads(ASSIGNMENT, roles=READERS, answers=shapes.AssignmentShape())
def assignment(assignment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One assignment: its lead, who takes part, until when, whether it is done."""
    return assignments.one(assignment_id, actor=actor, now=now)


@blp.changes(
    f"{ASSIGNMENT}/completion", roles=states.DEPARTMENTS, body=shapes.AssignmentReport(),
    answers=shapes.AssignmentShape(), shows=assignments.one, within=within_assignment,
    refuses=(who.NotYourDepartment, IllegalMove, Conflict), at_once=True,
)
def complete_assignment(assignment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Report an assignment as done, by its lead department."""
    return carrying.complete(assignment_id, **body, actor=actor, now=now)


@blp.changes(
    f"{ASSIGNMENT}/return", roles=AGENTS, body=shapes.AssignmentReturn(), answers=shapes.AssignmentShape(),
    shows=assignments.one, within=within_assignment, refuses=(who.NotYourProject, IllegalMove, Conflict), at_once=True,
)
def return_assignment(assignment_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Send an assignment back to its lead, which has not done what was asked; its date stays."""
    return carrying.send_back(assignment_id, **body, actor=actor, now=now)
