"""Routes of problems that staff report to their township."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion
from backend.errands.rules import TAKERS
from backend.reports.actions import declared, raising
from backend.reports.api.blueprint import blp
from backend.reports.queries import raised
from backend.reports.rules import raised as rules
from backend.reports.schemas import raised as shapes

__all__ = ["declared"]

PROBLEM = "/problems/<string:problem_id>"


@blp.creates("/problems", roles=TAKERS, body=shapes.NewProblem(), answers=shapes.FieldProblemShape(), shows=raised.one)
def report_problem(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Report a problem to one's township, which answers it within five working days; its head is told."""
    return raising.report(body, actor=actor, now=now)


@blp.lists("/problems", roles=rules.READERS, item=shapes.FieldProblemShape(), query=shapes.FieldProblemQuery())
def list_problems(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Problems that staff of one's scope reported, the oldest first; unanswered ones unless asked otherwise."""
    return raised.listed(query, actor=actor, now=now)


@blp.reads(PROBLEM, roles=rules.READERS, answers=shapes.FieldProblemShape(), refuses=(NotFound,))
def read_problem(problem_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One problem with its answer."""
    return raised.one(problem_id, actor=actor, now=now)


@blp.changes(f"{PROBLEM}/answer", roles=rules.ANSWERERS, body=shapes.ProblemAnswer(),
             answers=shapes.FieldProblemShape(), shows=raised.one, within=raised.one,
             refuses=(NotFound, IllegalMove, Conflict, StaleVersion))
def answer_field_problem(problem_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Answer a problem, once; whoever reported it is told."""
    return raising.answer(problem_id, **body, actor=actor, now=now)
