"""Work outside office hours, counted by account from the ledger's entries of errands (rules 3.10)."""
from datetime import date, datetime
from typing import Any

from backend.core import clock, sql
from backend.core.actor import AGENT, OPERATOR, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import invalid
from backend.errands.queries import scope

LONGEST_DAYS = 366
_MARK = "SELECT seq FROM off_hours_mark WHERE id = 1"
_ENTRIES = """
SELECT seq, happened_at, actor, role, unit, subject_type, action FROM ledger_entry WHERE seq > ? ORDER BY seq LIMIT ?
"""
_COUNTS = """
SELECT p.account_id, p.unit_code, b.name AS account_name, sum(p.acts) AS acts, count(*) AS days
FROM off_hours p JOIN account b ON b.id = p.account_id
"""


def marked() -> int:
    """Up to which entry of the ledger was counted, held until the running transaction ends."""
    return int(sql.value(_MARK + sql.held()))


def entries(after: int, limit: int) -> list[dict[str, Any]]:
    """The ledger's next entries: who acted for which unit, when."""
    return sql.rows(_ENTRIES, (after, limit))


def listed(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """How many acts of errands, on how many days, each account did outside office hours; one statement.

    The days from ``from`` to ``to``, without them those of the present month; an officer at a desk sees his own.
    """
    from_on, to_on = _span(query, clock.local_date(now))
    text, params = scope.narrowed(actor, query["unit_code"], "p")
    if actor.role in (AGENT, OPERATOR):
        text, params = f"{text} AND p.account_id = ?", [*params, actor.id]
    text += " AND p.day_on BETWEEN ? AND ?"
    params += [from_on.isoformat(), to_on.isoformat()]
    if query["cursor"]:
        text += " AND (p.account_id, p.unit_code) > (?, ?)"
        params += values_of("off-hours", query["cursor"])
    found = sql.rows(
        f"{_COUNTS} WHERE {text} GROUP BY p.account_id, p.unit_code, b.name "
        "ORDER BY p.account_id, p.unit_code LIMIT ?", [*params, query["limit"] + 1],
    )
    shown = page("off-hours", found, query["limit"], ("account_id", "unit_code"))
    return Page([_shown(row) for row in shown.items], shown.next_cursor)


def _span(query: dict[str, Any], today: date) -> tuple[date, date]:
    to_on = query["to"] or today
    from_on = query["from"] or to_on.replace(day=1)
    if from_on > to_on:
        raise invalid("from", "起始日晚于截止日", "Later than the last day.")
    if (to_on - from_on).days >= LONGEST_DAYS:
        raise invalid("from", f"一次至多查询 {LONGEST_DAYS} 天", f"At most {LONGEST_DAYS} days at once.")
    return from_on, to_on


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": {"id": found["account_id"], "name": found["account_name"]}, "unit_code": found["unit_code"],
        "acts": int(found["acts"]), "days": found["days"],
    }
