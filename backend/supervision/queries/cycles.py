"""Cycles of supervision: what their periods asked for, the standing matters they ask, where they stand."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import clock, paging, sql
from backend.core.actor import Actor
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.org.rules import scope as reach
from backend.people import queries as people
from backend.supervision.queries import listing
from backend.supervision.queries.listing import Listed
from backend.supervision.rules import cycles as rules
from backend.supervision.rules import states

MATTERS = Listed("standing-matters", "standing_matter", """
id, district_code, cycle, source, what, quality, targets, from_on, state, ended_at, ended_for, made_by, made_at, version
""")
CYCLES = "supervision-cycles"
_COLUMNS = "kind, period, due_at, begun_at, orders, closed_at, asked, on_time, late, missing, notice_id"
_DISTRICTS = """
SELECT district_code FROM document_series WHERE kind = 'order'
UNION SELECT district_code FROM standing_matter WHERE state = 'running'
"""
_LAST = """
SELECT period, due_at FROM supervision_cycle WHERE district_code = ? AND kind = ? AND closed_at IS NOT NULL
ORDER BY period DESC LIMIT 1
"""
_HERE = "SELECT 1 FROM supervision_cycle WHERE district_code = ? AND kind = ? AND period = ? AND begun_at IS NOT NULL"
_ASKED = f"""
SELECT {MATTERS.columns} FROM standing_matter
WHERE district_code = ? AND cycle = ? AND state = 'running' AND from_on <= ? ORDER BY id
"""
_MADE = """
SELECT count(*) FROM standing_matter m JOIN supervision_order o ON o.matter_id = m.id
WHERE m.district_code = ? AND m.cycle = ? AND o.period = ?
"""
_DUE = """
SELECT r.order_id, r.n, r.owed_code, r.owed_name, r.due_at, r.replied_at, r.ended_at, o.number,
       CASE WHEN o.state = 'withdrawn' THEN 1 ELSE 0 END AS withdrawn
FROM order_round r JOIN supervision_order o ON o.id = r.order_id
WHERE r.district_code = ? AND r.due_at > ? AND r.due_at <= ? ORDER BY r.due_at, r.order_id, r.n
"""
_OUTSTANDING = """
SELECT id AS order_id, owed_code, owed_name, due_at, number FROM supervision_order
WHERE district_code = ? AND state IN ('issued', 'returned', 'passed_up') AND due_at <= ? ORDER BY due_at, id
"""


def matter(matter_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The matter as it is stored, of the actor's district; NotFound otherwise."""
    return listing.row(MATTERS, matter_id, ("district_code = ?", [reach.district(actor)]), lock=lock)


def one_matter(matter_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One standing matter."""
    return _shown([matter(matter_id, actor)])[0]


def matters(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The standing matters of the district, those in force unless asked otherwise, the newest first."""
    wanted = paging.states_of(query["state"], states.MATTER_STATES, (states.RUNNING,))
    own = ("district_code = ?", [reach.district(actor)])
    part = listing.page(MATTERS, query, own, wanted, listing.narrowed(query, "cycle"))
    return Page(_shown(part.items), part.next_cursor)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = people.names({each["made_by"] for each in found})
    return [
        {name: value for name, value in each.items() if name != "district_code"}
        | {"targets": orjson.loads(each["targets"]), "made_by": listing.somebody(each["made_by"], names)}
        for each in found
    ]


def one(kind: str, period: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One period of a cycle in the actor's district; NotFound before it has begun."""
    text = f"SELECT {_COLUMNS} FROM supervision_cycle WHERE district_code = ? AND kind = ? AND period = ?"
    found = sql.row(text, (reach.district(actor), kind, period))
    if found is None:
        raise NotFound()
    return _cycle(found)


def page(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """The periods of the district's cycles, the last first."""
    wanted = query["kind"] or rules.KINDS
    text = f"SELECT {_COLUMNS} FROM supervision_cycle WHERE district_code = ? AND kind IN ({_marks(wanted)})"
    params = [reach.district(actor), *wanted]
    if query["cursor"]:
        text += " AND (due_at, kind, period) < (?, ?, ?)"
        params += paging.values_of(CYCLES, query["cursor"])
    found = sql.rows(f"{text} ORDER BY due_at DESC, kind DESC, period DESC LIMIT ?", [*params, query["limit"] + 1])
    part = paging.page(CYCLES, found, query["limit"], ("due_at", "kind", "period"))
    return Page([_cycle(each) for each in part.items], part.next_cursor)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _cycle(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"version": 1 + (found["closed_at"] is not None)}


def districts() -> list[str]:
    """The districts in which anything was ever ordered, or is to be."""
    return sorted(each["district_code"] for each in sql.plain(_DISTRICTS))


def last_closed(district_code: str, kind: str) -> tuple[str | None, datetime]:
    """The last period that was closed, and when it was due; before the first the beginning of time."""
    found = sql.row(_LAST, (district_code, kind))
    return (None, clock.EPOCH) if found is None else (found["period"], found["due_at"])


def has_begun(district_code: str, kind: str, period: str) -> bool:
    """Whether the orders of a period were made."""
    return sql.value(_HERE, (district_code, kind, period)) is not None


def asking(district_code: str, kind: str, on: date) -> list[dict[str, Any]]:
    """The matters that a period asks that begins on a day."""
    found = sql.rows(_ASKED, (district_code, kind, on.isoformat()))
    return [each | {"targets": orjson.loads(each["targets"])} for each in found]


def asked(matter_id: str, period: str, codes: Sequence[str]) -> set[str]:
    """Those of the codes of whom a period has asked a matter already."""
    text = (
        "SELECT target_code FROM supervision_order WHERE matter_id = ? AND period = ? "
        f"AND target_code IN ({_marks(codes)})"
    )
    return {each["target_code"] for each in sql.plain(text, (matter_id, period, *codes))}


def made(district_code: str, kind: str, period: str) -> int:
    """How many orders a period has made."""
    return int(sql.value(_MADE, (district_code, kind, period)))


def due_between(district_code: str, after: datetime, until: datetime) -> list[dict[str, Any]]:
    """The rounds of orders that fell due in a stretch."""
    return sql.rows(_DUE, (district_code, clock.to_micros(after), clock.to_micros(until)))


def outstanding(district_code: str, until: datetime) -> list[dict[str, Any]]:
    """The orders still unanswered whose moment had passed by then."""
    return sql.rows(_OUTSTANDING, (district_code, clock.to_micros(until)))
