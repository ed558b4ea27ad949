"""Projects as they are shown: each with its procedures and plan as of now, or listed by their forecast."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from backend.clocks import queries as calendars
from backend.core import clock, sql
from backend.core.actor import HANDLER, Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.projects.queries import procedures, scope
from backend.projects.rules import board, progress, states
from backend.projects.rules.days import Days

COLUMNS = """
p.id, p.number, p.state, p.name, p.investor, p.amount_fen, p.agent_id, a.name AS agent_name, p.leader,
p.district_code, p.township_code, t.code AS template_code, t.edition AS template_edition, p.promised_days, p.stages,
p.started_at, p.ended_at, p.ended_for, p.forecast_on, p.provisional, p.critical_path, p.critical_days, p.plan,
p.procedures, p.finished, p.version, (SELECT version FROM calendar_stamp WHERE id = 1) AS calendar_stamp
"""
JOINS = "JOIN account a ON a.id = p.agent_id JOIN project_template t ON t.id = p.template_id"
_ONE = f"SELECT {COLUMNS} FROM project p {JOINS} WHERE p.id = ?"


def one(project_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A project with its procedures, its plan as of now, and what is next; three statements. NotFound."""
    found, parts, plan = planned(project_id, actor, now)
    return found | {"procedures": parts, "next": coming(parts)} | plan


