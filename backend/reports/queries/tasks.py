"""Problems raised by reports: tasks of a department with a date (rules 7.6), within the reader's scope."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from backend.core import clock, paging, sql
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope
from backend.people import queries as people
from backend.reports.rules import tasks as rules

TASKS = "report-problems"
_COLUMNS = """
p.id, p.week, p.unit_code, u.name AS unit_name, p.n, p.text, p.department_code, d.name AS department_name, p.due_on,
p.state, p.answer, p.answered_at, p.answered_by, p.made_at, p.version
"""
_FROM = "FROM report_problem p JOIN unit u ON u.code = p.unit_code JOIN department d ON d.code = p.department_code"
_UNANSWERED = f"""
SELECT p.week, p.unit_code, u.name, p.text, p.department_code AS asked_of, d.name AS asked_of_name, p.due_on {_FROM}
WHERE p.district_code = ? AND p.state = 'open' ORDER BY p.due_on, p.id
"""
_UNTOLD = f"SELECT {_COLUMNS}, p.district_code {_FROM} WHERE p.told_at IS NULL AND p.id > ? ORDER BY p.id LIMIT ?"
_FOLLOWED = f"""
SELECT {_COLUMNS} {_FROM}
WHERE p.unit_code = ? AND (p.state = 'open' OR p.state = 'answered' AND p.answered_at > ?)
ORDER BY p.state, p.due_on, p.id
"""

Condition = tuple[str, list[Any]]


def _scope(actor: Actor) -> Condition:
    """Handlers reach what their department was asked in the district, townships their own, the offices all of it."""
    if actor.role == HANDLER:
        return "p.district_code = ? AND p.department_code = ?", [scope.district(actor), actor.department_code or ""]
    name, code = scope.column(actor)
    return f"p.{name} = ?", [code]


def row(task_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The problem as it is stored, where the actor reaches it; NotFound otherwise."""
    condition, params = _scope(actor)
    suffix = sql.held(lock, of="p")
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = ? AND {condition}{suffix}", [task_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(task_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One problem as the wire shows it."""
    return _shown([row(task_id, actor)], clock.local_date(now))[0]


def _shown(found: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    names = people.names(one["answered_by"] for one in found if one["answered_by"])
    return [
        {
            "id": one["id"], "week": one["week"], "unit_code": one["unit_code"], "unit_name": one["unit_name"],
            "n": one["n"], "text": one["text"], "asked_of": one["department_code"],
            "asked_of_name": one["department_name"], "due_on": one["due_on"], "state": one["state"],
            "overdue": rules.is_overdue(one["state"], one["due_on"], today), "answer": one["answer"],
            "answered_at": one["answered_at"],
            "answered_by": one["answered_by"] and {"id": one["answered_by"], "name": names.get(one["answered_by"], "")},
            "made_at": one["made_at"], "version": one["version"],
        }
        for one in found
    ]


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Problems in the actor's scope, open ones unless asked otherwise, due first."""
    own, mine = _scope(actor)
    wanted = paging.states_of(query["state"], rules.STATES, (rules.OPEN,))
    after, position = "", []
    if query["cursor"]:
        after, position = " AND (p.due_on, p.id) > (?, ?)", paging.values_of(TASKS, query["cursor"])
    more, given = _narrowed(query, clock.local_date(now))
    branches, params = [], []
    for state in wanted:
        branches.append(
            f"SELECT * FROM (SELECT p.id AS id, p.due_on AS due_on FROM report_problem p WHERE {own} AND p.state = ?"
            f"{more}{after} ORDER BY p.due_on, p.id LIMIT ?) AS branch"
        )
        params += [*mine, state, *given, *position, query["limit"] + 1]
    text = (
        f"SELECT {_COLUMNS} FROM (SELECT id FROM ({' UNION ALL '.join(branches)}) AS found "
        "ORDER BY due_on, id LIMIT ?) AS chosen JOIN report_problem p ON p.id = chosen.id "
        "JOIN unit u ON u.code = p.unit_code "
        "JOIN department d ON d.code = p.department_code ORDER BY p.due_on, p.id"
    )
    found = sql.rows(text, [*params, query["limit"] + 1])
    kept = paging.page(TASKS, found, query["limit"], ("due_on", "id"))
    return Page(_shown(kept.items, clock.local_date(now)), kept.next_cursor)


def _narrowed(query: dict[str, Any], today: date) -> Condition:
    text, params = "", []
    for name, column in (("unit_code", "unit_code"), ("asked_of", "department_code"), ("week", "week")):
        values: Sequence[str] = query[name]
        if values:
            text += f" AND p.{column} IN ({', '.join('?' * len(values))})"
            params += values
    if query["overdue"] is not None:
        text += f" AND p.due_on {'<' if query['overdue'] else '>='} ?"
        params.append(today.isoformat())
    return text, params


def unanswered(district_code: str, today: date) -> list[dict[str, Any]]:
    """What nobody has answered yet, due first, as the bulletin tells it."""
    found = sql.plain(_UNANSWERED, (district_code,))
    return [one | {"overdue": one["due_on"] < today.isoformat()} for one in found]


def followed(unit_code: str, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """What a township asked: everything still open, and what was answered since a moment; for its next draft."""
    found = sql.rows(_FOLLOWED, (unit_code, clock.to_micros(since)))
    return _shown(found, clock.local_date(now))


def untold(after: str, limit: int) -> list[dict[str, Any]]:
    """Problems of which the department's post was not told yet, by id."""
    return sql.rows(_UNTOLD, (after, limit))


