"""Joint reviews with their summonses, within the reader's scope."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.projects.queries import assignments, rows, scope
from backend.projects.rules import reviews as rules

REVIEWS, SUMMONSES = "joint-reviews", "summonses"
_COLUMNS = """
r.*, p.number AS project_number, p.name AS project_name, p.agent_id, p.leader AS project_leader, p.township_code,
p.state AS project_state, (SELECT version FROM calendar_stamp WHERE id = 1) AS calendar_stamp
"""
_FROM = "FROM joint_review r JOIN project p ON p.id = r.project_id"
_AGENDA = """
SELECT q.review_id, c.* FROM review_procedure q JOIN procedure c ON c.id = q.procedure_id
WHERE q.review_id = ? ORDER BY c.place
"""
_CODES = """
SELECT q.review_id, c.code FROM review_procedure q JOIN procedure c ON c.id = q.procedure_id
WHERE q.review_id IN ({}) ORDER BY q.review_id, c.place
"""
_SUMMONSES = "SELECT * FROM summons WHERE review_id IN ({}) ORDER BY review_id, department_code"
_SUMMONS = "SELECT * FROM summons WHERE review_id = ? AND department_code = ?"


def row(review_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The review's own row with its project's, within the actor's scope; NotFound. ``lock``: project, then review."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock, of="p, r")
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE r.id = ? AND {condition}{suffix}", [review_id, *params])
    if found is None:
        raise NotFound()
    return _review(found)


def held(review_id: str) -> dict[str, Any]:
    """The review and its project, held; for a job."""
    suffix = sql.held(of="p, r")
    found = sql.row(f"SELECT {_COLUMNS} {_FROM} WHERE r.id = ?{suffix}", (review_id,))
    if found is None:
        raise NotFound()
    return _review(found)


def _review(found: dict[str, Any]) -> dict[str, Any]:
    found["weekly"] = bool(found["weekly"])
    return found


def agenda(review_id: str) -> list[dict[str, Any]]:
    """The procedures of a review in their order; one statement."""
    return [rows.procedure_of(found) for found in sql.rows(_AGENDA, (review_id,))]


def summonses(review_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The summonses of reviews by department; one statement."""
    found: dict[str, list[dict[str, Any]]] = {review_id: [] for review_id in review_ids}
    if review_ids:
        for each in sql.rows(_SUMMONSES.format(", ".join("?" * len(review_ids))), list(review_ids)):
            found[each["review_id"]].append(_summons(each))
    return found


def summons_row(review_id: str, department: str, *, lock: bool = False) -> dict[str, Any]:
    """The summons of a department to a review that the actor was found to reach; NotFound."""
    suffix = sql.held(lock)
    found = sql.row(_SUMMONS + suffix, (review_id, department))
    if found is None:
        raise NotFound()
    return _summons(found)


def _summons(found: dict[str, Any]) -> dict[str, Any]:
    found["late_answers"] = orjson.loads(found["late_answers"])
    found["attended"] = None if found["attended"] is None else bool(found["attended"])
    return found


_PLAIN = (
    "id", "review_id", "department_name", "state", "times_served", "served_at", "signed_by", "signed_at", "excuse",
    "excused_at", "attended", "decision", "reasons", "outcome", "counts_as", "answer_due_at", "answered_at",
    "late_answers", "version",
)


def shown_summons(found: dict[str, Any]) -> dict[str, Any]:
    """A summons as the wire shows it."""
    return {"department": found["department_code"]} | {name: found[name] for name in _PLAIN}


