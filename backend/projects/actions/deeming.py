"""Consent by silence or absence: deemed once, with the moment it became true and the one it was seen (rules 8)."""
from datetime import datetime, timedelta
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks.actions import running
from backend.core import clock, ids, ledger, moves, sql, workdays
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.projects.actions import recomputing, row, telling
from backend.projects.models import DeemedConsent, Procedure
from backend.projects.queries import consents, rows
from backend.projects.rules import consent, states

SUBJECT = recomputing.SUBJECT
INSTANT = timedelta(microseconds=1)


@transaction
def deem(
    procedure: dict[str, Any], kind: str, effective_at: datetime, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Count a department's silence or absence as consent to a procedure, as of ``effective_at``; what was written.

    Within the act or job that found it, which holds the project's row and then the procedure's
    (``rows.procedure(…, lock=True)``) and has made sure that silence, or unexcused absence of a signed-for
    summons, is a fact. NotDeemable where the template excludes the procedure, IllegalMove unless its papers are
    with the department and its clock runs, Conflict where the row is stale. The next procedures open, as of the
    effective moment; the department owes its opinion; the numbered notice issues later, by job.
    """
    consent.check_deemable(procedure, kind)
    state = moves.move(states.MOVES, procedure["state"], "deem", states.STATE_NAMES)
    project = rows.held(procedure["project_id"])
    made = _written(project, procedure, kind, effective_at, now)
    _end_limit(procedure, kind, effective_at, now)
    made["opinion_due_at"] = _owe_opinion(project, procedure, made["n"], effective_at, now)
    sql.insert(DeemedConsent, **made)
    row.amend(Procedure, procedure, state=state, outcome=kind, finished_at=effective_at)
    ledger.record(
        "procedure.deem", SUBJECT, procedure["id"], scope=project["district_code"], outcome=_told(kind),
        fields=("state", "outcome"), happened_at=effective_at,
        detail={
            "project": project["number"], "code": procedure["code"], "department": procedure["lead_department"],
            "effective_at": clock.wire(effective_at), "detected_at": clock.wire(now),
            "notice_number": made["notice_number"], "opinion_due_at": clock.wire(made["opinion_due_at"]),
        },
    )
    tell(project, procedure, made, "consent_deemed", actor=actor, now=now, due=made["opinion_due_at"])
    recomputing.recompute(project["id"], actor=actor, now=now)
    return made


def _told(kind: str) -> str:
    """The kind as the ledger's short outcome: by_timeout, by_absence."""
    return kind.removeprefix("deemed_")


def _written(
    project: dict[str, Any], procedure: dict[str, Any], kind: str, effective_at: datetime, now: datetime
) -> dict[str, Any]:
    before = consents.last(procedure["id"])
    n = before["n"] + 1 if before else 1
    present = calendars.present(project["calendar_stamp"])
    told = workdays.deadline(
        present.calendar, clock.local_date(effective_at), consent.NOTICE_WORKING_DAYS, (),
        present.closed(project["district_code"]),
    )
    return {
        "id": ids.new(now), "procedure_id": procedure["id"], "project_id": project["id"], "n": n, "kind": kind,
        "department_code": procedure["lead_department"], "district_code": project["district_code"],
        "effective_at": effective_at, "detected_at": now, "notice_on": told.due_on,
        "notice_number": consent.notice_number(project["number"], procedure["place"], n),
    }


def _end_limit(procedure: dict[str, Any], kind: str, effective_at: datetime, now: datetime) -> None:
    """End the department's limit. Silence has let it pass: its red card is due even at the very moment of its end."""
    judged_at = max(now, effective_at + INSTANT) if kind == states.BY_TIMEOUT else now
    running.end(SUBJECT, procedure["id"], kinds=(consent.LIMIT,), now=judged_at)


def _owe_opinion(
    project: dict[str, Any], procedure: dict[str, Any], n: int, effective_at: datetime, now: datetime
) -> datetime:
    begun = running.begin(
        SUBJECT, procedure["id"], consent.OPINION, budget_days=consent.OPINION_WORKING_DAYS, started_at=effective_at,
        account_id=None, part=n, now=now, **recomputing.answering(project, procedure["lead_department"]),
    )
    due_at: datetime = begun["due_at"]
    return due_at


def tell(
    project: dict[str, Any], procedure: dict[str, Any], made: dict[str, Any], template: str, *, actor: Actor,
    now: datetime, **values: Any,
) -> None:
    """Tell of a deemed consent who has to answer for it, and the project's agent."""
    telling.tell(
        template, project, procedure,
        [*telling.answerable(project, procedure["lead_department"]), project["agent_id"]],
        f"{template}:{made['n']}", actor=actor, now=now, department=procedure["lead_name"],
        outcome=states.OUTCOME_NAMES[made["kind"]].zh, effective=made["effective_at"], **values,
    )


@transaction
def settle(project_id: str, code: str, *, actor: Actor, now: datetime) -> bool:
    """Decide a procedure by silence, once; False where somebody answered first, or the calendar moved its limit."""
    rows.held(project_id)
    found = rows.procedure(project_id, code, lock=True)
    return silence(found, by_job=True, actor=actor, now=now)


def silence(found: dict[str, Any], *, by_job: bool = False, actor: Actor, now: datetime) -> bool:
    """:func:`settle` of a procedure whose project and row are held."""
    found |= recomputing.followed(found)
    if not consent.is_silent(found, consents.objecting(found), now, by_job=by_job):
        return False
    deem(found, states.BY_TIMEOUT, found["due_at"], actor=actor, now=now)
    return True


@transaction
def issue_notice(consent_id: str, project_id: str, *, actor: Actor, now: datetime) -> bool:
    """Issue the numbered notice of a consent that still stands, once; False where it is told or revoked by now."""
    project = rows.held(project_id)
    made = sql.row("SELECT * FROM deemed_consent WHERE id = ?", (consent_id,))
    if made is None or made["noticed_at"] is not None or made["revoked_at"] is not None:
        return False
    row.amend(DeemedConsent, made, noticed_at=now)
    procedure = rows.by_id(made["procedure_id"])
    ledger.record(
        "procedure.notice", SUBJECT, procedure["id"], scope=project["district_code"], outcome=_told(made["kind"]),
        detail={"project": project["number"], "code": procedure["code"], "notice_number": made["notice_number"]},
    )
    tell(project, procedure, made, "consent_noticed", actor=actor, now=now, notice=made["notice_number"])
    return True
