"""The time of a procedure: its clock stopped, let run on, extended (rules 1.4, 8)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running
from backend.clocks.rules import words
from backend.core import clock, ledger, moves, versions
from backend.core.actor import TOWNSHIP, Actor
from backend.core.transaction import transaction
from backend.errands.rules import turns
from backend.org.rules import posts as ladder
from backend.people.queries import posts
from backend.projects.actions import recomputing, row, telling
from backend.projects.models import Procedure
from backend.projects.queries import consents
from backend.projects.rules import consent, handling, states, who

SUBJECT = recomputing.SUBJECT
WHY = {"resume": "恢复计时", "restart": "恢复办理，重新计时", "extend": "经批准延长", "calendar": "工作日安排有变"}


@transaction
def suspend(project_id: str, code: str, *, reason: str, notice: str, actor: Actor, now: datetime) -> list[str]:
    """Stop a procedure's clock for a hearing, a test and the like, with a written notice (art. 45).

    NotFound, NotYourProject, NotYourDepartment, AlreadyDeemed once silence counts, IllegalMove, StaleVersion.
    """
    project, found = row.held(project_id, code, actor)
    row.may_record(project, found["lead_department"], actor)
    _check_time_left(project, found, now)
    state = row.turn(found, "suspend", actor)
    number = running.suspend(SUBJECT, found["id"], reason=reason, notice=notice, actor=actor, now=now)
    row.amend(Procedure, found, state=state, due_at=None)
    _record("suspend", project, found, None, {"n": number, "reason": reason, "notice": notice})
    telling.tell(
        "procedure_stopped", project, found, _concerned(project, found), f"stop:{number}",
        reason=words.STOP_REASONS[reason].zh, actor=actor, now=now,
    )
    recomputing.recompute(project_id, actor=actor, now=now)
    return [project_id, code]


def _check_time_left(project: dict[str, Any], found: dict[str, Any], now: datetime) -> None:
    """A limit that has ended in silence is the job's to decide: nobody stops or extends it any more."""
    handling.check_running(project["state"])
    found |= recomputing.followed(found)
    if found["outcome"] in states.DEEMED or consent.is_silent(found, consents.objecting(found), now, by_job=False):
        raise consent.AlreadyDeemed()


def _concerned(project: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [project["agent_id"], *telling.acting(project, found["lead_department"])]


def _record(
    verb: str, project: dict[str, Any], found: dict[str, Any], due_at: datetime | None, detail: dict[str, Any]
) -> None:
    dates = {"from": clock.wire(found["due_at"]), "to": clock.wire(due_at)}
    ledger.record(
        f"procedure.{verb}", SUBJECT, found["id"], scope=project["district_code"], fields=("state", "due_at"),
        detail={"project": project["number"], "code": found["code"]} | detail | dates,
    )


@transaction
def end_suspension(project_id: str, code: str, *, mode: str, actor: Actor, now: datetime) -> list[str]:
    """Let the clock run on, or begin its whole budget anew. NotFound, NotYour…, IllegalMove, StaleVersion."""
    project, found = row.held(project_id, code, actor)
    row.may_record(project, found["lead_department"], actor)
    state = row.turn(found, "resume", actor)
    number = running.resume(SUBJECT, found["id"], restart=mode == words.RESTART, now=now)
    due_at = recomputing.due_of(found)
    row.amend(Procedure, found, state=state, due_at=due_at)
    _record(mode, project, found, due_at, {"n": number})
    tell_date(project, found, due_at, mode, f"resume:{number}", actor, now)
    recomputing.recompute(project_id, actor=actor, now=now)
    return [project_id, code]


def tell_date(
    project: dict[str, Any], found: dict[str, Any], due_at: datetime | None, why: str, key: str, actor: Actor,
    now: datetime,
) -> None:
    """Tell of a limit's new end."""
    telling.tell(
        "procedure_dated", project, found, _concerned(project, found), key, due=due_at, reason=WHY[why], actor=actor,
        now=now,
    )


@transaction
def extend(
    project_id: str, code: str, *, working_days: int, reason: str, actor: Actor, now: datetime
) -> list[str]:
    """Extend the limit once, before it has passed (art. 42), by the head of the lead department.

    NotFound, NotYourDepartment, Forbidden, AlreadyDeemed, IllegalMove, AlreadyExtended, LimitPassed, StaleVersion;
    Invalid for more than 10 WD where no department joins.
    """
    project, found = row.held(project_id, code, actor)
    if not row.speaks(project, found["lead_department"], actor):
        raise who.NotYourDepartment()
    handling.check_extender(actor.id, _head(project, found, actor), actor.role)
    _check_time_left(project, found, now)
    state = moves.move(states.MOVES, found["state"], "extend", states.STATE_NAMES)
    limit = recomputing.limit_of(found)
    turns.check_extension(limit, now)
    versions.check_seen(found, actor)
    turns.check_length(working_days, [found["lead_department"], *found["joining_departments"]])
    running.extend(limit, working_days, now=now)
    due_at = recomputing.due_of(found)
    row.amend(Procedure, found, state=state, due_at=due_at)
    _record("extend", project, found, due_at, {"working_days": working_days, "reason": reason})
    tell_date(project, found, due_at, "extend", f"extend:{found['round']}", actor, now)
    recomputing.recompute(project_id, actor=actor, now=now)
    return [project_id, code]


def _head(project: dict[str, Any], found: dict[str, Any], actor: Actor) -> str | None:
    if actor.role == TOWNSHIP:
        return None
    held = posts.holder(found["lead_department"], ladder.HEAD, district=project["district_code"])
    return str(held["id"]) if held else None
