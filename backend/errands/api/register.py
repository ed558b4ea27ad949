"""Routes of the register, handed out as a workbook."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import clock, downloads, sheets
from backend.core.actor import Actor
from backend.core.problems import TooMany
from backend.errands.actions import exporting
from backend.errands.api.blueprint import blp
from backend.errands.schemas import register as shapes
from backend.org.rules.scope import READERS


@blp.reads(
    "/errands/export.xlsx", roles=READERS, media=sheets.MEDIA, query=shapes.RegisterQuery(), refuses=(TooMany,)
)
def export_register(*, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The register of the caller's scope as an Excel workbook: all states unless asked otherwise.

    Phones and addresses are masked for everybody, ID numbers left out; ``from`` and ``to`` are days
    of receipt, both inclusive. Each export is entered in the ledger with its filters and number of rows.
    """
    file = exporting.export(query, downloads.folder(), actor=actor, now=now)
    return downloads.sent(file, f"register-{clock.local_date(now):%Y%m%d}.xlsx", sheets.MEDIA)
