"""A notice of praise, criticism or exposure as a page, to be read on the screen and printed."""
from datetime import datetime

from flask import Response
from markupsafe import Markup

from backend.core import drawn, http
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.supervision.queries import notices
from backend.supervision.rules import notices as rules
from backend.web import pages

blp = http.Blueprint("notice_pages", description="督查通报网页 · a notice as a page")


@blp.reads(
    "/notices/<string:notice_id>.html", roles=http.PUBLIC, media="text/html", refuses=(NotFound,)
)
def notice_page(notice_id: str, *, actor: Actor, now: datetime) -> Response:
    """The notice as a page: public ones for everybody, others for the staff of the district."""
    body = notices.body(notice_id, actor=actor)
    shown = pages.public if body["public"] and body["issued_at"] else pages.render
    return shown(
        "bulletin.html", body=body, content=list(rules.document(body)), picture=lambda chart: Markup(drawn.svg(chart))
    )
