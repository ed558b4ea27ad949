"""Routes of files that arrive in parts: tus 1.0 at ``/files``, and what became of them as JSON."""
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, request

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Gone, TooLarge
from backend.core.routing import Header
from backend.files import rules, schemas
from backend.files.actions import receiving
from backend.files.api import content
from backend.files.api.blueprint import STAFF, blp
from backend.files.queries import uploads
from backend.files.rules import resumable
from backend.files.rules.announced import FileIdTaken

_BYTES = {"type": "integer", "minimum": 0, "maximum": resumable.MOST_BYTES}
PROTOCOL = Header("Tus-Resumable", {"type": "string", "enum": [resumable.VERSION]})
LENGTH = Header("Upload-Length", _BYTES | {"minimum": 1})
OFFSET = Header("Upload-Offset", _BYTES)
METADATA = Header("Upload-Metadata", {"type": "string", "maxLength": resumable.LONGEST_METADATA}, False)
CHECKSUM = Header("Upload-Checksum", {"type": "string", "maxLength": 100}, False)
EXPIRES = Header("Upload-Expires", {"type": "string"}, False)
PLACE = Header("Location", {"type": "string"})
REFUSED = (resumable.BadUploadHeader, resumable.UnknownProtocol, TooLarge)
CONTENT = (rules.UnsupportedFile, rules.UnsafeFile)


def _heard(name: str) -> str | None:
    found: str | None = request.headers.get(name)
    return found


def _standing(found: dict[str, Any]) -> dict[str, str]:
    """How far the upload is, in the protocol's headers."""
    told = {
        "Tus-Resumable": resumable.VERSION, "Upload-Offset": str(found["received"]),
        "Upload-Length": str(found["length"]), "Cache-Control": "no-store",
    }
    if found["state"] == resumable.ARRIVING:
        told["Upload-Expires"] = format_datetime(found["expires_at"].astimezone(UTC), usegmt=True)
    return told


def _begun(upload_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    found = uploads.own(upload_id, actor=actor, now=now)
    place = f"{request.path}/uploads/{upload_id}"
    return uploads.one(upload_id, actor=actor, now=now) | {"_headers": _standing(found) | {"Location": place}}


@blp.creates(
    "/files", when="Tus-Resumable", keyed=False, roles=STAFF, raw=resumable.MEDIA, answers=schemas.UploadShape(),
    shows=_begun, headers=(PROTOCOL, LENGTH, METADATA, CHECKSUM), gives=(PROTOCOL, PLACE, OFFSET, EXPIRES),
    refuses=(
        *REFUSED, *CONTENT, FileIdTaken, resumable.AnotherLength, resumable.QuotaSpent, resumable.WrongOffset,
        resumable.WrongChecksum, Gone,
    ),
)
def begin_upload(*, data: bytes, actor: Actor, now: datetime) -> str:
    """Begin an upload in parts, or find the one that was begun under this id; a first part may come along."""
    resumable.check_version(_heard("Tus-Resumable"))
    length, named = resumable.length_of(_heard("Upload-Length")), resumable.identifier_of(_heard("Upload-Metadata"))
    resumable.check_sum(_heard("Upload-Checksum"), data)
    resumable.check_first(length, len(data))
    upload_id = receiving.begin(named, length, actor=actor, now=now)
    if data and uploads.own(upload_id, actor=actor, now=now)["received"] == 0:
        receiving.append(upload_id, 0, data, content.folder(), actor=actor, now=now)
    return upload_id


@blp.lists("/files/uploads", roles=STAFF, item=schemas.UploadShape(), query=schemas.UploadQuery())
def list_uploads(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The caller's own uploads, the latest begun first."""
    return uploads.listed(query, actor=actor, now=now)


@blp.tells(
    "HEAD", "/files/uploads/<upload_id>", roles=STAFF, headers=(PROTOCOL,),
    gives=(PROTOCOL, OFFSET, LENGTH, METADATA, EXPIRES),
    refuses=(resumable.UnknownProtocol, Gone, *CONTENT),
)
def how_far(upload_id: str, *, actor: Actor, now: datetime) -> Response:
    """Where an upload of one's own stands: its next part begins there."""
    found = uploads.own(upload_id, actor=actor, now=now)
    resumable.check_version(_heard("Tus-Resumable"))
    resumable.check_going_on(found)
    return Response(status=200, headers=_standing(found) | {"Upload-Metadata": resumable.metadata_of(upload_id)})


@blp.reads("/files/uploads/<upload_id>", roles=STAFF, answers=schemas.UploadShape(), cacheable=True)
def read_upload(upload_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What became of an upload: arriving, kept (with its file), refused (with the reason), expired."""
    return uploads.one(upload_id, actor=actor, now=now)


@blp.patches(
    "/files/uploads/<upload_id>", roles=STAFF, matched=False, status=204, raw=resumable.MEDIA, media=(),
    headers=(PROTOCOL, OFFSET, CHECKSUM), gives=(PROTOCOL, OFFSET, EXPIRES),
    refuses=(*REFUSED, *CONTENT, resumable.WrongOffset, resumable.WrongChecksum, Gone),
)
def append(upload_id: str, *, data: bytes, actor: Actor, now: datetime) -> Response:
    """Add a part of at most 1 MiB; the last one makes it a file, or tells why it is none."""
    uploads.own(upload_id, actor=actor, now=now)
    resumable.check_version(_heard("Tus-Resumable"))
    offset = resumable.offset_of(_heard("Upload-Offset"))
    resumable.check_sum(_heard("Upload-Checksum"), data)
    found = receiving.append(upload_id, offset, data, content.folder(), actor=actor, now=now)
    return Response(status=204, headers=_standing(found))


@blp.deletes(
    "/files/uploads/<upload_id>", roles=STAFF, matched=False, headers=(PROTOCOL,),
    refuses=(resumable.UnknownProtocol, resumable.UploadKept),
)
def give_up(upload_id: str, *, actor: Actor, now: datetime) -> None:
    """Give an upload up that has not become a file."""
    uploads.own(upload_id, actor=actor, now=now)
    resumable.check_version(_heard("Tus-Resumable"))
    receiving.give_up(upload_id, actor=actor, now=now)
