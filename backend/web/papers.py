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
from backend.web import pages

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
    "/residents/<string:resident_id>/copies/<string:copy_id>/sheet.html", roles=COPIERS, media="text/html",
    refuses=(NotFound,),
)
def copy(resident_id: str, copy_id: str, *, actor: Actor, now: datetime) -> Response:
    """The copy of what is held of a resident, to be printed and handed to her; for ten minutes, to who made it."""
    found = copies.one([resident_id, copy_id], actor=actor, now=now)
    if not found["full"]:
        raise NotFound()
    return pages.render("copy.html", copy=found)
