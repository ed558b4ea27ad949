"""Problems that staff reported, within the reader's scope."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, states_of
from backend.core.problems import NotFound
from backend.notifications.queries import walking
from backend.org.rules import scope
from backend.people import queries as people
from backend.reports.rules import tasks

_ROW = "SELECT * FROM field_problem"


def row(problem_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A problem as stored, in the actor's scope; NotFound otherwise."""
    column, code = scope.column(actor)
    found = sql.row(f"{_ROW} WHERE id = ? AND {column} = ?{sql.held(lock)}", (problem_id, code))
    if found is None:
        raise NotFound()
    return found


def one(problem_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One problem with its answer."""
    return _shown([row(problem_id, actor)], clock.local_date(now))[0]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Problems of the actor's scope, the oldest first; unanswered ones unless asked otherwise."""
    column, code = scope.column(actor)
    wanted = states_of(query["state"], tasks.STATES, (tasks.OPEN,))
    part = walking.listed("problems", _ROW, wanted, query, column=column, code=code)
    return Page(_shown(part.items, clock.local_date(now)), part.next_cursor)


_KEPT = (
    "id", "state", "unit_code", "errand_id", "text", "asked_of", "raised_at", "due_on", "answer", "answered_at",
    "version",
)


def _shown(found: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    names = people.names({each[key] for each in found for key in ("account_id", "answered_by") if each[key]})

    def who(account_id: str | None) -> dict[str, str] | None:
        return {"id": account_id, "name": names.get(account_id, "")} if account_id else None

    return [
        {name: each[name] for name in _KEPT} | {
            "by": who(each["account_id"]), "answered_by": who(each["answered_by"]),
            "file_ids": orjson.loads(each["file_ids"]),
            "overdue": tasks.is_overdue(each["state"], each["due_on"], today),
        }
        for each in found
    ]
