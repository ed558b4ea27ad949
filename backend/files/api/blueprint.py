"""The blueprint that all routes of files are declared on, and what it says of itself."""
from datetime import datetime

from flask import Response, request

from backend.core import http
from backend.core.actor import ADMIN, AGENT, OPERATOR, ROLES, SUPERVISOR, TOWNSHIP, Actor
from backend.core.routing import Header
from backend.files.rules import resumable

blp = http.Blueprint("files", description="文件 · photos and papers")
STAFF = frozenset(ROLES)
TAKERS = frozenset({AGENT, OPERATOR, TOWNSHIP})
READERS = TAKERS | {SUPERVISOR, ADMIN}
SPOKEN = {
    "Tus-Version": resumable.VERSION, "Tus-Max-Size": str(resumable.MOST_BYTES),
    "Tus-Extension": ",".join(resumable.EXTENSIONS), "Tus-Checksum-Algorithm": ",".join(resumable.ALGORITHMS),
}


@blp.after_request
def name_protocol(response: Response) -> Response:
    """Whoever speaks tus is answered in it, refusals included."""
    if "Tus-Resumable" in request.headers or "Tus-Version" in response.headers:
        response.headers.setdefault("Tus-Resumable", resumable.VERSION)
    return response


@blp.tells(
    "OPTIONS", "/files", roles=http.PUBLIC, status=204,
    gives=tuple(Header(name, {"type": "string"}) for name in SPOKEN),
)
def spoken(*, actor: Actor, now: datetime) -> Response:
    """What is spoken here of tus, the protocol of resumable uploads; declared before what Flask would answer itself."""
    return Response(status=204, headers=SPOKEN)
