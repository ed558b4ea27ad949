"""What a desk asks all day: whose case is this caller's, and which cases stand still."""
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from backend.clocks import queries as calendars
from backend.clocks.rules import hours
from backend.core import clock, sql
from backend.core.actor import Actor
from backend.core.paging import Page, page, values_of
from backend.errands import rules
from backend.errands.queries import cases, lists, scope
from backend.people.queries import residents

MOST_FOUND = 200
_OPEN = ", ".join(f"'{state}'" for state in rules.OPEN_STATES)


def of_number(given: dict[str, str], *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Open errands of the actor's scope whose resident has exactly this ID number or phone, due first.

    Invalid where the number can be nobody's. One statement for them, by the blind index.
    """
    kind, indexes = residents.blind_indexes(**given, now=now)
    own, code = scope.column(actor)
    text = (
        f"SELECT {cases.COLUMNS} FROM (SELECT e.id AS id FROM resident p CROSS JOIN errand e "
        f"WHERE p.{kind}_index IN (?, ?) AND p.erased_at IS NULL AND e.resident_id = p.id AND e.{own} || '' = ? "
        f"AND e.state IN ({_OPEN}) ORDER BY e.order_at + 0, e.id LIMIT {MOST_FOUND}) AS chosen "
        f"CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id"
    )
    found = sorted(sql.plain(text, (*indexes, code)), key=itemgetter("order_at", "id"))
    return lists.shown(found, now)


def stuck(query: dict[str, Any], *, actor: Actor, now: datetime) -> Page:
    """Open errands without an act for 3 working days, the longest first (rules 3.10).

    A suspended one is not stuck: the law stops it; a forwarded one is, since carrying it is the agent's work.
    The closures that hold for the asking unit as a whole count as lost days.
    """
    present = calendars.present()
    closed = present.closed((query["unit_code"] or [actor.unit_code or ""])[0])
    last = hours.close_before(present.calendar, now, rules.STUCK_WORKING_DAYS, closed)
    text, params = scope.narrowed(actor, query["unit_code"])
    text += " AND e.acted_at < ?"
    params.append(clock.to_micros(clock.at_local(date.fromordinal(last.toordinal() + 1), 0)))
    if query["cursor"]:
        text += " AND (e.acted_at, e.id) > (?, ?)"
        params += values_of("stuck", query["cursor"])
    found = sorted(sql.plain(_STUCK.format(text), [*params, query["limit"] + 1]), key=itemgetter("acted_at", "id"))
    part = page("stuck", found, query["limit"], ("acted_at", "id"))
    rows = lists.shown(part.items, now, present)
    acted = [clock.wire_micros(row["acted_at"]) for row in part.items]
    return Page([row | {"acted_at": at} for row, at in zip(rows, acted)], part.next_cursor)


_STUCK = f"""
SELECT {cases.COLUMNS}, e.acted_at FROM (
    SELECT e.id AS id FROM errand e WHERE {{}} AND e.state <> '{rules.SUSPENDED}' ORDER BY e.acted_at, e.id LIMIT ?
) AS chosen CROSS JOIN errand e {cases.JOINS} WHERE e.id = chosen.id
"""
