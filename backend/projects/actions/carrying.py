"""Assignments of minutes: reported as done by their lead, sent back, told of when overdue (rules 8.5)."""
from datetime import datetime
from typing import Any

from backend.core import clock, ledger, moves, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.projects.actions import informing, row
from backend.projects.models import ReviewAssignment
from backend.projects.queries import assignments as found_assignments
from backend.projects.rules import assignments as rules
from backend.projects.rules import who


def _about(found: dict[str, Any]) -> informing.About:
    return informing.About(informing.ASSIGNMENT, found["id"], informing.project_of(found))


def _turn(found: dict[str, Any], verb: str, actor: Actor, **values: Any) -> None:
    state = moves.move(rules.MOVES, found["state"], verb, rules.STATE_NAMES)
    versions.check_seen(found, actor)
    row.amend(ReviewAssignment, found, state=state, **values)


@transaction
def complete(assignment_id: str, *, report: str, actor: Actor, now: datetime) -> str:
    """Report an assignment as done, by its lead; its id. NotFound, NotYourDepartment, IllegalMove, StaleVersion."""
    found = found_assignments.row(assignment_id, actor, lock=True)
    if not row.speaks(found, found["lead_department"], actor):
        raise who.NotYourDepartment()
    _turn(found, "complete", actor, report=report, done_by=actor.id, done_at=now)
    late = rules.is_overdue(found["state"], found["due_on"], clock.local_date(now))
    ledger.record(
        "assignment.complete", informing.ASSIGNMENT, assignment_id, scope=found["district_code"],
        fields=("state", "report"), outcome="late" if late else "in_time", detail={"report": report},
    )
    informing.tell(
        "assignment_done", _about(found), [found["agent_id"]], f"done:{found['version']}", actor=actor, now=now,
        what=found["what"], department=informing.name_of(found["lead_department"]),
    )
    return assignment_id


@transaction
def send_back(assignment_id: str, *, reason: str, actor: Actor, now: datetime) -> str:
    """Send an assignment back to its lead, by the project's agent; its id. Its date stays.

    NotFound, NotYourProject, IllegalMove, StaleVersion.
    """
    found = found_assignments.row(assignment_id, actor, lock=True)
    who.may_carry(actor.role, actor.id, found["agent_id"])
    _turn(found, "return", actor, done_by=None, done_at=None)
    ledger.record(
        "assignment.return", informing.ASSIGNMENT, assignment_id, scope=found["district_code"], fields=("state",),
        detail={"reason": reason},
    )
    about = _about(found)
    informing.tell(
        "assignment_returned", about, informing.working(about, found["lead_department"]),
        f"returned:{found['version']}", actor=actor, now=now, what=found["what"], reason=reason,
        department=informing.name_of(found["lead_department"]),
    )
    return assignment_id


@transaction
def chase(found: dict[str, Any], *, actor: Actor, now: datetime) -> int:
    """Tell lead, its head and the project's agent, once, that an assignment is overdue; 1."""
    about = _about(found)
    informing.tell(
        "assignment_overdue", about, [*informing.leading(about, found["lead_department"]), found["agent_id"]],
        "overdue", actor=actor, now=now, what=found["what"], due=found["due_on"],
        department=informing.name_of(found["lead_department"]),
    )
    return 1


@transaction
def chase_minutes(review: dict[str, Any], *, actor: Actor, now: datetime) -> int:
    """Tell a project's agent, once on the due day and once after it, that minutes are missing; 1."""
    about = informing.of_review(review)
    key = "minutes-late" if clock.local_date(now) > review["minutes_due_on"] else "minutes-due"
    informing.tell(
        "minutes_due", about, [review["agent_id"]], key, actor=actor, now=now, at=review["meet_at"],
        due=review["minutes_due_on"],
    )
    return 1
