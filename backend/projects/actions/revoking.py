"""What becomes of a deemed consent: the department's opinion, or its revocation (rules 8.3)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running
from backend.core import clock, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove
from backend.core.transaction import transaction
from backend.projects.actions import recomputing, row, telling
from backend.projects.models import DeemedConsent, Procedure
from backend.projects.queries import consents, rows
from backend.projects.rules import consent, handling, who

SUBJECT = recomputing.SUBJECT

_LAPSE = """
UPDATE deemed_consent SET revoked_at = ?, revoked_by = ?, revoked_for = ?, version = version + 1
WHERE revoked_at IS NULL AND procedure_id IN ({})
"""
LAPSED = "前置手续的视为同意被撤销"
"""Why the consent to a procedure falls that rested on another's."""


@transaction
def give_opinion(project_id: str, code: str, *, opinion: str, actor: Actor, now: datetime) -> list[str]:
    """The written opinion that a department owes once its consent is deemed, once; the references.

    It changes nothing of the consent. NotFound, NotYourDepartment, IllegalMove, StaleVersion.
    """
    project, found = row.held(project_id, code, actor)
    if not row.speaks(project, found["lead_department"], actor):
        raise who.NotYourDepartment()
    handling.check_running(project["state"])
    handling.check_deemed(found)
    made = _standing(found)
    if made["opinion_at"] is not None:
        raise IllegalMove("书面意见已提交", "The opinion was given", state=found["state"], possible=[])
    versions.check_seen(found, actor)
    running.end(SUBJECT, found["id"], kinds=(consent.OPINION,), now=now)
    row.amend(DeemedConsent, made, opinion=opinion, opinion_by=actor.id, opinion_at=now)
    row.amend(Procedure, found)
    ledger.record(
        "procedure.opinion", SUBJECT, found["id"], scope=project["district_code"], fields=("opinion",),
        detail={
            "project": project["number"], "code": code, "opinion": opinion, "late": now > made["opinion_due_at"],
        },
    )
    telling.tell(
        "opinion_given", project, found, [project["agent_id"]], f"opinion:{made['n']}", department=found["lead_name"],
        actor=actor, now=now,
    )
    return [project_id, code]


def _standing(found: dict[str, Any]) -> dict[str, Any]:
    made = consents.last(found["id"], lock=True)
    if made is None or made["revoked_at"] is not None:
        raise Conflict()
    return made


@transaction
def revoke(project_id: str, code: str, *, reasons: str, actor: Actor, now: datetime) -> list[str]:
    """Revoke a wrong consent: the procedure waits for a new service, all that rested on it waits again.

    Consents among those fall with it; nothing of the history goes. NotFound, IllegalMove, StaleVersion.
    """
    project, found = row.held(project_id, code, actor)
    handling.check_running(project["state"])
    handling.check_deemed(found)
    state = row.turn(found, "revoke", actor)
    made = _standing(found)
    running.end(SUBJECT, found["id"], now=now)
    _fall([found["id"]], reasons, actor, now)
    row.amend(
        Procedure, found, state=state, outcome=None, opened_at=now, served_at=None, signed_by=None, service_by=None,
        due_at=None, finished_at=None, answered_by=None, reasons=None,
    )
    ledger.record(
        "procedure.revoke", SUBJECT, found["id"], scope=project["district_code"], fields=("state", "outcome"),
        detail={
            "project": project["number"], "code": code, "reasons": reasons, "outcome": found["outcome"],
            "effective_at": clock.wire(made["effective_at"]), "notice_number": made["notice_number"],
        },
    )
    blocked = recomputing.recompute(project_id, actor=actor, now=now).blocked
    held = {each["code"]: each for each in rows.procedures(project_id)}
    _fall([held[other]["id"] for other in blocked], LAPSED, actor, now)
    _tell(project, found, made, [held[other] for other in blocked], reasons, actor, now)
    return [project_id, code]


def _fall(procedure_ids: list[str], reasons: str, actor: Actor, now: datetime) -> None:
    if procedure_ids:
        text = _LAPSE.format(", ".join("?" * len(procedure_ids)))
        sql.run(text, [clock.to_micros(now), actor.id, reasons, *procedure_ids])


def _tell(
    project: dict[str, Any], found: dict[str, Any], made: dict[str, Any], blocked: list[dict[str, Any]], reasons: str,
    actor: Actor, now: datetime,
) -> None:
    """Tell the department, the agent, and the departments whose procedures wait again."""
    departments = [found["lead_department"], *(each["lead_department"] for each in blocked)]
    to = [account for code in dict.fromkeys(departments) for account in telling.acting(project, code)]
    telling.tell(
        "consent_revoked", project, found, [*to, project["agent_id"]], f"revoked:{made['n']}", reason=reasons,
        blocked=[each["name"] for each in blocked] or "无", actor=actor, now=now,
    )
