"""Routes of a procedure at its department: served, answered, stopped, extended; consents deemed and revoked."""
from datetime import datetime
from typing import Any

from backend.clocks.schemas import NewSuspension, SuspensionEnd
from backend.core import clock, http
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, StaleVersion
from backend.errands.rules.turns import AlreadyExtended, LimitPassed
from backend.projects.actions import handling, revoking, stopping
from backend.projects.api.projects import READERS, within_procedure
from backend.projects.queries import procedures, projects
from backend.projects.rules import states
from backend.projects.rules.consent import AlreadyDeemed
from backend.projects.rules.who import NotYourDepartment, NotYourProject
from backend.projects.schemas import consents as shapes
from backend.projects.schemas.projects import ShownProcedure

blp = http.Blueprint("consents", description="手续办理与默认同意 · procedures at their departments, deemed consents")

_PROCEDURE = "/projects/<string:project_id>/procedures/<string:code>"
_MOVE: dict[str, Any] = {"answers": ShownProcedure(), "within": within_procedure}


def _shown(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    return projects.procedure(ref[0], ref[1], actor=actor, now=now)


def _answered(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The procedure; AlreadyDeemed where the answer came too late, whose keeping is committed by then."""
    found = _shown(ref, actor=actor, now=now)
    if handling.LATE in ref[2:]:
        deemed = found["deemed"]
        if deemed is None:
            raise AlreadyDeemed()
        raise AlreadyDeemed(effective_at=clock.wire(deemed["effective_at"]), notice_number=deemed["notice_number"])
    return found


@blp.changes(
    f"{_PROCEDURE}/service", roles=states.SERVERS, body=shapes.Service(), shows=_shown, at_once=True,
    refuses=(NotYourProject, NotYourDepartment, IllegalMove, Conflict), **_MOVE,
)
def serve(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Record that the department signed for a complete set of papers: its clock runs from then on."""
    return handling.serve(project_id, code, **body, actor=actor, now=now)


@blp.changes(
    f"{_PROCEDURE}/answer", roles=states.DEPARTMENTS, body=shapes.Answer(), shows=_answered,
    refuses=(NotYourDepartment, IllegalMove, AlreadyDeemed, Conflict), **_MOVE,
)
def answer(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Agree, object with reasons, or send up; too late, it is kept and refused. A joining department gives its view."""
    return handling.answer(project_id, code, **body, actor=actor, now=now)


@blp.creates(
    f"{_PROCEDURE}/suspensions", roles=states.SERVERS, body=NewSuspension(), shows=_shown, at_once=True,
    refuses=(NotYourProject, NotYourDepartment, IllegalMove, AlreadyDeemed, StaleVersion, Conflict), **_MOVE,
)
def suspend_procedure(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Stop the procedure's clock for a hearing, a test and the like, with a written notice; the procedure."""
    return stopping.suspend(project_id, code, **body, actor=actor, now=now)


@blp.lists(
    f"{_PROCEDURE}/suspensions", roles=READERS, item=shapes.ProcedureSuspension(), within=within_procedure,
)
def procedure_suspensions(
    project_id: str, code: str, *, query: dict[str, Any], actor: Actor, now: datetime
) -> Page:
    """What stopped the procedure's clock, oldest first."""
    return procedures.suspensions_of(project_id, code, query, actor=actor)


@blp.reads(f"{_PROCEDURE}/suspensions/<int:n>", roles=READERS, answers=shapes.ProcedureSuspension())
def procedure_suspension(project_id: str, code: str, n: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One suspension of the procedure, by its number."""
    return procedures.suspension(project_id, code, n, actor=actor)


@blp.changes(
    f"{_PROCEDURE}/suspensions/current/end", roles=states.SERVERS, body=SuspensionEnd(), shows=_shown, at_once=True,
    refuses=(NotYourProject, NotYourDepartment, IllegalMove, Conflict), **_MOVE,
)
def end_procedure_suspension(
    project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime
) -> list[str]:
    """End the suspension: the limit runs on, or its whole budget begins anew."""
    return stopping.end_suspension(project_id, code, **body, actor=actor, now=now)


@blp.changes(
    f"{_PROCEDURE}/extension", roles=states.DEPARTMENTS, body=shapes.ProcedureExtension(), shows=_shown, at_once=True,
    refuses=(NotYourDepartment, IllegalMove, AlreadyDeemed, AlreadyExtended, LimitPassed, Conflict), **_MOVE,
)
def extend_procedure(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Extend the limit, once and before it has passed; the head of the lead department."""
    return stopping.extend(project_id, code, **body, actor=actor, now=now)


@blp.changes(
    f"{_PROCEDURE}/deemed-consent/opinion", roles=states.DEPARTMENTS, body=shapes.Opinion(), shows=_shown,
    at_once=True, refuses=(NotYourDepartment, IllegalMove, Conflict), **_MOVE,
)
def give_opinion(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """The written opinion that the department still owes; the consent stands as it is."""
    return revoking.give_opinion(project_id, code, **body, actor=actor, now=now)


@blp.changes(
    f"{_PROCEDURE}/deemed-consent/revocation", roles=states.REVOKERS, body=shapes.Revocation(), shows=_shown,
    at_once=True, refuses=(IllegalMove, Conflict), **_MOVE,
)
def revoke_consent(project_id: str, code: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Revoke a wrong consent: the procedure waits for a new service, what rested on it waits again."""
    return revoking.revoke(project_id, code, **body, actor=actor, now=now)


@blp.lists(f"{_PROCEDURE}/deemed-consents", roles=READERS, item=shapes.ShownConsent(), within=within_procedure)
def deemed_consents(project_id: str, code: str, *, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """The deemed consents of a procedure, revoked ones as well, first one first."""
    return procedures.consents(project_id, code, query, actor=actor)
