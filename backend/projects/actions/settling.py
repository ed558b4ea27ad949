"""What a joint review comes to for the procedures on its agenda (rules 8.4)."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.projects.actions import deeming, handling
from backend.projects.queries import consents, rows
from backend.projects.queries import reviews as found_reviews
from backend.projects.rules import consent, states
from backend.projects.rules import reviews as rules


def heard(
    review: dict[str, Any], summons: dict[str, Any], *, own_word: bool, actor: Actor, now: datetime
) -> None:
    """Within the act that recorded a department's word: carry it to the procedures that it has papers of.

    A reasoned objection holds them, whoever wrote it down. A yes is the department's answer only where its own account
    gave it (``own_word``): nobody else grants anything in its name, so elsewhere the answer is still awaited.
    """
    objects = summons["counts_as"] == rules.OBJECTION
    if not objects and not (own_word and summons["outcome"] == rules.AGREED):
        return
    reasons = summons["reasons"] or (rules.OUTCOME_NAMES[rules.WITHOUT_REASONS].zh if objects else None)
    for each in found_reviews.agenda(review["id"]):
        if summons["department_code"] in rules.participants(each):
            _carry(review, each, summons["department_code"], objects, reasons, actor, now)


def _carry(
    review: dict[str, Any], listed: dict[str, Any], department: str, objects: bool, reasons: str | None, actor: Actor,
    now: datetime,
) -> None:
    project = rows.held(review["project_id"])
    found = rows.procedure(review["project_id"], listed["code"], lock=True)
    if found["state"] != states.SERVED or deeming.silence(found, actor=actor, now=now):
        return
    decision = consent.OBJECT if objects else consent.AGREE
    if department == found["lead_department"]:
        handling.decide(project, found, states.FINISHED, decision, reasons, actor, now)
    elif not found_reviews.has_answered(found, department):
        handling.join(project, found, department, decision, reasons, actor, now)


def settle(review: dict[str, Any], department: str, *, actor: Actor, now: datetime) -> None:
    """Within an act after which a department's summons has an outcome: deem what its absence, or its lead's, allows."""
    summonses = {each["department_code"]: each for each in found_reviews.summonses([review["id"]])[review["id"]]}
    for each in found_reviews.agenda(review["id"]):
        if department in rules.participants(each):
            at = rules.absent_since(each, summonses, review["meet_at"], objected=bool(consents.objecting(each)))
            if at is not None:
                _deem(review, each["code"], at, actor, now)


def _deem(review: dict[str, Any], code: str, at: datetime, actor: Actor, now: datetime) -> None:
    """Silence that was complete before the absence decides first."""
    rows.held(review["project_id"])
    found = rows.procedure(review["project_id"], code, lock=True)
    if found["due_at"] > at or not deeming.silence(found, actor=actor, now=now):
        deeming.deem(found, states.BY_ABSENCE, at, actor=actor, now=now)