def summons(ref: Sequence[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One summons by review and department; two statements. NotFound."""
    review_id, department = ref
    row(review_id, actor)
    return shown_summons(summons_row(review_id, department))


def summons_page(review_id: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The summonses of a review by department; two statements. NotFound."""
    row(review_id, actor)
    after = values_of(SUMMONSES, query["cursor"])[0] if query["cursor"] else ""
    wanted = query["state"] or ["all"]
    found = [
        shown_summons(each) for each in summonses([review_id])[review_id]
        if each["department_code"] > after and ("all" in wanted or each["state"] in wanted)
    ]
    return page(SUMMONSES, found[: query["limit"] + 1], query["limit"], ("department",))


_KEPT = (
    "id", "project_id", "project_number", "project_name", "n", "state", "place", "agenda", "weekly", "concluded_at",
    "minutes_due_on", "version",
)


def _entry(found: dict[str, Any], called: list[dict[str, Any]], codes: list[str]) -> dict[str, Any]:
    return {name: found[name] for name in _KEPT} | {
        "at": found["meet_at"], "leader": found["leader"] or found["project_leader"],
        "minutes_issued_at": found["minutes_at"], "procedure_codes": codes,
        "summonses": [shown_summons(each) for each in called],
        "outstanding": [each["department_code"] for each in called if each["outcome"] is None],
    }


def one(review_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A review with summonses and minutes; three statements, one more once there are minutes. NotFound."""
    found = row(review_id, actor)
    (entry,) = _entries([found])
    return entry | {"minutes": _minutes(found, clock.local_date(now))}


def _minutes(found: dict[str, Any], today: date) -> dict[str, Any] | None:
    if found["minutes_at"] is None:
        return None
    return {
        "number": found["minutes_number"], "text": found["minutes"], "issued_at": found["minutes_at"],
        "late": clock.local_date(found["minutes_at"]) > found["minutes_due_on"],
        "assignments": assignments.of_review(found["id"], today),
    }


def _entries(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = [each["id"] for each in found]
    called = summonses(ids)
    codes: dict[str, list[str]] = {review_id: [] for review_id in ids}
    if ids:
        for review_id, code in sql.execute(_CODES.format(", ".join("?" * len(ids))), ids).fetchall():
            codes[review_id].append(code)
    return [_entry(each, called[each["id"]], codes[each["id"]]) for each in found]


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Reviews of the actor's scope, those not concluded unless asked otherwise, earliest first; three statements."""
    wanted = states_of(query["state"], rules.REVIEW_STATES, (rules.SUMMONED,))
    narrowed, given = _narrowed(query, actor)
    branches, params = [], []
    for state in wanted:
        branches.append(
            f"SELECT * FROM (SELECT r.id, r.meet_at {_FROM} WHERE r.district_code = ? AND r.state = ? AND {narrowed} "
            "ORDER BY r.meet_at, r.id LIMIT ?) AS branch"
        )
        params += [reach.district(actor), state, *given, query["limit"] + 1]
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM (SELECT id AS chosen_id FROM ({' UNION ALL '.join(branches)}) AS found "
        f"ORDER BY meet_at, id LIMIT ?) AS chosen JOIN joint_review r ON r.id = chosen.chosen_id "
        "JOIN project p ON p.id = r.project_id ORDER BY r.meet_at, r.id", [*params, query["limit"] + 1],
    )
    part = page(REVIEWS, [_review(each) for each in found], query["limit"], ("meet_at", "id"))
    return Page(_entries(part.items), part.next_cursor)


def _narrowed(query: dict[str, Any], actor: Actor) -> tuple[str, list[Any]]:
    condition, params = scope.condition(actor)
    parts, given = [condition], list(params)
    if query["project_id"]:
        parts.append(f"r.project_id IN ({', '.join('?' * len(query['project_id']))})")
        given += query["project_id"]
    if query["unit_code"]:
        standing, units = scope.stands_in(query["unit_code"])
        parts.append(standing)
        given += units
    if query["department_code"]:
        parts.append(
            "EXISTS (SELECT 1 FROM summons s WHERE s.review_id = r.id AND s.department_code IN "
            f"({', '.join('?' * len(query['department_code']))}))"
        )
        given += query["department_code"]
    if query["cursor"]:
        meet_at, last = values_of(REVIEWS, query["cursor"])
        parts.append("(r.meet_at > ? OR r.meet_at = ? AND r.id > ?)")
        given += [meet_at, meet_at, last]
    return " AND ".join(parts), given


_DUE = """
SELECT s.id, s.review_id, s.department_code, s.answer_due_at FROM summons s
JOIN joint_review r ON r.id = s.review_id AND r.state = 'summoned'
JOIN project p ON p.id = s.project_id AND p.state != 'abandoned'
WHERE s.outcome IS NULL AND s.answer_due_at <= ? AND (s.answer_due_at > ? OR s.answer_due_at = ? AND s.id > ?)
  AND EXISTS (SELECT 1 FROM review_procedure q JOIN procedure c ON c.id = q.procedure_id
              WHERE q.review_id = s.review_id AND c.absence_consent)
ORDER BY s.answer_due_at, s.id LIMIT ?
"""


def silent(now: datetime, after: tuple[int, str], limit: int) -> list[dict[str, Any]]:
    """Summonses whose written answer was awaited until a moment that is over, earliest first."""
    return sql.plain(_DUE, (clock.to_micros(now), after[0], *after, limit))


_UNWRITTEN = f"""
SELECT {_COLUMNS} {_FROM}
WHERE r.minutes_at IS NULL AND r.minutes_due_on <= ? AND p.state != 'abandoned' AND r.id > ? ORDER BY r.id LIMIT ?
"""


def without_minutes(today: date, after: str, limit: int) -> list[dict[str, Any]]:
    """Reviews whose minutes are due today, or were, and are not issued, after the last one seen."""
    return [_review(found) for found in sql.rows(_UNWRITTEN, (today.isoformat(), after, limit))]


_ANSWERED = "SELECT 1 FROM joining_answer WHERE procedure_id = ? AND round = ? AND department_code = ?"


def has_answered(procedure: dict[str, Any], department: str) -> bool:
    """Whether a joining department has spoken of the papers of this service."""
    return sql.value(_ANSWERED, (procedure["id"], procedure["round"], department)) is not None
