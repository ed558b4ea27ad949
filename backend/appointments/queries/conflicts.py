"""Conflicts within one's scope, soonest first: appointments whose seat was cut away."""
from datetime import date, datetime
from typing import Any

from backend.appointments.rules import excess
from backend.core import clock, sql
from backend.core.actor import HANDLER, OFFICE, PROJECT_AGENT, Actor
from backend.core.paging import Page, page, values_of
from backend.core.problems import NotFound
from backend.org import queries as units
from backend.org.rules import scope

KIND = "conflicts"
_COLUMNS = """
c.id, c.appointment_id, p.number, p.service, p.service_name, p.surname, c.unit_code, c.day_on, c.cause,
c.state, c.how, c.note, c.order_at, c.found_at, c.settled_at, c.settled_by, c.version
"""
_ROW = "SELECT id, appointment_id, unit_code, state, version FROM booking_conflict"
_FROM = "FROM booking_conflict c JOIN appointment p ON p.id = c.appointment_id"


def row(conflict_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """A conflict in the actor's scope as it is stored; NotFound otherwise."""
    if actor.role in (HANDLER, PROJECT_AGENT, OFFICE):
        raise NotFound()
    return units.within(_ROW, conflict_id, actor, lock=lock)


def one(conflict_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """One conflict as the wire shows it."""
    row(conflict_id, actor)
    found = sql.rows(f"SELECT {_COLUMNS} {_FROM} WHERE c.id = ?", (conflict_id,))
    return _shown(found[0])


def listed(query: dict[str, Any], *, actor: Actor) -> Page:
    """Conflicts of the actor's scope; open ones unless asked otherwise. One walk of one index per state and unit."""
    column, code = scope.column(actor)
    asked = query["state"] or [excess.OPEN]
    states = excess.STATES if excess.ALL in asked else tuple(dict.fromkeys(asked))
    units = list(dict.fromkeys(query["unit_code"]))
    places = [(f"b.unit_code = ? AND b.{column} || '' = ?", [unit, code]) for unit in units]
    after, position = "", []
    if query["cursor"]:
        after, position = " AND (b.order_at, b.id) > (?, ?)", values_of(KIND, query["cursor"])
    parts, params = [], []
    for where, values in places or [(f"b.{column} = ?", [code])]:
        for state in states:
            parts.append(
                "SELECT * FROM (SELECT b.id AS id, b.order_at AS order_at FROM booking_conflict b "
                f"WHERE {where} AND b.state = ?{after} ORDER BY b.order_at, b.id LIMIT ?) AS branch"
            )
            params += [*values, state, *position, query["limit"] + 1]
    text = (
        f"SELECT {_COLUMNS} FROM (SELECT id FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY order_at, id LIMIT ?) "
        "AS chosen JOIN booking_conflict c ON c.id = chosen.id JOIN appointment p ON p.id = c.appointment_id "
        "ORDER BY c.order_at, c.id"
    )
    found = page(KIND, sql.rows(text, [*params, query["limit"] + 1]), query["limit"], ("order_at", "id"))
    return Page([_shown(each) for each in found.items], found.next_cursor)


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """The conflict; of the person no more than the surname."""
    start = clock.local(found.pop("order_at"))
    return found | {"date": found.pop("day_on"), "start": f"{start:%H:%M}"}


_WORTH = """
SELECT DISTINCT unit_code, day_on FROM (
    SELECT c.unit_code, c.day_on FROM booking_conflict c WHERE c.state = 'open' AND (c.order_at <= ?
    OR NOT EXISTS (SELECT 1 FROM allocation l WHERE l.appointment_id = c.appointment_id AND l.day_on = c.day_on)
    OR EXISTS (
        SELECT 1 FROM allocation l JOIN cell s ON s.unit_code = l.unit_code AND s.day_on = l.day_on
        AND s.desk = l.desk AND s.minute = l.minute
        WHERE l.appointment_id = c.appointment_id AND l.minute = c.minute AND s.booked <= s.wanted
    )) ORDER BY c.order_at, c.id LIMIT ?
) AS found ORDER BY unit_code, day_on
"""


def worth_a_look(now: datetime, limit: int) -> list[tuple[str, date]]:
    """Units and days with open conflicts that may be over: the appointment or its time has gone, or seats are free."""
    found = sql.rows(_WORTH, (clock.to_micros(now), limit))
    return [(row["unit_code"], row["day_on"]) for row in found]


def stands(appointment_id: str) -> bool:
    """Whether an appointment's seat was cut away, and nothing settled that yet."""
    text = "SELECT 1 FROM booking_conflict WHERE appointment_id = ? AND state = 'open'"
    return sql.value(text, (appointment_id,)) is not None
