"""Routes of accountability cases."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import ROLES, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, Forbidden, IllegalMove, NotFound, StaleVersion
from backend.supervision.actions import casing
from backend.supervision.queries import cases
from backend.supervision.rules.cases import CaseIncomplete, RemindedBefore, ReminderFirst
from backend.supervision.rules.states import SUPERVISORS
from backend.supervision.schemas import cases as shapes
from backend.supervision.schemas.parts import GivenReason, GivenText

blp = http.Blueprint("accountability", description="问责 · accountability cases")

CASE = "/accountability-cases/<string:case_id>"
STAFF = frozenset(ROLES)
SHAPE = shapes.CaseShape()
CHANGING = (NotFound, IllegalMove, Conflict, StaleVersion)


def _within(case_id: str, *, actor: Actor, now: datetime) -> None:
    cases.row(case_id, actor)


@blp.lists("/accountability-cases", roles=STAFF, item=SHAPE, query=shapes.CasesQuery())
def case_list(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Cases of the district for its supervisors and admins, else those about yourself; not ended, newest first."""
    return cases.page(query, actor=actor, now=now)


@blp.creates(
    "/accountability-cases", roles=SUPERVISORS, body=shapes.CaseIn(), answers=SHAPE, shows=cases.one,
    refuses=(Conflict,),
)
def start_case(*, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Open a case; person, leader, category, severity and outcome may follow, all of them before it closes."""
    return casing.start(body, actor=actor, now=now)


@blp.reads(CASE, roles=STAFF, answers=SHAPE, refuses=(NotFound,))
def one_case(case_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One case."""
    return cases.one(case_id, actor=actor, now=now)


@blp.patches(
    CASE, roles=SUPERVISORS, body=shapes.CaseEdit(), answers=SHAPE, shows=cases.one, within=_within, refuses=CHANGING
)
def edit_case(case_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write what has become known of a case."""
    return casing.edit(case_id, body, actor=actor, now=now)


@blp.changes(
    f"{CASE}/opening", roles=SUPERVISORS, answers=SHAPE, shows=cases.one, within=_within, refuses=CHANGING
)
def open_case(case_id: str, *, actor: Actor, now: datetime) -> str:
    """Open a proposed case."""
    return casing.open_proposed(case_id, actor=actor, now=now)


@blp.changes(
    f"{CASE}/dismissal", roles=SUPERVISORS, body=GivenReason(), answers=SHAPE, shows=cases.one, within=_within,
    refuses=CHANGING,
)
def dismiss_case(case_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Leave a proposed case at that, with a reason."""
    return casing.dismiss(case_id, **body, actor=actor, now=now)


@blp.changes(
    f"{CASE}/reminder", roles=SUPERVISORS, body=shapes.ReminderIn(), answers=SHAPE, shows=cases.one, within=_within,
    refuses=(*CHANGING, RemindedBefore),
)
def remind_person(case_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Remind the person early of what to put right by a day; a penalty is possible only when that has passed."""
    return casing.remind(case_id, **body, actor=actor, now=now)


@blp.changes(
    f"{CASE}/statement", roles=STAFF, body=GivenText(), answers=SHAPE, shows=cases.one, within=_within,
    refuses=(*CHANGING, Forbidden),
)
def state_in_case(case_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Say what you have to say to a case about yourself; the supervisor may write it down for the person."""
    return casing.state(case_id, **body, actor=actor, now=now)


@blp.changes(
    f"{CASE}/closing", roles=SUPERVISORS, body=shapes.ClosingIn(), answers=SHAPE, shows=cases.one, within=_within,
    refuses=(*CHANGING, ReminderFirst, CaseIncomplete),
)
def close_case(case_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Close a case that has person, leader, category, severity and outcome."""
    return casing.close(case_id, **body, actor=actor, now=now)
