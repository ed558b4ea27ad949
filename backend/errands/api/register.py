"""Routes of the register, handed out as a workbook."""
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app
from werkzeug.wsgi import FileWrapper

from backend.core import clock, sheets
from backend.core.actor import Actor
from backend.core.problems import TooMany
from backend.errands.actions import exporting
from backend.errands.api.blueprint import blp
from backend.errands.schemas import register as shapes
from backend.org.rules.scope import READERS

CHUNK = 1 << 16


def folder() -> Path:
    """Where workbooks are made: on the disk of the data, for its owner only."""
    return current_app.extensions["daiban"].settings.data_dir


def workbook(file: Any, name: str) -> Response:
    """The file as a download, closed (and so gone) when it has been sent."""
    size = file.seek(0, 2)
    file.seek(0)
    response = Response(FileWrapper(file, CHUNK), content_type=sheets.MEDIA, direct_passthrough=True)
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.call_on_close(file.close)
    return response


@blp.reads(
    "/errands/export.xlsx", roles=READERS, media=sheets.MEDIA, query=shapes.RegisterQuery(), refuses=(TooMany,)
)
def export_register(*, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The register of the caller's scope as an Excel workbook: all states unless asked otherwise.

    Phones and addresses are masked for everybody, ID numbers left out; ``from`` and ``to`` are days
    of receipt, both inclusive. Each export is entered in the ledger with its filters and number of rows.
    """
    file = exporting.export(query, folder(), actor=actor, now=now)
    return workbook(file, f"register-{clock.local_date(now):%Y%m%d}.xlsx")
