"""Routes of weekly reports."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.reports.actions import drafting, filing, judging
from backend.reports.api.blueprint import blp, shown, within
from backend.reports.queries import reports
from backend.reports.rules.states import OFFICES, READERS, WRITERS, WeekNotBegun
from backend.reports.schemas import reports as shapes

ONE = "/weekly-reports/<string:week>/<string:unit_code>"
MOVED = (NotFound, IllegalMove, WeekNotBegun, Conflict, StaleVersion)


@blp.lists("/weekly-reports", roles=READERS, item=shapes.ListedReport(), query=shapes.ReportQuery())
def list_reports(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The reports of a week (the present one unless named), begun or not, by township; all states unless asked."""
    return reports.page(query, actor=actor, now=now)


@blp.reads(ONE, roles=READERS, answers=shapes.ReportShape(), refuses=(NotFound,))
def read_report(week: str, unit_code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A township's report of a week: prefilled from the register with what must be said, or what was filed."""
    return shown([week, unit_code], actor=actor, now=now)


@blp.changes(
    ONE, roles=WRITERS, body=shapes.DraftBody(), answers=shapes.ReportShape(), shows=shown, within=within,
    refuses=MOVED,
)
def save_draft(week: str, unit_code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Save the draft: sites (all or some), problems, plan. What only the server says is ignored."""
    return drafting.save(week, unit_code, given=body, actor=actor, now=now)


def _receipt(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return reports.receipt(ref[0], ref[1], actor=actor, now=now)


@blp.changes(
    f"{ONE}/filing", roles=WRITERS, answers=shapes.ReceiptShape(), shows=_receipt, within=within, refuses=MOVED,
    at_once=True,
)
def file_report(week: str, unit_code: str, *, actor: Actor, now: datetime) -> list[str]:
    """File the draft: a receipt with its number and the server's time. Late is filed but late.

    Refused where there is no site or no plan, or where it does not agree with the register; every sentence names
    the field and the site.
    """
    return filing.file(week, unit_code, actor=actor, now=now)


@blp.changes(
    f"{ONE}/return", roles=OFFICES, body=shapes.ReturnBody(), answers=shapes.ReportShape(), shows=shown, within=within,
    refuses=MOVED,
)
def return_report(week: str, unit_code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Send a filed report back with reasons; filed again it keeps the time of its first filing."""
    return judging.send_back(week, unit_code, **body, actor=actor, now=now)


@blp.changes(
    f"{ONE}/acceptance", roles=OFFICES, answers=shapes.ReportShape(), shows=shown, within=within, refuses=MOVED,
)
def accept_report(week: str, unit_code: str, *, actor: Actor, now: datetime) -> list[str]:
    """Accept a filed report."""
    return judging.accept(week, unit_code, actor=actor, now=now)


def _revision(ref: list[Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return reports.revision(*ref, actor=actor, now=now)


@blp.creates(
    f"{ONE}/corrections", roles=WRITERS, body=shapes.CorrectionBody(), answers=shapes.RevisionShape(),
    shows=_revision, within=within, refuses=MOVED, tagged=False,
)
def correct_report(week: str, unit_code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[Any]:
    """Correct a filed report, with reasons: its time stays that of the filing, and both texts are kept."""
    return filing.correct(week, unit_code, given=body, actor=actor, now=now)


@blp.lists(f"{ONE}/revisions", roles=READERS, item=shapes.RevisionShape(), refuses=(NotFound,))
def list_revisions(week: str, unit_code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Every text of the report that was filed, first to last."""
    return reports.revisions(week, unit_code, query, actor=actor, now=now)


@blp.reads(f"{ONE}/revisions/<int:n>", roles=READERS, answers=shapes.RevisionShape(), refuses=(NotFound,), tagged=False)
def read_revision(week: str, unit_code: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One text of the report as it was filed."""
    return reports.revision(week, unit_code, n, actor=actor, now=now)
