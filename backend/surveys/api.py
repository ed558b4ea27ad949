"""Routes of surveys."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import Actor, anonymous
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.core.shapes import Empty
from backend.surveys import rules, schemas
from backend.surveys.actions import answering, issuing, making
from backend.surveys.queries import results, surveys

blp = http.Blueprint("surveys", description="问卷调查 · anonymous surveys")

WHO = rules.MAKERS
ONE = "/surveys/<string:survey_id>"
MOVED = (IllegalMove, Conflict, StaleVersion)


def within(survey_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the survey is another district's."""
    surveys.own(survey_id, actor)


def begun(survey_id: str, *_: str, actor: Actor, now: datetime) -> None:
    """NotFound where the survey is not there for everybody."""
    surveys.row(survey_id, anonymous())


def _transition(noun: str, *, body: Any = None, refuses: tuple[type, ...] = ()) -> Any:
    return blp.changes(
        f"{ONE}/{noun}", roles=WHO, body=body or Empty(), answers=schemas.ShownSurvey(), shows=surveys.one,
        within=within, refuses=(*MOVED, *refuses),
    )


@blp.creates(
    "/surveys", roles=WHO, body=schemas.DrawUpSurvey(), answers=schemas.ShownSurvey(), shows=surveys.one,
)
def draw_up(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Draw a survey up, by section; a draft until it is opened."""
    return making.draw_up(body, actor=actor, now=now)


@blp.lists("/surveys", roles=PUBLIC, item=schemas.ListedSurvey(), query=schemas.SurveyQuery(), refuses=(NotFound,))
def survey_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Surveys, the newest first; drafts only for the supervising office."""
    return surveys.listed(query, actor=actor)


@blp.reads(ONE, roles=PUBLIC, answers=schemas.ShownSurvey(), refuses=(NotFound,))
def survey(survey_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One survey with its questions."""
    return surveys.one(survey_id, actor=actor, now=now)


@blp.changes(
    ONE, roles=WHO, body=schemas.DrawUpSurvey(), answers=schemas.ShownSurvey(), shows=surveys.one, within=within,
    refuses=MOVED,
)
def amend(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write a draft anew."""
    return making.amend(survey_id, body, actor=actor, now=now)


@_transition("opening")
def open_survey(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Open the survey: its questions stand, slips can be given out."""
    return making.open(survey_id, actor=actor, now=now)


@_transition("cancellation")
def drop(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Give a draft up."""
    return making.drop(survey_id, actor=actor, now=now)


@_transition("closing")
def close(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Close the survey before its last day."""
    return making.close(survey_id, actor=actor, now=now)


@_transition("publication", refuses=(rules.TooFewAnswers,))
def publish(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Publish the results of a survey that is over."""
    return making.publish(survey_id, actor=actor, now=now)


@blp.creates(
    f"{ONE}/slips", roles=WHO, body=schemas.IssueSlips(), answers=schemas.Slips(), shows=issuing.issued,
    within=within, refuses=MOVED, tagged=False,
)
def issue(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Give slips out, each good for one answer; nobody writes down who gets which."""
    return issuing.issue(survey_id, **body, actor=actor, now=now)


@blp.creates(
    f"{ONE}/answers", roles=PUBLIC, keyed=False, body=schemas.AnswerSurvey(), answers=schemas.AnswerCounted(),
    within=begun, refuses=(NotFound, rules.SurveyOver, rules.SlipUsed), tagged=False,
)
def answer(survey_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """Answer with a slip, as nobody: whoever is signed in is not looked at. Sent twice it says ``slip-used``."""
    return answering.answer(survey_id, **body, actor=anonymous().calling(actor.call), now=now)


@blp.reads(f"{ONE}/results", roles=PUBLIC, answers=schemas.SurveyResults(), refuses=(NotFound,))
def survey_results(survey_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the survey found, by section and unit: for everybody once published, for the district's offices before."""
    return results.of(survey_id, actor=actor, now=now)
