"""Evidence lines: what each point of a score rests on, within the reader's scope."""
from datetime import datetime
from typing import Any

from backend.assessment.queries import standings
from backend.assessment.rules import DESKS, appeals
from backend.assessment.rules.evidence import HAND
from backend.assessment.rules.kinds import CONFIDENTIAL, KINDS
from backend.assessment.rules.schemes import points
from backend.core import paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound

LINES = "evidence-lines"
_COLUMNS = """
l.id, l.district_code, l.period, l.standing_id, l.source_type, l.source_id, l.kind, l.n, l.indicator, l.tenths,
l.effective_at, l.made_at, l.made_by, l.cause, l.note, s.subject_type, s.subject_id, s.name, s.unit_code,
s.township_code, CASE WHEN l.n > 0 THEN r.id END AS reversed_by, CASE WHEN l.n < 0 THEN r.id END AS reverses,
a.id AS appeal_id, a.state AS appeal_state
"""
_FROM = """
FROM evidence_line l JOIN standing s ON s.id = l.standing_id
LEFT JOIN evidence_line r ON r.source_type = l.source_type AND r.source_id = l.source_id AND r.kind = l.kind
     AND r.standing_id = l.standing_id AND r.n = -l.n
LEFT JOIN assessment_appeal a ON a.line_id = l.id
"""


def row(line_id: str, actor: Actor) -> dict[str, Any]:
    """A line with whom it counts for, what reversed it, and its appeal; NotFound outside the actor's scope."""
    condition, params = standings.within(actor)
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE l.id = ? AND {condition}", [line_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(line_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A line as the wire shows it."""
    return _shown(row(line_id, actor), actor)


def state_of(found: dict[str, Any]) -> str:
    """The state of a stored line."""
    return appeals.state_of(found["n"], found["reversed_by"], found["appeal_state"])


def page(period: str, standing_id: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The lines of a score, the last written first; every one of its points is in one of them."""
    found = standings.row(period, standing_id, actor)
    where, params = "", [found["district_code"], period, standing_id]
    if query["indicator"]:
        where += f" AND l.indicator IN ({', '.join('?' * len(query['indicator']))})"
        params += query["indicator"]
    if query["cursor"]:
        where += " AND l.id < ?"
        params += paging.values_of(LINES, query["cursor"])
    text = (
        f"SELECT {_COLUMNS} {_FROM} WHERE l.district_code = ? AND l.period = ? AND l.standing_id = ?{where} "
        "ORDER BY l.id DESC LIMIT ?"
    )
    part = paging.page(LINES, sql.rows(text, [*params, query["limit"] + 1]), query["limit"], ("id",))
    return Page([_shown(each, actor) for each in part.items], part.next_cursor)


def _shown(found: dict[str, Any], actor: Actor) -> dict[str, Any]:
    hidden = found["source_type"] in CONFIDENTIAL and actor.role in DESKS
    return {
        "id": found["id"], "period": found["period"], "score_id": found["standing_id"], "kind": found["kind"],
        "name": KINDS[found["kind"]].zh, "indicator": found["indicator"], "points": points(found["tenths"]),
        "source": {
            "type": found["source_type"], "id": None if hidden else found["source_id"],
            "note": None if hidden else found["note"],
        },
        "effective_at": found["effective_at"], "made_at": found["made_at"], "cause": found["cause"],
        "entered_by_hand": found["cause"] == HAND, "state": state_of(found), "reversed_by": found["reversed_by"],
        "reverses": found["reverses"],
        "appeal_id": found["appeal_id"],
    }
