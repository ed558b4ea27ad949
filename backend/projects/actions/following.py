"""Clocks of procedures follow the calendar (rules 1.1, 1.5)."""
from datetime import datetime
from typing import Any

from backend.clocks.actions import running
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.projects.actions import recomputing, row, stopping
from backend.projects.models import DeemedConsent, Procedure
from backend.projects.queries import consents, rows
from backend.projects.rules import consent, states

SUBJECT = recomputing.SUBJECT


@transaction
def reproject(project_id: str, code: str, *, actor: Actor, now: datetime) -> bool:
    """Move a procedure's clocks to the present calendar and record old and new (rules 1.1, 1.5); whether any moved."""
    project = rows.held(project_id)
    found = rows.procedure(project_id, code, lock=True)
    before = found["due_at"]
    moved = running.lay_anew(SUBJECT, found["id"])
    if not moved:
        return False
    if found["state"] == states.SERVED:
        due_at = recomputing.due_of(found)
        if due_at != before:
            row.amend(Procedure, found, due_at=due_at)
            stopping.tell_date(project, found, due_at, "calendar", f"calendar:{project['calendar_stamp']}", actor, now)
    _move_opinion(found, moved)
    ledger.record(
        "procedure.reproject", SUBJECT, found["id"], scope=project["district_code"], fields=("due_at",),
        detail={
            "project": project["number"], "code": code,
            "clocks": [
                {"kind": new["kind"], "from": clock.wire(old["due_at"]), "to": clock.wire(new["due_at"])}
                for old, new in moved
            ],
        },
    )
    recomputing.recompute(project_id, actor=actor, now=now)
    return True


def _move_opinion(found: dict[str, Any], moved: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for _, new in moved:
        made = consents.last(found["id"], lock=True) if new["kind"] == consent.OPINION else None
        if made is None or made["opinion_due_at"] == new["due_at"]:
            continue
        row.amend(DeemedConsent, made, opinion_due_at=new["due_at"])


_MARK = "UPDATE project_calendar SET stamp = ? WHERE id = 1"


@transaction
def mark(stamp: int, *, actor: Actor, now: datetime) -> None:
    """Remember up to which change of the calendar all clocks of procedures were moved."""
    sql.execute(_MARK, (stamp,))
