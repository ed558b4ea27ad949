"""The route of a report's photos: who reads the report sees them."""
from datetime import datetime

from flask import Response

from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.files import api as files
from backend.reports.api.blueprint import blp
from backend.reports.queries import reports
from backend.reports.rules.states import READERS

PICTURES = ("image/jpeg", "image/png", "image/webp")


@blp.reads(
    "/weekly-reports/<string:week>/<string:unit_code>/photos/<sha256>", roles=READERS, media=PICTURES, cacheable=True,
    refuses=(NotFound,),
)
def photo(week: str, unit_code: str, sha256: str, *, actor: Actor, now: datetime) -> Response:
    """A photo that stands in a text of the report."""
    return files.served(sha256, reports.photo(week, unit_code, sha256, actor=actor, now=now))
