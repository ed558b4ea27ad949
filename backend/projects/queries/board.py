"""The board of a district's key projects: five statements, however many projects there are (rules 8.6)."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import cursor_of, values_of
from backend.org.rules import scope as reach
from backend.projects.queries import projects
from backend.projects.rules import board as rules
from backend.projects.rules import states

BOARD = "project-board"
_LIGHT = """
SELECT p.id, p.state, p.started_at, p.ended_at, p.promised_days, p.forecast_on, p.leader, p.agent_id, p.district_code,
       (SELECT version FROM calendar_stamp WHERE id = 1) AS calendar_stamp
FROM project p WHERE p.district_code = ?
"""
_LATE = """
SELECT project_id, lead_department, lead_name, state, count(*) AS count, min(due_at) AS since_at
FROM procedure
WHERE district_code = ? AND (state = 'served' AND due_at < ? OR state = 'finished' AND finished_at > due_at)
GROUP BY project_id, lead_department, lead_name, state
"""
_DEEMED = """
SELECT c.department_code, max(d.name) AS department_name,
       CASE WHEN c.effective_at < ? THEN 0 WHEN c.effective_at < ? THEN 1 WHEN c.effective_at < ? THEN 2 ELSE 3 END
           AS quarter,
       sum(CASE WHEN c.kind = 'deemed_by_timeout' THEN 1 ELSE 0 END) AS by_timeout,
       sum(CASE WHEN c.kind = 'deemed_by_absence' THEN 1 ELSE 0 END) AS by_absence,
       sum(CASE WHEN c.revoked_at IS NOT NULL THEN 1 ELSE 0 END) AS revoked,
       sum(CASE WHEN c.revoked_at IS NULL AND (c.opinion_at IS NULL AND c.opinion_due_at < ?
                OR c.opinion_at > c.opinion_due_at) THEN 1 ELSE 0 END) AS opinions_late
FROM deemed_consent c LEFT JOIN department d ON d.code = c.department_code
WHERE c.district_code = ? AND c.effective_at >= ? AND c.effective_at < ?
GROUP BY 1, 3 ORDER BY 1, 3
"""
_INTERVIEWS = """
SELECT fault, body, count(*) AS count, max(held_on) AS last_on FROM interview
WHERE district_code = ? AND held_on >= ? AND held_on < ? GROUP BY fault, body ORDER BY fault, body
"""
_SHEETS = f"""
SELECT {projects.COLUMNS},
  (SELECT sum(COALESCE(c.legal_days, c.limit_working_days)) FROM procedure c WHERE c.project_id = p.id) AS statutory,
  (SELECT count(*) FROM deemed_consent c WHERE c.project_id = p.id AND c.revoked_at IS NULL) AS deemed,
  (SELECT count(*) FROM review_assignment t WHERE t.project_id = p.id AND t.state = 'open' AND t.due_on < ?)
      AS overdue_assignments
FROM project p {projects.JOINS} WHERE p.district_code = ?
"""


def shown(query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The board with a page of its projects, those in trouble first; five statements."""
    district = reach.district(actor)
    found = _aggregated(query, district, now)
    entries = found.pop("entries")
    after = values_of(BOARD, query["cursor"]) if query["cursor"] else None
    left = [each for each in entries if after is None or _place(each) > after]
    part, more = left[: query["limit"]], len(left) > query["limit"]
    sheets = _sheets(district, now, [each["id"] for each in part])
    return found | {
        "projects": [_line(each, sheets[each["id"]]) for each in part],
        "next_cursor": cursor_of(BOARD, _place(part[-1])) if more else None,
    }


