"""The bulletin as a page for everybody, to be read on the screen and printed."""
from datetime import datetime
from typing import Any

from flask import Response
from markupsafe import Markup

from backend.core import drawn, http
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.reports.queries import bulletins
from backend.reports.rules import wording
from backend.reports.schemas import bulletins as shapes
from backend.web import pages

blp = http.Blueprint("bulletin_pages", description="通报网页 · the bulletin as a page")


@blp.reads(
    "/bulletins/<string:week>.html", roles=http.PUBLIC, media="text/html", query=shapes.DistrictQuery(),
    refuses=(NotFound,),
)
def page(week: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The bulletin of a week as a page with its chart; before issue a preview, marked as such."""
    return shown(bulletins.one(week, query, actor=actor, now=now))


def shown(body: dict[str, Any]) -> Response:
    """The page of a bulletin's body."""
    return pages.public(
        "bulletin.html", body=body, content=list(wording.document(body)), picture=lambda chart: Markup(drawn.svg(chart))
    )
