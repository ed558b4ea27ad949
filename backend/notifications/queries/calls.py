"""Call tasks within one's scope; what they are about stands in the row, whatever it is."""
from datetime import datetime
from typing import Any

from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.notifications.queries import walking
from backend.org import queries as units
from backend.org.rules import scope

STATES = ("open", "done")
_COLUMNS = """
SELECT id, subject_type, subject_id, subject_number, resident_id, unit_code, reason, state, reached, note, made_at,
       called_at, version
FROM call_task
"""


def row(task_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A call task in the actor's scope, as stored; NotFound otherwise."""
    return units.within(_COLUMNS, task_id, actor, lock=lock)


def one(task_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One call task."""
    return _shown(row(task_id, actor))


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Call tasks of the actor's scope, oldest first; open ones unless asked otherwise."""
    column, code = scope.column(actor)
    states = states_of(query["state"], STATES, ("open",))
    part = walking.listed("calls", _COLUMNS, states, query, column=column, code=code)
    return Page([_shown(item) for item in part.items], part.next_cursor)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """The task; of an errand it names the errand as ever."""
    errand = found["subject_type"] == "errand"
    return found | {
        "errand_id": found["subject_id"] if errand else None,
        "errand_number": found["subject_number"] if errand else None,
        "reached": None if found["reached"] is None else bool(found["reached"]),
    }
