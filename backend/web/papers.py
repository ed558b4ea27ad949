"""Papers printed for those who may read them: an errand's slip, mandate, notices, undertaking, decision; rosters."""
from datetime import datetime
from typing import Any

from flask import Response, current_app

from backend.core import http
from backend.core.actor import HANDLER, Actor
from backend.core.problems import NotFound
from backend.disclosure.api.personal import COPIERS
from backend.disclosure.queries import copies
from backend.errands import rules
from backend.errands.queries import notices, papers, turns
from backend.errands.rules import papers as paperwork
from backend.org.rules.scope import READERS
from backend.people.queries import sheets
from backend.projects.queries import procedures
from backend.projects.rules.who import READERS as PROJECT_READERS
from backend.surveys import rules as asking
from backend.surveys import schemas as surveys
from backend.surveys.actions import issuing
from backend.voice.queries import slips
from backend.voice.rules import ratings
from backend.web import pages

LEVELS = tuple((level, ratings.LEVEL_NAMES[level].zh) for level in reversed(ratings.LEVELS))

blp = http.Blueprint("papers", description="打印件 · papers of an errand, rosters")


@blp.reads("/errands/<string:errand_id>/slip", roles=READERS, media="text/html")
def slip(errand_id: str, *, actor: Actor, now: datetime) -> Response:
    """Acceptance slip: number, due date, the agent's phone, QR to the progress page."""
    found = papers.printed(errand_id, actor=actor, now=now)
    return pages.render("slip.html", errand=found, url=_progress(found))


def _progress(found: dict[str, Any]) -> str:
    base = current_app.extensions["daiban"].settings.public_url
    return f"{base}/progress#{found['number']}"


@blp.reads("/errands/<string:errand_id>/mandate.html", roles=READERS, media="text/html")
def mandate(errand_id: str, *, actor: Actor, now: datetime) -> Response:
    """The mandate as a form to sign."""
    return pages.render("mandate.html", errand=papers.mandated(errand_id, actor=actor, now=now))


@blp.reads(
    "/errands/<string:errand_id>/rating-slip.html", roles=ratings.ISSUERS, media="text/html",
    refuses=(ratings.OwnWork,),
)
def rating_slip(errand_id: str, *, actor: Actor, now: datetime) -> Response:
    """The rating slip to be handed out: the code of the last one that is good, with its QR."""
    base = current_app.extensions["daiban"].settings.public_url
    found = slips.printed(errand_id, actor=actor, now=now)
    return pages.render("ratingslip.html", slip=found, url=f"{base}/rating#{found['token']}", levels=LEVELS)


@blp.reads(
    "/errands/<string:errand_id>/supplement-notices/<int:n>/notice.html", roles=READERS, media="text/html"
)
def notice(errand_id: str, n: int, *, actor: Actor, now: datetime) -> Response:
    """The one-time notice of everything that is missing."""
    found = notices.printed(errand_id, n, actor=actor, now=now)
    return pages.render("notice.html", errand=found, url=_progress(found))


@blp.reads(
    "/errands/<string:errand_id>/undertaking.html", roles=READERS, media="text/html",
    refuses=(paperwork.NothingDeferrable,),
)
def undertaking(errand_id: str, *, actor: Actor, now: datetime) -> Response:
    """The undertaking to bring what is deferred, as a form to sign."""
    return pages.render("undertaking.html", errand=papers.undertaken(errand_id, actor=actor, now=now))


@blp.reads(
    "/errands/<string:errand_id>/decision.html", roles=READERS, media="text/html", refuses=(rules.Undecided,)
)
def decision(errand_id: str, *, actor: Actor, now: datetime) -> Response:
    """The outcome in writing: reasons, the way on, the right to have it re-checked."""
    return pages.render("decision.html", errand=papers.decided(errand_id, actor=actor, now=now))


@blp.reads("/errands/<string:errand_id>/suspensions/<int:n>/notice.html", roles=READERS, media="text/html")
def suspension_notice(errand_id: str, n: int, *, actor: Actor, now: datetime) -> Response:
    """The written notice that the limit stands still: why, since when, what remains."""
    return pages.render("suspension.html", errand=turns.notified(errand_id, n, actor=actor, now=now))


@blp.reads("/units/<code>/rosters/<month>/sheet.html", roles=READERS - {HANDLER}, media="text/html")
def roster(code: str, month: str, *, actor: Actor, now: datetime) -> Response:
    """The month's roster to be hung up: shifts by day, stand-ins, whom to ring after hours."""
    return pages.render("roster.html", roster=sheets.printed(code, month, actor=actor, now=now))


@blp.reads(
    "/projects/<string:project_id>/procedures/<string:code>/deemed-consents/<int:n>/notice.html",
    roles=PROJECT_READERS, media="text/html",
)
def consent_notice(project_id: str, code: str, n: int, *, actor: Actor, now: datetime) -> Response:
    """The numbered notice of a deemed consent: what counts as consented to, that it is no approval, what is owed."""
    return pages.render("consent.html", consent=procedures.notice(project_id, code, n, actor=actor))


@blp.reads(
    "/surveys/<string:survey_id>/slips.html", roles=asking.MAKERS, media="text/html", query=surveys.SlipsQuery(),
    refuses=(NotFound,),
)
def survey_slips(survey_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """Slips of a survey to be printed and cut, each with the QR code of its page."""
    survey, tokens = issuing.printed(survey_id, query["first"], actor=actor)
    base = current_app.extensions["daiban"].settings.public_url
    slips = [{"url": f"{base}/survey#{survey_id}.{token}"} for token in tokens]
    return pages.render("survey-slips.html", survey=survey, slips=slips)


@blp.reads(
    "/residents/<string:resident_id>/copies/<string:copy_id>/sheet.html", roles=COPIERS, media="text/html",
    refuses=(NotFound,),
)
def copy(resident_id: str, copy_id: str, *, actor: Actor, now: datetime) -> Response:
    """The copy of what is held of a resident, to be printed and handed to her; for ten minutes, to who made it."""
    found = copies.one([resident_id, copy_id], actor=actor, now=now)
    if not found["full"]:
        raise NotFound()
    return pages.render("copy.html", copy=found)
