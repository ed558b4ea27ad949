"""How agents, units and departments stand, within the reader's scope."""
from typing import Any

import orjson

from backend.assessment.queries import periods, schemes
from backend.assessment.rules import AGENT_SUBJECT, DEPARTMENT_SUBJECT, DESKS, UNIT_SUBJECT, scoring
from backend.assessment.rules.schemes import Scheme, points
from backend.core import paging, sql
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope

SCORES = "assessment-scores"
MOST_REVISIONS = 50
_COLUMNS = """
s.id, s.district_code, s.period, s.subject_type, s.subject_id, s.name, s.unit_code, s.township_code, s.total_tenths,
s.sums, s.lines, s.revision, s.settled_tenths, s.place, s.version
"""
_REVISIONS = f"""
SELECT revision, total_tenths, lines, lines_sha256, made_at FROM assessment_score
WHERE standing_id = ? ORDER BY revision DESC LIMIT {MOST_REVISIONS}
"""
_UNTOLD = """
SELECT id, district_code, period, subject_type, subject_id, name, unit_code, total_tenths, revision
FROM standing WHERE tell_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?
"""

Condition = tuple[str, list[Any]]


def reach(actor: Actor) -> tuple[str, str] | None:
    """The township or district in which all lies that an account reaches: its column and code; None at a desk."""
    if actor.role == HANDLER:
        return "district_code", scope.district(actor)
    name, code = scope.column(actor)
    return None if name == "unit_code" else (name, code)


def within(actor: Actor) -> Condition:
    """Whose scores an account reaches: its own and its unit's, its subtree's, its department's, the district's."""
    if actor.role in DESKS:
        own = f"s.unit_code = ? AND (s.subject_type = '{UNIT_SUBJECT}' OR s.subject_type = '{AGENT_SUBJECT}' "
        return f"{own}AND s.subject_id = ?)", [actor.unit_code or "", actor.id]
    bounds = reach(actor)
    if bounds is None:
        return "1 = 0", []
    column, code = bounds
    if actor.role == HANDLER:
        own = f"s.subject_type = '{DEPARTMENT_SUBJECT}' AND s.subject_id = ?"
        return f"s.{column} = ? AND {own}", [code, actor.department_code or ""]
    return f"s.{column} = ?", [code]


def row(period: str, standing_id: str, actor: Actor) -> dict[str, Any]:
    """The standing as it is stored, where the actor reaches it; NotFound otherwise."""
    condition, params = within(actor)
    text = f"SELECT {_COLUMNS} FROM standing s WHERE s.id = ? AND s.period = ? AND {condition}"
    found = sql.row(text, [standing_id, period, *params])
    if found is None:
        raise NotFound()
    return found


def one(period: str, standing_id: str, *, actor: Actor, now: Any) -> dict[str, Any]:
    """A score as the wire shows it, explained by its indicators; NotFound outside the actor's scope."""
    found = row(period, standing_id, actor)
    half = periods.row(found["district_code"], period)
    scheme = schemes.numbered(found["district_code"], half["scheme_number"] if half else 0)
    parts = scoring.parts(scheme, orjson.loads(found["sums"]))
    revisions = sql.rows(_REVISIONS, (standing_id,))
    return shown(found, scheme) | {
        "indicators": [
            {
                "code": part.code, "name": part.name, "weight": points(part.weight), "added": points(part.added),
                "cut": points(part.cut), "points": points(part.result),
            }
            for part in parts
        ],
        "revisions": [
            {
                "revision": each["revision"], "score": points(each["total_tenths"]), "lines": each["lines"],
                "lines_sha256": each["lines_sha256"], "made_at": each["made_at"],
            }
            for each in revisions
        ],
        "version": found["version"],
    }


def shown(found: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    """A stored standing as lists show it."""
    settled = found["settled_tenths"]
    return {
        "id": found["id"], "period": found["period"],
        "subject": {"type": found["subject_type"], "id": found["subject_id"], "name": found["name"]},
        "unit_code": found["unit_code"], "score": points(found["total_tenths"]),
        "grade": scoring.grade(scheme, found["total_tenths"]), "lines": found["lines"],
        "settled_score": None if settled is None else points(settled), "rank": found["place"],
        "revision": found["revision"],
    }


def page(period: str, query: dict[str, Any], *, actor: Actor) -> Page:
    """The scores of a half-year in the actor's scope, of one kind of subject, the best first."""
    half = periods.seen(period, actor)
    scheme = schemes.numbered(half["district_code"], half["scheme_number"])
    condition, params = within(actor)
    where = f"s.period = ? AND s.subject_type = ? AND {condition}"
    params = [period, query["subject"], *params]
    for name, column in (("unit_code", "unit_code"), ("subject_id", "subject_id")):
        if query[name]:
            where += f" AND s.{column} IN ({', '.join('?' * len(query[name]))})"
            params += query[name]
    if query["below"] is not None:
        where += " AND s.total_tenths < ?"
        params.append(10 * query["below"])
    if query["cursor"]:
        where += " AND (s.total_tenths, s.id) < (?, ?)"
        params += paging.values_of(SCORES, query["cursor"])
    text = f"SELECT {_COLUMNS} FROM standing s WHERE {where} ORDER BY s.total_tenths DESC, s.id DESC LIMIT ?"
    found = sql.rows(text, [*params, query["limit"] + 1])
    part = paging.page(SCORES, found, query["limit"], ("total_tenths", "id"))
    return Page([shown(each, scheme) for each in part.items], part.next_cursor)


def untold(after: str, limit: int) -> list[dict[str, Any]]:
    """Standings whose subject is to be told of a score."""
    return sql.plain(_UNTOLD, (after, limit))
