"""A report that is acted on: who may, what was seen, and its guarded change."""
from datetime import datetime
from typing import Any

from backend.core import clock, moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, StaleVersion
from backend.org import rules as tree
from backend.reports.models import Report
from backend.reports.queries import reports
from backend.reports.queries.reports import Found
from backend.reports.rules import states, weeks


def moved(week: str, unit_code: str, verb: str, *, actor: Actor, now: datetime) -> tuple[Found, str]:
    """The report and the state that the verb leads to.

    NotFound outside the actor's reach; IllegalMove; WeekNotBegun; StaleVersion.
    """
    given = reports.found(week, unit_code, actor=actor, now=now)
    state = moves.move(states.MOVES, given.row["state"], verb, states.STATE_NAMES)
    monday = weeks.monday_of(week)
    if monday is not None and clock.local_date(now) < monday:
        raise states.WeekNotBegun()
    versions.check_seen(given.row, actor)
    return given, state


def write(given: Found, actor: Actor, **values: Any) -> None:
    """Make or change the row, if nobody else did meanwhile; StaleVersion or Conflict otherwise."""
    row = given.row
    if row["version"] == 0:
        done = _made(row, values)
    else:
        done = sql.amend(Report, row["id"], row["version"], **values)
    if not done:
        raise StaleVersion() if actor.call.if_match is not None else Conflict()


_FIRST = """
INSERT INTO report (id, week, unit_code, district_code, state, body, due_at, filed_at, filed_by, on_time,
                    receipt_number, returned_reason, revisions, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING
"""
_NAMES = (
    "id", "week", "unit_code", "district_code", "state", "body", "due_at", "filed_at", "filed_by", "on_time",
    "receipt_number", "returned_reason", "revisions",
)


def _made(row: dict[str, Any], values: dict[str, Any]) -> bool:
    code = row["unit_code"]
    whole = {
        "id": row["id"], "week": row["week"], "unit_code": code, "district_code": tree.district_of(code),
        "state": states.DRAFT, "body": {}, "revisions": 0,
    } | values
    stored = sql.as_stored(Report, whole)
    return sql.run(_FIRST, [stored[name] for name in _NAMES]) == 1
