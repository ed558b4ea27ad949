"""A procedure at its department: papers signed for, the answer, in time or too late (rules 8.2, 8.3)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running
from backend.core import clock, ids, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict
from backend.core.transaction import transaction
from backend.projects.actions import deeming, recomputing, row, telling
from backend.projects.models import JoiningAnswer, LateAnswer, Procedure
from backend.projects.queries import consents
from backend.projects.queries import reviews as found_reviews
from backend.projects.rules import consent, handling, states

SUBJECT = recomputing.SUBJECT
LATE = "late"
"""Marks the reference of an answer that came too late: it is kept, and refused."""


@transaction
def serve(
    project_id: str, code: str, *, signed_by: str, signed_at: datetime, actor: Actor, now: datetime
) -> list[str]:
    """Record that the lead department signed for a complete set of papers: its clock runs; the references.

    By the department's own account, or the project's agent. After an objection these are the improved papers.
    NotFound, NotYourProject, NotYourDepartment, IllegalMove, StaleVersion; Invalid for a signature in the future.
    """
    project, found = row.held(project_id, code, actor)
    row.may_record(project, found["lead_department"], actor)
    handling.check_running(project["state"])
    state = row.turn(found, handling.serving(found["state"], found["outcome"]), actor)
    signed = handling.check_signed(signed_at, now)
    from_at = consent.counts_from(
        signed, max(found["opened_at"], found["finished_at"] or found["opened_at"]), now,
        same_day=clock.local_date(signed) == clock.local_date(now),
        own_word=row.speaks(project, found["lead_department"], actor),
    )
    due_at = _begin(project, found, from_at, now)
    row.amend(
        Procedure, found, state=state, outcome=None, round=found["round"] + 1, served_at=from_at, signed_by=signed_by,
        service_by=actor.id, due_at=due_at, finished_at=None, answered_by=None, reasons=None,
    )
    ledger.record(
        "procedure.serve", SUBJECT, found["id"], scope=project["district_code"], fields=("state", "due_at"),
        happened_at=from_at,
        detail={
            "project": project["number"], "code": code, "signed_by": signed_by, "signed_at": clock.wire(signed),
            "counts_from": clock.wire(from_at), "due_at": clock.wire(due_at), "round": found["round"] + 1,
        },
    )
    departments = (found["lead_department"], *found["joining_departments"])
    telling.tell(
        "procedure_served", project, found, [each for code in departments for each in telling.acting(project, code)],
        f"served:{found['round'] + 1}", signed_by=signed_by, due=due_at, actor=actor, now=now,
    )
    recomputing.recompute(project_id, actor=actor, now=now)
    return [project_id, code]


def _begin(project: dict[str, Any], found: dict[str, Any], from_at: datetime, now: datetime) -> datetime:
    begun = running.begin(
        SUBJECT, found["id"], consent.LIMIT, budget_days=found["limit_working_days"], started_at=from_at,
        account_id=None, legal_days=found["legal_days"], part=found["round"] + 1, now=now,
        **recomputing.answering(project, found["lead_department"]),
    )
    due_at: datetime = begun["due_at"]
    return due_at


@transaction
def answer(
    project_id: str, code: str, *, decision: str, reasons: str | None = None, actor: Actor, now: datetime
) -> list[str]:
    """What a department says of the papers; the references, with LATE behind them where it came too late.

    The lead's decision ends the procedure, a joining department's opinion is for the lead. What comes once consent
    is deemed, which is decided here where no job was faster, is kept without effect: the caller refuses it.
    NotFound, NotYourDepartment, IllegalMove, StaleVersion; Invalid for an objection without reasons.
    """
    project, found = row.held(project_id, code, actor)
    department = handling.department_of(
        found, actor.role, actor.department_code, actor.unit_code, project["township_code"]
    )
    handling.check_running(project["state"])
    if found["outcome"] in states.DEEMED or deeming.silence(found, actor=actor, now=now):
        _keep_late(project, found, decision, reasons, actor, now)
        return [project_id, code, LATE]
    state = moves.move(states.MOVES, found["state"], "answer", states.STATE_NAMES)
    if department != found["lead_department"]:
        _check_first(found, department)
    versions.check_seen(found, actor)
    handling.check_reasons(decision, reasons)
    if department == found["lead_department"]:
        decide(project, found, state, decision, reasons, actor, now)
    else:
        join(project, found, department, decision, reasons, actor, now)
    return [project_id, code]


def _check_first(found: dict[str, Any], department: str) -> None:
    """Conflict where a joining department has spoken of the papers of this service."""
    if found_reviews.has_answered(found, department):
        raise Conflict("该部门已答复", "The department has answered")


def decide(
    project: dict[str, Any], found: dict[str, Any], state: str, decision: str, reasons: str | None, actor: Actor,
    now: datetime,
) -> None:
    """Within an act that holds project and procedure: end it as its lead department decided."""
    outcome = consent.OUTCOMES[decision]
    running.end(SUBJECT, found["id"], now=now)
    row.amend(
        Procedure, found, state=state, outcome=outcome, finished_at=now, answered_by=actor.id, reasons=reasons,
    )
    ledger.record(
        "procedure.answer", SUBJECT, found["id"], scope=project["district_code"], fields=("state", "outcome"),
        outcome=outcome,
        detail={
            "project": project["number"], "code": found["code"], "decision": decision, "reasons": reasons,
            "late": now > found["due_at"],
        },
    )
    _tell_answer(project, found, found["lead_department"], outcome, [project["agent_id"]], actor, now)
    recomputing.recompute(project["id"], actor=actor, now=now)


def join(
    project: dict[str, Any], found: dict[str, Any], department: str, decision: str, reasons: str | None, actor: Actor,
    now: datetime,
) -> None:
    """Within an act that holds project and procedure, and knows that a joining department speaks first: keep it."""
    sql.insert(
        JoiningAnswer, id=ids.new(now), procedure_id=found["id"], round=found["round"], department_code=department,
        decision=decision, reasons=reasons, account_id=actor.id, answered_at=now,
    )
    row.amend(Procedure, found)
    ledger.record(
        "procedure.join_answer", SUBJECT, found["id"], scope=project["district_code"], outcome=decision,
        detail={
            "project": project["number"], "code": found["code"], "department": department, "decision": decision,
            "reasons": reasons,
        },
    )
    to = [*telling.acting(project, found["lead_department"]), project["agent_id"]]
    _tell_answer(project, found, department, consent.OUTCOMES[decision], to, actor, now)


def _tell_answer(
    project: dict[str, Any], found: dict[str, Any], department: str, outcome: str, to: list[str], actor: Actor,
    now: datetime,
) -> None:
    telling.tell(
        "procedure_answered", project, found, to, f"answer:{department}:{found['round']}",
        department=telling.name_of(found, department), answer=states.OUTCOME_NAMES[outcome].zh, actor=actor, now=now,
    )


def _keep_late(
    project: dict[str, Any], found: dict[str, Any], decision: str, reasons: str | None, actor: Actor, now: datetime
) -> None:
    """Keep an answer that came too late; the same sent twice to the same consent is kept once."""
    last = consents.last_late(found["id"])
    if last and handling.is_repeated(last, decision, reasons, actor.id, found["finished_at"]):
        return
    n = last["n"] + 1 if last else 1
    sql.insert(
        LateAnswer, id=ids.new(now), procedure_id=found["id"], n=n, decision=decision, reasons=reasons,
        account_id=actor.id, received_at=now,
    )
    ledger.record(
        "procedure.late_answer", SUBJECT, found["id"], scope=project["district_code"], outcome=decision,
        detail={"project": project["number"], "code": found["code"], "n": n, "decision": decision, "reasons": reasons},
    )
