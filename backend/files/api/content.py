"""Routes of files as they are: one request up, content down."""
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app

from backend.core import http, vault
from backend.core.actor import Actor
from backend.core.problems import NotFound, TooLarge
from backend.files import queries, rules, schemas
from backend.files.actions import intake
from backend.files.api.blueprint import STAFF, blp

SHA256 = 64
"""Hexadecimal digits."""
SHOWN = ("id", "sha256", "media_type", "size", "version")


def folder() -> Path:
    """Where the bytes of files stand."""
    return current_app.extensions["daiban"].settings.data_dir / "files"


def _shown(file_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    found = queries.arrived(file_id, actor)
    if found is None:
        raise NotFound()
    return {name: found[name] for name in SHOWN}


@blp.creates(
    "/files", roles=STAFF, upload=True, answers=schemas.FileShape(), shows=_shown,
    refuses=(rules.UnsupportedFile, rules.UnsafeFile, TooLarge),
)
def hand_in(*, data: bytes, actor: Actor, now: datetime) -> str:
    """Keep a photo (JPEG, PNG, WebP; re-encoded without metadata) or a PDF of at most 10 MiB."""
    return intake.take(data, folder(), actor=actor, now=now)


@blp.reads("/files/<sha256>", roles=STAFF, media=schemas.MEDIA, cacheable=True, refuses=(NotFound,))
def content(sha256: str, *, actor: Actor, now: datetime) -> Response:
    """The content of a file that the caller's scope holds, by its hash or by the id that refers to it elsewhere."""
    found = queries.with_content(sha256, actor) if len(sha256) == SHA256 else queries.arrived(sha256, actor)
    if found is None:
        raise NotFound()
    return served(found["sha256"], found["media_type"])


def served(sha256: str, media_type: str) -> Response:
    """The content, for a caller whose right to it is known: shown as what it is and nothing else."""
    response = Response(vault.get(folder(), sha256), content_type=media_type)
    response.set_etag(sha256)
    response.headers |= {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    if media_type == rules.PDF:
        response.headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}.pdf"'
    http.unless_known(response)
    return response
