"""When an errand is due on the present calendar, and moving what was promised on an older one."""
from datetime import datetime
from typing import Any

from backend.catalogue import queries as catalogue
from backend.clocks import queries as calendars
from backend.clocks import rules as hours
from backend.core import clock, ledger, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import row
from backend.errands.queries import running

_MARK = "UPDATE errand_calendar SET stamp = ? WHERE id = 1"


def due_of(found: dict[str, Any], item: dict[str, Any], accepted_at: datetime) -> hours.Due:
    """What an errand accepted at that moment is due at, on the present calendar."""
    present = calendars.present()
    closed = present.closed(found["unit_code"])
    return hours.due_moments(item["kind"], item["promised_days"], accepted_at, present.calendar, closed)


def moved(found: dict[str, Any]) -> hours.Due | None:
    """The due moments of a running errand where they are no longer those stored."""
    item = catalogue.version(found["item_code"], found["item_number"])
    due = due_of(found, item, found["accepted_at"])
    stored = (found["due_at"], found["reminder_at"], found["yellow_at"], bool(found["provisional"]))
    return None if (due.due_at, due.reminder_at, due.yellow_at, due.provisional) == stored else due


@transaction
def reproject(errand_id: str, *, actor: Actor, now: datetime) -> bool:
    """Move an open errand to the present calendar and record old and new (rules 1.1, 1.5); whether it moved."""
    found = running.one(errand_id)
    due = moved(found) if found else None
    if found is None or due is None:
        return False
    row.change(
        found, actor, due_at=due.due_at, order_at=due.due_at or clock.NEVER, reminder_at=due.reminder_at,
        yellow_at=due.yellow_at, provisional=due.provisional,
    )
    ledger.record(
        "errand.reproject", "errand", errand_id, scope=found["unit_code"], fields=("due_at",),
        detail={"from": clock.wire(found["due_at"]), "to": clock.wire(due.due_at)},
    )
    return True


@transaction
def mark(stamp: int, *, actor: Actor, now: datetime) -> None:
    """Remember up to which change of the calendar all open errands were moved."""
    sql.execute(_MARK, (stamp,))
