"""Routes of the Excel form of a weekly report."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import sheets
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion, TooLarge, TooMany
from backend.core.sheetparts import UnsafeWorkbook
from backend.core.workbooks import NotAWorkbook
from backend.reports.actions import forms
from backend.reports.api.blueprint import blp, shown, within
from backend.reports.rules.form import FormHasErrors
from backend.reports.rules.states import READERS, WRITERS, WeekNotBegun
from backend.reports.schemas import reports as shapes

ONE = "/weekly-reports/<string:week>/<string:unit_code>"


@blp.reads(f"{ONE}/form.xlsx", roles=READERS, media=sheets.MEDIA, refuses=(NotFound, TooMany))
def form(week: str, unit_code: str, *, actor: Actor, now: datetime) -> Response:
    """The report's Excel form, prefilled, with instructions in Chinese."""
    response = Response(forms.prefilled(week, unit_code, actor=actor, now=now), content_type=sheets.MEDIA)
    response.headers["Content-Disposition"] = f'attachment; filename="weekly-report-{week}-{unit_code}.xlsx"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blp.creates(
    f"{ONE}/form", roles=WRITERS, upload=True, status=200, answers=shapes.ReportShape(), shows=shown, within=within,
    refuses=(
        NotFound, IllegalMove, WeekNotBegun, Conflict, StaleVersion, NotAWorkbook, UnsafeWorkbook, TooLarge, TooMany,
        FormHasErrors,
    ),
)
def take_form(week: str, unit_code: str, *, data: bytes, actor: Actor, now: datetime) -> Any:
    """Hand in the filled-in Excel form: it replaces the draft, or nothing of it is taken and each fault is named."""
    return forms.take(week, unit_code, data=data, actor=actor, now=now)
