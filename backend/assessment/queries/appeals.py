"""Appeals against lines: who made one sees it, his township, and the district's offices."""
from datetime import datetime
from typing import Any

from backend.assessment.queries import standings
from backend.assessment.rules import appeals as rules
from backend.core import paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.people import queries as people

APPEALS = "assessment-appeals"
_COLUMNS = """
p.id, p.line_id, p.standing_id, p.account_id, p.reason, p.made_at, p.state, p.answer, p.answered_by, p.answered_at,
p.version, s.name, s.subject_type, s.subject_id, s.period, s.total_tenths
"""
_FROM = "FROM assessment_appeal p JOIN standing s ON s.id = p.standing_id"


def row(appeal_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The appeal as it is stored, where the actor reaches the score it is about; NotFound otherwise."""
    condition, params = standings.within(actor)
    suffix = sql.held(lock, of="p")
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE p.id = ? AND {condition}{suffix}", [appeal_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(appeal_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """An appeal as the wire shows it."""
    return _shown([row(appeal_id, actor)])[0]


def page(query: dict[str, Any], *, actor: Actor) -> Page:
    """Appeals in the actor's scope, open ones unless asked otherwise, the last made first."""
    condition, params = standings.within(actor)
    states = paging.states_of(query["state"], rules.STATES, (rules.OPEN,))
    bounds = standings.reach(actor)
    if bounds is not None:
        condition, params = f"{condition} AND p.{bounds[0]} = ?", [*params, bounds[1]]
    where = f"p.state IN ({', '.join('?' * len(states))}) AND {condition}"
    params = [*states, *params]
    if query["cursor"]:
        where += " AND p.id < ?"
        params += paging.values_of(APPEALS, query["cursor"])
    found = sql.rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY p.id DESC LIMIT ?", [*params, query["limit"] + 1]
    )
    part = paging.page(APPEALS, found, query["limit"], ("id",))
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({one[who] for one in found for who in ("account_id", "answered_by") if one[who]})
    return [
        {
            "id": one["id"], "line_id": one["line_id"], "score_id": one["standing_id"], "period": one["period"],
            "subject": {"type": one["subject_type"], "id": one["subject_id"], "name": one["name"]},
            "reason": one["reason"], "by": {"id": one["account_id"], "name": names.get(one["account_id"], "")},
            "made_at": one["made_at"], "state": one["state"], "answer": one["answer"],
            "answered_by": one["answered_by"] and {"id": one["answered_by"], "name": names.get(one["answered_by"], "")},
            "answered_at": one["answered_at"], "version": one["version"],
        }
        for one in found
    ]
