"""What stopped an errand, and the notice of it, for those who read the errand; whom its steps join."""
from datetime import datetime
from typing import Any

from backend.clocks.queries import suspensions
from backend.clocks.rules import words
from backend.core import sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.errands.queries import cases, papers

_JOINED = """
SELECT DISTINCT c.department_code FROM clock c LEFT JOIN forwarding f ON f.errand_id = c.subject_id AND f.n = c.part
WHERE c.subject_type = 'errand' AND c.subject_id = ? AND c.kind = 'step' AND COALESCE(f.state, '') <> 'recalled'
"""


def departments(errand_id: str) -> set[str]:
    """The departments that had, or have, a step of the errand; not those whose forwarding was a mistake."""
    return {row["department_code"] for row in sql.plain(_JOINED, (errand_id,))}


def suspension(errand_id: str, number: int, *, actor: Actor) -> dict[str, Any]:
    """One suspension of a visible errand."""
    cases.row(errand_id, actor)
    return suspensions.one("errand", errand_id, number) | {"errand_id": errand_id}


def listed(errand_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The suspensions of a visible errand, oldest first."""
    cases.row(errand_id, actor)
    found = suspensions.of("errand", errand_id, query)
    return Page([one | {"errand_id": errand_id} for one in found.items], found.next_cursor)


def notified(errand_id: str, number: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The errand with one of its suspensions as ``stop``, for the written notice of it (art. 45)."""
    shown = papers.printed(errand_id, actor=actor, now=now)
    stop = suspensions.one("errand", errand_id, number)
    return shown | {"stop": stop | {"reason_name": words.STOP_REASONS[stop["reason"]].zh}}
