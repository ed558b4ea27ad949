"""Routes of what a person may know of her data, and of who read or granted what."""
from datetime import datetime
from typing import Any

from backend.core import http
from backend.core.actor import ADMIN, SUPERVISOR, TOWNSHIP, Actor
from backend.core.paging import Page
from backend.core.problems import Conflict, IllegalMove, NotFound, StaleVersion, TooMany
from backend.disclosure.actions import copying, correcting, declared
from backend.disclosure.queries import accesses, copies, corrections
from backend.disclosure.rules import corrections as rules
from backend.disclosure.schemas import personal as shapes
from backend.people.actions.residents import DuplicateResident
from backend.people.queries import residents

__all__ = ["blp", "declared"]

COPIERS = frozenset({TOWNSHIP, SUPERVISOR, ADMIN})
WATCHERS = frozenset({SUPERVISOR})
CORRECTION = "/corrections/<string:correction_id>"
MOVING = (NotFound, rules.OwnRequest, IllegalMove, Conflict, StaleVersion)

blp = http.Blueprint("personal", description="个人信息 · copies, corrections, who read and who granted")


@blp.creates("/residents/<string:resident_id>/copies", roles=COPIERS, tagged=False, body=shapes.CopyRequest(),
             answers=shapes.CopyShape(), shows=copies.one, within=residents.shown, refuses=(NotFound, TooMany))
def make_copy(resident_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> list[str]:
    """All that is held of a resident and was done in her name, to be handed to her; recorded, costs a full view."""
    return copying.hand_out(resident_id, **body, actor=actor, now=now)


@blp.creates("/residents/<string:resident_id>/corrections", roles=rules.WRITERS, body=shapes.NewCorrection(),
             answers=shapes.CorrectionShape(), shows=corrections.one, within=residents.shown, refuses=(NotFound,))
def ask_correction(resident_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Write down what a resident wants corrected of what is held of her; answered within fifteen working days."""
    return correcting.ask(resident_id, **body, actor=actor, now=now)


@blp.lists("/corrections", roles=rules.READERS, item=shapes.CorrectionShape(), query=shapes.CorrectionsQuery())
def list_corrections(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Corrections asked for in your unit, subtree or district, the oldest first; open ones unless asked otherwise."""
    return corrections.listed(query, actor=actor, now=now)


@blp.reads(CORRECTION, roles=rules.READERS, answers=shapes.CorrectionShape(), refuses=(NotFound,))
def read_correction(correction_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One correction."""
    return corrections.one(correction_id, actor=actor, now=now)


@blp.changes(f"{CORRECTION}/acceptance", roles=rules.DECIDERS, answers=shapes.CorrectionShape(),
             shows=corrections.one, within=corrections.one, refuses=(*MOVING, DuplicateResident))
def accept_correction(correction_id: str, *, actor: Actor, now: datetime) -> str:
    """Correct it as the resident wants; she is told."""
    return correcting.make(correction_id, actor=actor, now=now)


@blp.changes(f"{CORRECTION}/refusal", roles=rules.DECIDERS, body=shapes.CorrectionRefusal(),
             answers=shapes.CorrectionShape(), shows=corrections.one, within=corrections.one, refuses=MOVING)
def refuse_correction(correction_id: str, *, body: dict[str, Any], actor: Actor, now: datetime) -> str:
    """Leave it as it stands and say why; she is told."""
    return correcting.refuse(correction_id, **body, actor=actor, now=now)


@blp.lists("/access-log", roles=WATCHERS, item=shapes.LogEntry(), query=shapes.LogQuery())
def list_accesses(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Who read personal data in full, or took it out, and why; the latest first."""
    return accesses.accesses(query, actor=actor, now=now)


@blp.lists("/grants", roles=WATCHERS | {ADMIN}, item=shapes.LogEntry(), query=shapes.LogQuery())
def list_grants(*, query: dict[str, Any], actor: Actor, now: datetime) -> Page:
    """Who gave, approved or took which accounts, roles and posts; the latest first."""
    return accesses.grants(query, actor=actor, now=now)
