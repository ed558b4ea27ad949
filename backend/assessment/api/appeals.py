"""Routes of evidence lines and of appeals against them."""
from datetime import datetime
from typing import Any

from backend.assessment.actions import appealing
from backend.assessment.api.blueprint import blp
from backend.assessment.queries import appeals, lines
from backend.assessment.rules import APPELLANTS, DECIDERS, READERS
from backend.assessment.rules.appeals import AppealTooLate
from backend.assessment.schemas import appeals as shapes
from backend.assessment.schemas import scores
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, IllegalMove, NotFound, StaleVersion

LINE = "/evidence-lines/<string:line_id>"
APPEAL = "/assessment-appeals/<string:score_appeal_id>"


def _line(line_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    return lines.one(line_id, actor=actor, now=now)


@blp.reads(LINE, roles=READERS, answers=scores.LineShape(), refuses=(NotFound,), tagged=False)
def evidence_line(line_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One line: so many points, what shows it, whether it still holds."""
    return _line(line_id, actor=actor, now=now)


@blp.creates(
    f"{LINE}/appeals", roles=APPELLANTS, body=shapes.NewScoreAppeal(), answers=shapes.ScoreAppealShape(),
    shows=appeals.one, within=_line, refuses=(NotFound, Forbidden, IllegalMove, AppealTooLate, Conflict),
)
def appeal_line(line_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Appeal against a line that counts for you, your unit or your department; once for each line."""
    return appealing.appeal(line_id, **body, actor=actor, now=now)


@blp.lists(
    "/assessment-appeals", roles=READERS, item=shapes.ScoreAppealShape(), query=shapes.AppealsQuery()
)
def score_appeals(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Appeals against lines in your scope, open ones unless asked, the last made first."""
    return appeals.page(query, actor=actor)


@blp.reads(APPEAL, roles=READERS, answers=shapes.ScoreAppealShape(), refuses=(NotFound,))
def score_appeal(score_appeal_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One appeal."""
    return appeals.one(score_appeal_id, actor=actor, now=now)


@blp.changes(
    f"{APPEAL}/decision", roles=DECIDERS, body=shapes.ScoreRuling(), answers=shapes.ScoreAppealShape(),
    shows=appeals.one, within=appeals.one, refuses=(NotFound, Forbidden, IllegalMove, Conflict, StaleVersion),
)
def decide_score_appeal(score_appeal_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Uphold an appeal, which writes a reversing line, or let the line stand; nothing is removed."""
    return appealing.decide(score_appeal_id, **body, actor=actor, now=now)