def whole(query: dict[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The board with all of its projects, for a workbook; five statements."""
    district = reach.district(actor)
    found = _aggregated(query, district, now)
    sheets = _sheets(district, now, None)
    return found | {"projects": [_line(each, sheets[each["id"]]) for each in found.pop("entries")]}


def _aggregated(query: dict[str, Any], district: str, now: datetime) -> dict[str, Any]:
    late = sql.rows(_LATE, (district, clock.to_micros(now)))
    overdue: dict[str, int] = {}
    for each in late:
        if each["state"] == states.SERVED:
            overdue[each["project_id"]] = overdue.get(each["project_id"], 0) + each["count"]
    year = query["year"] or clock.local_date(now).year
    entries = [_entry(each, overdue.get(each["id"], 0), now) for each in sql.rows(_LIGHT, (district,))]
    entries = [each for each in entries if _wanted(each, query)]
    return {
        "as_of": now, "year": year, "totals": rules.totals(entries), "leaders": rules.by_leader(entries),
        "late_departments": rules.late_departments(late), "deemed": _deemed(district, year, now),
        "interviews": sql.rows(_INTERVIEWS, (district, f"{year}-01-01", f"{year + 1}-01-01")),
        "entries": sorted(entries, key=_place),
    }


def _wanted(entry: dict[str, Any], query: dict[str, Any]) -> bool:
    asked = query["state"] or [states.RUNNING]
    return (
        ("all" in asked or entry["state"] in asked)
        and (not query["leader"] or entry["leader"] in query["leader"])
        and (not query["agent_id"] or entry["agent_id"] in query["agent_id"])
    )


def _entry(found: dict[str, Any], overdue: int, now: datetime) -> dict[str, Any]:
    days = projects.days_of(found["calendar_stamp"], found["district_code"])
    started_on, until = clock.local_date(found["started_at"]), clock.local_date(found["ended_at"] or now)
    used = rules.counted(started_on, until, days)
    promised_on = rules.promised_on(started_on, found["promised_days"], days)
    late = found["forecast_on"] > promised_on
    return {name: found[name] for name in ("id", "state", "leader", "agent_id")} | {
        "used_working_days": used, "promised_working_days": found["promised_days"], "promised_on": promised_on,
        "forecast_late": late, "overdue_procedures": overdue,
        "light": rules.light(used, found["promised_days"], forecast_late=late, overdue=overdue),
    }


def _place(entry: dict[str, Any]) -> list[Any]:
    """Those in trouble first: red, yellow, green; the most days over the promise, or the least left; then by id."""
    beyond = entry["used_working_days"] - entry["promised_working_days"]
    return [-rules.LIGHTS.index(entry["light"]), -beyond, entry["id"]]


def _sheets(district: str, now: datetime, ids: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    params: list[Any] = [clock.local_date(now).isoformat(), district]
    text = _SHEETS
    if ids is not None:
        text += f" AND p.id IN ({', '.join('?' * len(ids)) or 'NULL'})"
        params += ids
    return {each["id"]: each for each in sql.rows(text, params)}


_KEPT = (
    "id", "number", "name", "investor", "amount_fen", "state", "leader", "started_at", "ended_at", "forecast_on",
)


def _line(entry: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in _KEPT} | {
        "agent": {"id": found["agent_id"], "name": found["agent_name"]},
        "statutory_working_days": int(found["statutory"] or 0), "deemed_consents": found["deemed"],
        "overdue_assignments": found["overdue_assignments"], "procedures_total": found["procedures"],
        "procedures_finished": found["finished"],
    } | {name: entry[name] for name in (
        "light", "used_working_days", "promised_working_days", "promised_on", "forecast_late", "overdue_procedures",
    )}


def _deemed(district: str, year: int, now: datetime) -> list[dict[str, Any]]:
    spans = rules.quarters(year)
    bounds = [clock.to_micros(end) for _, _, end in spans[:3]]
    first, last = clock.to_micros(spans[0][1]), clock.to_micros(spans[3][2])
    found = sql.rows(_DEEMED, [*bounds, clock.to_micros(now), district, first, last])
    return [
        each | {"quarter": spans[each["quarter"]][0], "department_name": each["department_name"] or ""}
        | {name: int(each[name]) for name in ("by_timeout", "by_absence", "revoked", "opinions_late")}
        for each in found
    ]
