"""Routes of paper registers that are taken in: checked first, then confirmed."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import downloads, faults, sheets
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Gone, TooLarge, TooMany
from backend.core.sheetparts import UnsafeWorkbook
from backend.core.workbooks import NotAWorkbook
from backend.errands.actions import exporting, importing
from backend.errands.api.blueprint import TAKERS, blp
from backend.errands.queries import imports
from backend.errands.rules.register import AlreadyImported, ImportHasErrors
from backend.errands.schemas import imports as shapes


def _shown(import_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return imports.one(import_id, english=faults.wants_english(), actor=actor, now=now)


@blp.reads("/errands/register-template.xlsx", roles=TAKERS, media=sheets.MEDIA)
def register_template(*, actor: Actor, now: datetime) -> Response:
    """An empty form for a paper register, with instructions in Chinese."""
    return downloads.sent(exporting.template(downloads.folder()), "register-template.xlsx", sheets.MEDIA)


@blp.creates(
    "/errands/imports", roles=TAKERS, upload=True, answers=shapes.ShownImport(), shows=_shown,
    refuses=(NotAWorkbook, UnsafeWorkbook, TooLarge, TooMany),
)
def check_register(*, data: bytes, actor: Actor, now: datetime) -> str:
    """Hand in a paper register (xlsx): a report line by line; no errand is written yet.

    At most 10 MiB and 5,000 lines; every line must be right before it can be confirmed, within seven days.
    """
    return importing.check(data, actor=actor, now=now)


@blp.lists("/errands/imports", roles=TAKERS, item=shapes.ListedImport(), query=shapes.ImportQuery())
def list_imports(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Imports of one's unit, for townships of their subtree; newest first."""
    return imports.listed(query, actor=actor, now=now)


@blp.reads("/errands/imports/<string:import_id>", roles=TAKERS, answers=shapes.ShownImport())
def read_import(import_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One import with its report; at most 500 errors and 500 warnings are listed, all are counted."""
    return _shown(import_id, actor=actor, now=now)


@blp.changes(
    "/errands/imports/<string:import_id>/confirmation", roles=TAKERS, answers=shapes.ShownImport(), shows=_shown,
    within=_shown, refuses=(Conflict, Gone, ImportHasErrors, AlreadyImported),
)
def confirm_import(import_id: str, *, actor: Actor, now: datetime) -> str:
    """Write all lines of a checked register as finished errands, or none."""
    return importing.confirm(import_id, actor=actor, now=now)
