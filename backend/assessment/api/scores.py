"""Routes of half-years, scores and what they rest on."""
from datetime import datetime
from typing import Any

from flask import Response

from backend.assessment.actions import entering, exporting
from backend.assessment.api.blueprint import blp
from backend.assessment.queries import lines, periods, recomputing, standings
from backend.assessment.rules import CHECKERS, DECIDERS, EXPORTERS, READERS
from backend.assessment.schemas import scores as shapes
from backend.core import downloads, sheets
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, TooMany, Unavailable

ONE = "/assessments/<string:period>"
SCORE = f"{ONE}/scores/<string:score_id>"


@blp.lists("/assessments", roles=READERS, item=shapes.HalfYearShape(), query=shapes.PeriodsQuery())
def period_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The half-years of your district, the latest first."""
    return periods.page(query, actor=actor)


@blp.reads(ONE, roles=READERS, answers=shapes.HalfYearShape(), refuses=(NotFound,))
def assessment(period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A half-year, ``2026-H1``; settled once it is over, by the clock."""
    return periods.one(period, actor=actor, now=now)


@blp.reads(
    f"{ONE}/recomputation", roles=CHECKERS, answers=shapes.CheckShape(), refuses=(NotFound, Conflict, TooMany),
    tagged=False,
)
def recomputation(period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Compute all scores of a half-year anew from their lines, and say whether they come to the same numbers."""
    return recomputing.verified(period, actor=actor, now=now)


@blp.lists(f"{ONE}/scores", roles=READERS, item=shapes.ScoreShape(), query=shapes.ScoresQuery(), refuses=(NotFound,))
def score_list(period: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Scores of agents, units or departments in your scope, the best first; at a desk your own and your unit's."""
    return standings.page(period, query, actor=actor)


@blp.reads(SCORE, roles=READERS, answers=shapes.ExplainedShape(), refuses=(NotFound,))
def score(period: str, score_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A score explained by its indicators, and how it was settled and changed since."""
    return standings.one(period, score_id, actor=actor, now=now)


def _within(period: str, score_id: str, *, actor: Actor, now: datetime) -> None:
    standings.row(period, score_id, actor)


@blp.lists(f"{SCORE}/lines", roles=READERS, item=shapes.LineShape(), query=shapes.LinesQuery(), refuses=(NotFound,))
def line_list(period: str, score_id: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """What each point of a score rests on, the last written first."""
    return lines.page(period, score_id, query, actor=actor)


@blp.creates(
    f"{SCORE}/lines", roles=DECIDERS, body=shapes.NewLine(), answers=shapes.LineShape(), shows=lines.one,
    within=_within, refuses=(NotFound, IllegalMove, Conflict), tagged=False,
)
def enter_line(period: str, score_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Enter what no room of the system knows of, naming the document that shows it; the one concerned is told."""
    given = {name: body[name] for name in ("kind", "basis", "happened_on")}
    return entering.enter(period, score_id, **given, given=body["points"], actor=actor, now=now)


@blp.reads(
    f"{ONE}/export.xlsx", roles=EXPORTERS, media=sheets.MEDIA, refuses=(NotFound, TooMany, Unavailable),
)
def export(period: str, *, actor: Actor, now: datetime) -> Response:
    """The scores in your scope with what they rest on, as an Excel workbook; who had it is recorded."""
    file, count = exporting.workbook(period, downloads.folder(), actor=actor, now=now)
    exporting.record(period, count, actor=actor, now=now)
    return downloads.sent(file, f"assessment-{period}.xlsx", sheets.MEDIA)