def planned(
    project_id: str, actor: Actor, now: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    """The project's sheet, its procedures, and what its graph says as of now; NotFound outside the actor's scope."""
    condition, params = scope.condition(actor)
    found = sql.row(f"{_ONE} AND {condition}", [project_id, *params])
    if found is None:
        raise NotFound()
    rows = procedures.of(project_id)
    days = days_of(found["calendar_stamp"], found["district_code"])
    started_on, today = clock.local_date(found["started_at"]), clock.local_date(found["ended_at"] or now)
    plan = progress.planned(rows, started_on, today, days)
    parts = [procedures.shown(row, plan.slots[row["code"]], days) for row in rows]
    forecast_on = max(days.day(plan.ends), started_on)
    told = {
        "critical_path": plan.critical, "critical_path_working_days": plan.ends - days.number(started_on),
        "forecast_on": forecast_on, "provisional": days.is_provisional(today, forecast_on),
        "statutory_working_days": sum(row["legal_days"] or row["limit_working_days"] for row in rows),
    }
    return sheet(found, days, now), parts, told


def days_of(stamp: int, district_code: str) -> Days:
    """The working days of a district's offices; no statement where the calendar is known."""
    present = calendars.present(stamp)
    return Days(present.calendar, present.closed(district_code))


_PLAIN = (
    "id", "number", "state", "name", "investor", "amount_fen", "agent_id", "leader", "district_code", "township_code",
    "started_at", "ended_at", "ended_for", "forecast_on", "version",
)


def sheet(found: dict[str, Any], days: Days, now: datetime) -> dict[str, Any]:
    """A row of COLUMNS as the wire shows it, without procedures."""
    started_on, until = clock.local_date(found["started_at"]), clock.local_date(found["ended_at"] or now)
    return {name: found[name] for name in _PLAIN} | {
        "agent": {"id": found["agent_id"], "name": found["agent_name"]},
        "template": {"code": found["template_code"], "edition": found["template_edition"]},
        "stages": orjson.loads(found["stages"]), "critical_path": orjson.loads(found["critical_path"]),
        "critical_path_working_days": found["critical_days"], "provisional": bool(found["provisional"]),
        "promised_working_days": found["promised_days"],
        "used_working_days": board.counted(started_on, until, days),
        "procedures_total": found["procedures"], "procedures_finished": found["finished"],
    }


def coming(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is next and whose it is: the least float first, then the earliest finish."""
    found = []
    for each in parts:
        act = progress.act_of(each["state"], each["outcome"])
        if act is not None:
            found.append({
                "code": each["code"], "name": each["name"], "act": act,
                "whose": "agent" if progress.is_agents(act) else "department",
                "department_code": each["lead_department"], "department_name": each["lead_department_name"],
                "due_at": each["due_at"], "finishes_on": each["finishes_on"],
                "float_working_days": each["float_working_days"],
            })
    return sorted(found, key=lambda each: (each["float_working_days"], each["finishes_on"], each["code"]))


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Projects of the actor's scope, open ones unless asked otherwise, by forecast; one statement."""
    leading, key, join = _leading(query, actor)
    parts, filters = _filters(query, actor)
    branches, params = [], []
    for column_value in key:
        for state in _states(query):
            branches.append(
                f"SELECT * FROM (SELECT p.id AS id, p.forecast_on AS forecast_on FROM project p {join} WHERE "
                f"{' AND '.join([leading, 'p.state = ?', *parts])} ORDER BY p.forecast_on, p.id LIMIT ?) AS branch"
            )
            params += [*column_value, state, *filters, query["limit"] + 1]
    found = sql.rows(
        f"SELECT {COLUMNS} FROM (SELECT id, forecast_on FROM ({' UNION ALL '.join(branches)}) AS found "
        f"ORDER BY forecast_on, id LIMIT ?) AS chosen JOIN project p ON p.id = chosen.id {JOINS} "
        "ORDER BY p.forecast_on, p.id", [*params, query["limit"] + 1],
    )
    part = page("projects", found, query["limit"], ("forecast_on", "id"))
    return Page([_entry(row, now) for row in part.items], part.next_cursor)


def _entry(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    return sheet(found, days_of(found["calendar_stamp"], found["district_code"]), now)


def _states(query: dict[str, Any]) -> tuple[str, ...]:
    return states_of(query["state"], states.PROJECT_STATES, (states.RUNNING,))


def _leading(query: dict[str, Any], actor: Actor) -> tuple[str, list[list[Any]], str]:
    """The condition that leads into an index, the values to walk it with, and what it needs joined."""
    if query["agent_id"]:
        return "p.agent_id = ?", [[agent_id] for agent_id in dict.fromkeys(query["agent_id"])], ""
    if actor.role == HANDLER:
        _, params = scope.condition(actor)
        joined = "JOIN project_department d ON d.project_id = p.id"
        return "d.department_code = ? AND d.district_code = ?", [params], joined
    column, code = scope.column(actor)
    return f"p.{column} = ?", [[code]], ""


def _filters(query: dict[str, Any], actor: Actor) -> tuple[list[str], list[Any]]:
    condition, params = scope.condition(actor)
    parts, values = [condition], list(params)
    if query["unit_code"]:
        standing, units = scope.stands_in(query["unit_code"])
        parts.append(standing)
        values += units
    if query["q"]:
        typed = query["q"].strip()
        low = typed.lower().replace(" ", "")
        parts.append(
            "(p.number = ? OR substr(p.name, 1, ?) = ? OR substr(p.pinyin, 1, ?) = ? OR substr(p.initials, 1, ?) = ?)"
        )
        values += [typed, len(typed), typed, len(low), low, len(low), low]
    if query["cursor"]:
        day, last = values_of("projects", query["cursor"])
        parts.append("(p.forecast_on > ? OR (p.forecast_on = ? AND p.id > ?))")
        values += [day, day, last]
    return parts, values


_STALE = "SELECT id FROM project WHERE state = ? AND id > ? ORDER BY id LIMIT ?"


def open_after(after: str, limit: int) -> list[str]:
    """The ids of open projects after the last one seen, in order."""
    return [project_id for (project_id,) in sql.execute(_STALE, (states.RUNNING, after, limit)).fetchall()]


def procedure(project_id: str, code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One procedure with what the plan says of it; three statements. NotFound."""
    _, parts, _ = planned(project_id, actor, now)
    for each in parts:
        if each["code"] == code:
            return each
    raise NotFound()


def procedures_of(project_id: str, query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """A project's procedures in their order; three statements. NotFound."""
    after = values_of("procedures", query["cursor"])[0] if query["cursor"] else 0
    _, parts, _ = planned(project_id, actor, now)
    wanted = query["state"] or ["all"]
    found = [
        each | {"_place": place} for place, each in enumerate(parts, 1)
        if place > after and ("all" in wanted or each["state"] in wanted)
    ]
    part = page("procedures", found[: query["limit"] + 1], query["limit"], ("_place",))
    for each in part.items:
        del each["_place"]
    return part
