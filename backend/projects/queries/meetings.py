"""The standing weekly meeting of a district, its open issues, what was recorded of it."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.projects.queries import scope
from backend.projects.rules import meetings as rules
from backend.reports.rules import weeks

ISSUES, MEETINGS, MOST = "project-issues", "project-meetings", 1000
_STANDING = "SELECT * FROM standing_meeting WHERE district_code = ?"
_FROM = "FROM project_issue i JOIN project p ON p.id = i.project_id"
_ISSUE = f"""
SELECT i.*, p.name AS project_name, p.number AS project_number, p.leader, p.agent_id, p.township_code,
       p.state AS project_state {_FROM}
"""
_RECORD = """
SELECT m.*, a.name AS account_name FROM weekly_meeting m LEFT JOIN account a ON a.id = m.account_id
WHERE m.district_code = ? AND m.week = ?
"""


def standing(district: str) -> dict[str, Any]:
    """When a district meets; the usual Monday at nine, version 0, before it decided."""
    return sql.row(_STANDING, (district,)) or {
        "district_code": district, "weekday": rules.USUAL_WEEKDAY, "time": rules.USUAL_TIME, "place": None,
        "leader": None, "version": 0,
    }


def standing_shown(district: str = "", *, actor: Actor, now: datetime) -> dict[str, Any]:
    """When the actor's district meets."""
    return standing(reach.district(actor))


def districts() -> list[str]:
    """The districts that have open projects."""
    return [code for (code,) in sql.execute("SELECT DISTINCT district_code FROM project WHERE state = 'open'")]


def issue_row(issue_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The issue with its project's name, agent and place, within the actor's scope; NotFound."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock, of="i")
    found = sql.row(f"{_ISSUE} WHERE i.id = ? AND {condition}{suffix}", [issue_id, *params])
    if found is None:
        raise NotFound()
    return found


_PLAIN = (
    "id", "project_id", "project_number", "project_name", "leader", "n", "text", "department_code", "due_on", "state",
    "raised_at", "settlement", "settled_at", "version",
)


def _shown(found: dict[str, Any], today: date) -> dict[str, Any]:
    until = clock.local_date(found["settled_at"]) if found["settled_at"] else today
    return {name: found[name] for name in _PLAIN} | {
        "overdue": found["state"] == rules.OPEN and found["due_on"] is not None and found["due_on"] < today,
        "weeks_open": rules.weeks_open(clock.local_date(found["raised_at"]), until),
    }


def issue(issue_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One issue; one statement. NotFound."""
    return _shown(issue_row(issue_id, actor), clock.local_date(now))


def issues(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Issues of the actor's scope, open ones unless asked otherwise, the oldest first; one statement."""
    wanted = states_of(query["state"], rules.STATES, (rules.OPEN,))
    condition, params = scope.condition(actor)
    parts = [f"i.district_code = ? AND i.state IN ({', '.join('?' * len(wanted))})", condition]
    given: list[Any] = [reach.district(actor), *wanted, *params]
    for name in ("project_id", "department_code"):
        if query[name]:
            parts.append(f"i.{name} IN ({', '.join('?' * len(query[name]))})")
            given += query[name]
    if query["cursor"]:
        raised_at, last = values_of(ISSUES, query["cursor"])
        parts.append("(i.raised_at > ? OR i.raised_at = ? AND i.id > ?)")
        given += [raised_at, raised_at, last]
    found = sql.rows(
        f"{_ISSUE} WHERE {' AND '.join(parts)} ORDER BY i.raised_at, i.id LIMIT ?", [*given, query["limit"] + 1]
    )
    part = page(ISSUES, found, query["limit"], ("raised_at", "id"))
    return Page([_shown(each, clock.local_date(now)) for each in part.items], part.next_cursor)


def open_issues(district: str, today: date) -> list[dict[str, Any]]:
    """The issues of a district's open projects that stand open, the oldest first."""
    found = sql.rows(
        f"{_ISSUE} WHERE i.district_code = ? AND i.state = 'open' AND p.state = 'open' "
        "ORDER BY i.raised_at, i.id LIMIT ?", (district, MOST),
    )
    return [_shown(each, today) for each in found]


def recorded(district: str, week: str) -> dict[str, Any] | None:
    """What was recorded of a week's meeting."""
    return sql.row(_RECORD, (district, week))


def one(week: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A week's meeting with its issues; at most four statements. NotFound for what is no week."""
    monday = weeks.monday_of(week)
    if monday is None:
        raise NotFound()
    district, today = reach.district(actor), clock.local_date(now)
    plan, found = standing(district), recorded(district, week)
    day = found["held_on"] if found else rules.day_of(monday, plan["weekday"], calendars.calendar())
    shown = {
        "week": week, "district_code": district, "held_on": day, "place": plan["place"],
        "at": day and rules.moment_of(day, plan["time"]), "leader": plan["leader"], "record": None, "version": 0,
    }
    if found is None:
        return shown | {"issues": open_issues(district, today)}
    return shown | {"issues": orjson.loads(found["issues"]), "leader": found["leader"], "version": found["version"],
                    "record": _record(found)}


def _record(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "leader": found["leader"], "present": orjson.loads(found["present"]), "text": found["text"],
        "recorded_by": {"id": found["account_id"], "name": found["account_name"] or ""},
        "recorded_at": found["recorded_at"],
    }


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The recorded meetings of the actor's district, the latest first; one statement."""
    before = values_of(MEETINGS, query["cursor"])[0] if query["cursor"] else "9999-W99"
    found = sql.rows(
        "SELECT week, held_on, leader, issues, recorded_at, version FROM weekly_meeting "
        "WHERE district_code = ? AND week < ? ORDER BY week DESC LIMIT ?",
        (reach.district(actor), before, query["limit"] + 1),
    )
    part = page(MEETINGS, found, query["limit"], ("week",))
    for each in part.items:
        each["issues_open"] = len(orjson.loads(each.pop("issues")))
    return part


_TOLD = """
SELECT id FROM account WHERE unit_code = ? AND role IN ('project_agent', 'office') AND disabled_at IS NULL ORDER BY id
"""


def attending(district: str) -> list[str]:
    """Who prepares a district's meeting: its project agents and its office."""
    return [account_id for (account_id,) in sql.execute(_TOLD, (district,)).fetchall()]
