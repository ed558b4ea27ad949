"""Plans of mystery visits, and what became of the duty of each month: the supervising office's own."""
from datetime import date, datetime
from typing import Any

from backend.core import adjustable, clock, monthly, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, states_of, values_of
from backend.core.problems import NotFound
from backend.inspections import rules
from backend.inspections.rules import months
from backend.org.rules import scope as reach

PLANS, MONTHS = "inspection-plans", "inspection-months"
_PLAN = """
SELECT p.id, p.state, p.unit_code, u.name AS unit_name, p.planned_on, p.inspector_id, a.name AS inspector_name,
       p.purpose, p.inspection_id, p.made_at, p.ended_for, p.version
FROM inspection_plan p JOIN unit u ON u.code = p.unit_code JOIN account a ON a.id = p.inspector_id
"""
_MADE = """
SELECT count(*) FROM inspection
WHERE district_code = ? AND state = ? AND visited_at >= ? AND visited_at < ? AND recorded_at <= ?
"""
_MONTHS = """
SELECT month, least, made, short, effective_at, detected_at, reminded_at FROM inspection_month
WHERE district_code = ? AND month < ? AND least IS NOT NULL ORDER BY month DESC LIMIT ?
"""
_JUDGED = "SELECT district_code, max(month) AS month FROM inspection_month WHERE detected_at IS NOT NULL GROUP BY 1"
_OFFICES = """
SELECT DISTINCT substr(unit_code, 1, 6) AS part FROM account
WHERE role = 'supervisor' AND disabled_at IS NULL AND approval_by IS NOT NULL
"""
_REMINDED = "SELECT 1 FROM inspection_month WHERE district_code = ? AND month = ? AND reminded_at IS NOT NULL"


def _within(actor: Actor) -> tuple[str, list[Any]]:
    return "p.district_code = ?", [reach.district(actor)]


def row(plan_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The plan as stored; NotFound for another district's."""
    condition, params = _within(actor)
    suffix = sql.held(lock)
    found = sql.row(f"SELECT p.* FROM inspection_plan p WHERE p.id = ? AND {condition}{suffix}", [plan_id, *params])
    if found is None:
        raise NotFound()
    return found


def one(plan_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One plan; NotFound for another district's."""
    condition, params = _within(actor)
    found = sql.row(f"{_PLAN} WHERE p.id = ? AND {condition}", [plan_id, *params])
    if found is None:
        raise NotFound()
    return _shown(found)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"inspector": {"id": found.pop("inspector_id"), "name": found.pop("inspector_name")}}


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Plans by their day, open ones unless asked otherwise; one statement."""
    wanted = states_of(query["state"], rules.PLAN_STATES, (rules.PLANNED,))
    condition, params = _within(actor)
    text = f"{_PLAN} WHERE {condition} AND p.state IN ({', '.join('?' * len(wanted))})"
    params += wanted
    if query["unit_code"]:
        text += f" AND p.unit_code IN ({', '.join('?' * len(query['unit_code']))})"
        params += query["unit_code"]
    if query["cursor"]:
        text += " AND (p.planned_on, p.id) > (?, ?)"
        params += values_of(PLANS, query["cursor"])
    found = sql.rows(f"{text} ORDER BY p.planned_on, p.id LIMIT ?", [*params, query["limit"] + 1])
    part = page(PLANS, found, query["limit"], ("planned_on", "id"))
    return Page([_shown(row) for row in part.items], part.next_cursor)


def least(day: date) -> int:
    """How many visits a month the district decided on."""
    return int(adjustable.in_force(months.SETTING, day)["least_a_month"])


def made(district_code: str, month: str, until: datetime) -> int:
    """How many visits of a month stand (hidden or published), recorded until an instant."""
    first, last = map(clock.to_micros, monthly.span(month))
    states = (rules.HIDDEN, rules.PUBLISHED)
    known = clock.to_micros(until)
    return sum(int(sql.value(_MADE, (district_code, state, first, last, known))) for state in states)


def month_list(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The months that were judged, the latest first."""
    district, cursor = reach.district(actor), query["cursor"]
    before = values_of(MONTHS, cursor)[0] if cursor else "9999-99"
    found = sql.rows(_MONTHS, (district, before, query["limit"] + 1))
    part = page(MONTHS, found, query["limit"], ("month",))
    for row in part.items:
        row["short"] = bool(row["short"])
    return Page(part.items, part.next_cursor)


def standing(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """How the present month stands."""
    month = monthly.of(clock.local_date(now))
    count, owed = made(reach.district(actor), month, now), least(monthly.first_on(month))
    return {"month": month, "least": owed, "made": count, "lacking": max(0, owed - count)}


def offices() -> list[str]:
    """The districts that have a supervising office, or ever had one."""
    known = {row["district_code"] for row in sql.plain("SELECT DISTINCT district_code FROM inspection_month")}
    return sorted(known | {f"{row['part']}000000" for row in sql.plain(_OFFICES)})


def last_judged() -> dict[str, str]:
    """The last month of each district that was judged, or from which on the duty counts."""
    return {row["district_code"]: row["month"] for row in sql.plain(_JUDGED)}


def is_reminded(district_code: str, month: str) -> bool:
    """Whether the supervising office was reminded of a month."""
    return sql.value(_REMINDED, (district_code, month)) is not None
