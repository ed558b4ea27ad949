"""Routes of bulletins, of the year's view, and of the problems that reports raise."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.core import downloads, http, official, sheets
from backend.core.actor import Actor
from backend.core.http import PUBLIC
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion, TooMany, Unavailable
from backend.org.rules import scope
from backend.reports.actions import answering, issuing, printing
from backend.reports.queries import bulletins, tasks, years
from backend.reports.rules.bulletins import ISSUERS, AlreadyIssued, NotYetDue
from backend.reports.rules.states import READERS
from backend.reports.rules.tasks import ANSWERERS
from backend.reports.rules.tasks import READERS as FOLLOWERS
from backend.reports.schemas import bulletins as shapes
from backend.reports.schemas import tasks as asked

ONE = "/bulletins/<string:week>"
YEAR = "/weekly-reports/years/<int:year>"
SVG = "image/svg+xml"
OF = shapes.DistrictQuery()

blp = http.Blueprint("bulletins", description="通报 · weekly bulletins, the year's view, problems raised")


@blp.lists("/bulletins", roles=PUBLIC, item=shapes.ListedBulletinShape(), query=shapes.BulletinsQuery(),
           refuses=(NotFound,))
def bulletin_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The issued bulletins of a district, the latest week first."""
    return bulletins.page(query, actor=actor)


@blp.reads(ONE, roles=PUBLIC, answers=shapes.BulletinShape(), query=OF, refuses=(NotFound,), cacheable=True)
def bulletin(week: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The bulletin of a week as it was issued, for ever; before that a preview, ``issued_at`` null."""
    return bulletins.one(week, query, actor=actor, now=now)


@blp.reads(f"{ONE}.json", roles=PUBLIC, media="application/json", query=OF, refuses=(NotFound,))
def bulletin_content(week: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The very bytes whose SHA-256 is ``content_sha256`` and stands in the ledger; 404 before issue."""
    return Response(bulletins.content(week, query, actor=actor), content_type="application/json")


@blp.reads(f"{ONE}.xlsx", roles=PUBLIC, media=sheets.MEDIA, query=OF, refuses=(NotFound, TooMany, Unavailable))
def bulletin_workbook(week: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The bulletin's figures as an Excel workbook with a chart."""
    body = bulletins.one(week, query, actor=actor, now=now)
    return downloads.sent(printing.excel(body, downloads.folder()), f"bulletin-{week}.xlsx", sheets.MEDIA)


@blp.reads(f"{ONE}.docx", roles=PUBLIC, media=official.MEDIA, query=OF, refuses=(NotFound, Unavailable))
def bulletin_document(week: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Response:
    """The bulletin as an official document (GB/T 9704) for Word."""
    body = bulletins.one(week, query, actor=actor, now=now)
    return downloads.sent(printing.word(body, downloads.folder()), f"bulletin-{week}.docx", official.MEDIA)


def _issued(week: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return bulletins.of(scope.district(actor), week, now)


@blp.changes(
    f"{ONE}/issue", roles=ISSUERS, answers=shapes.BulletinShape(), shows=_issued, within=_issued,
    refuses=(NotFound, NotYetDue, AlreadyIssued, StaleVersion),
)
def issue(week: str, *, actor: Actor, now: datetime) -> str:
    """Issue the bulletin of your district's week: from now on it never changes, corrections stand in the next."""
    return issuing.issue(week, actor=actor, now=now)


@blp.reads(YEAR, roles=READERS, answers=shapes.YearViewShape(), refuses=(NotFound,), tagged=False)
def year_view(year: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An ISO year of your district: weeks, townships by their rate in time with their rows, coverage week by week."""
    return years.view(year, actor=actor, now=now)


@blp.reads(f"{YEAR}/chart.svg", roles=READERS, media=SVG, refuses=(NotFound,))
def year_chart(year: int, *, actor: Actor, now: datetime) -> Response:
    """Coverage week by week against the targets, as a picture."""
    response = Response(years.chart(year, actor=actor, now=now), content_type=SVG)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blp.lists("/report-problems", roles=FOLLOWERS, item=asked.TaskShape(), query=asked.TasksQuery())
def problem_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Problems raised by your township, to your department or in your district; open ones, due first."""
    return tasks.page(query, actor=actor, now=now)


def _task(task_id: str, *_: Any, actor: Actor, now: datetime) -> dict[str, Any]:
    return tasks.one(task_id, actor=actor, now=now)


@blp.reads("/report-problems/<string:problem_id>", roles=FOLLOWERS, answers=asked.TaskShape(), refuses=(NotFound,))
def one_problem(problem_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One problem with its answer."""
    return tasks.one(problem_id, actor=actor, now=now)


@blp.changes(
    "/report-problems/<string:problem_id>/answer", roles=ANSWERERS, body=asked.NewAnswer(), answers=asked.TaskShape(),
    shows=_task, within=_task, refuses=(NotFound, IllegalMove, Conflict, StaleVersion),
)
def answer(problem_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Answer a problem raised to your department; the township sees it in its next draft."""
    return answering.answer(problem_id, **body, actor=actor, now=now)
