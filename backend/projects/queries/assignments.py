"""What minutes charged departments with, within the reader's scope."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.projects.queries import scope
from backend.projects.rules import assignments as rules

ASSIGNMENTS = "review-assignments"
_FROM = "FROM review_assignment a JOIN project p ON p.id = a.project_id"
_COLUMNS = """
a.*, p.name AS project_name, p.number AS project_number, p.agent_id, p.township_code
"""
_OF = "SELECT * FROM review_assignment WHERE review_id = ? ORDER BY n"


def row(assignment_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The assignment with its project's name, agent and place, within the actor's scope; NotFound."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock, of="a")
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE a.id = ? AND {condition}{suffix}", [assignment_id, *params])
    if found is None:
        raise NotFound()
    return found


_PLAIN = (
    "id", "review_id", "project_id", "n", "what", "lead_department", "due_on", "state", "report", "done_at", "version",
)


def _shown(found: dict[str, Any], today: date) -> dict[str, Any]:
    return {name: found[name] for name in _PLAIN} | {
        "participants": orjson.loads(found["participants"]),
        "overdue": rules.is_overdue(found["state"], found["due_on"], today),
    }


def one(assignment_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One assignment; one statement. NotFound."""
    return _shown(row(assignment_id, actor), clock.local_date(now))


def of_review(review_id: str, today: date) -> list[dict[str, Any]]:
    """The assignments of a review's minutes in their order; one statement."""
    return [_shown(found, today) for found in sql.rows(_OF, (review_id,))]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Assignments of the actor's scope, open ones unless asked otherwise, due first; one statement."""
    wanted = states_of(query["state"], rules.STATES, (rules.OPEN,))
    condition, params = scope.condition(actor)
    parts = [f"a.district_code = ? AND a.state IN ({', '.join('?' * len(wanted))})", condition]
    given: list[Any] = [reach.district(actor), *wanted, *params]
    for name in ("project_id", "lead_department", "review_id"):
        if query[name]:
            parts.append(f"a.{name} IN ({', '.join('?' * len(query[name]))})")
            given += query[name]
    if query["cursor"]:
        due_on, last = values_of(ASSIGNMENTS, query["cursor"])
        parts.append("(a.due_on > ? OR a.due_on = ? AND a.id > ?)")
        given += [due_on, due_on, last]
    found = sql.rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE {' AND '.join(parts)} ORDER BY a.due_on, a.id LIMIT ?",
        [*given, query["limit"] + 1],
    )
    part = page(ASSIGNMENTS, found, query["limit"], ("due_on", "id"))
    return Page([_shown(each, clock.local_date(now)) for each in part.items], part.next_cursor)


_OVERDUE = f"""
SELECT {_COLUMNS} {_FROM}
WHERE a.state = 'open' AND a.due_on < ? AND p.state = 'open' AND a.id > ? ORDER BY a.id LIMIT ?
"""


def overdue(today: date, after: str, limit: int) -> list[dict[str, Any]]:
    """Open assignments whose day is over, of open projects, after the last one seen."""
    return sql.rows(_OVERDUE, (today.isoformat(), after, limit))
