"""What stands in a calendar feed: from a month back to two ahead, in at most ten statements."""
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from backend.appointments.models import State
from backend.appointments.rules import persons
from backend.core import clock, daytime, sql
from backend.core.actor import Actor
from backend.feeds import rules
from backend.feeds.queries import duties
from backend.feeds.rules import CANCELLED, CONFIRMED, TENTATIVE, Event
from backend.org import queries as units
from backend.people.queries import rostering
from backend.visits import rules as visits

MOST = 5000
"""How many appointments or visits one calendar holds; the earliest are kept."""

_APPOINTMENTS = """
SELECT id, state, service_name, surname, desk, day_on, start_minute, end_minute, made_at, ended_at, version
FROM appointment WHERE unit_code = ? AND order_at BETWEEN ? AND ? ORDER BY order_at, id LIMIT ?
"""
_VISITS = """
SELECT v.id, v.state, v.start_at, v.minutes, v.requested_at, v.ended_at, v.version, r.name AS resident_name
FROM visit v JOIN resident r ON r.id = v.resident_id
WHERE v.{} = ? AND v.state IN ('scheduled', 'en_route', 'arrived', 'done', 'failed', 'cancelled')
  AND v.order_at BETWEEN ? AND ? AND v.start_at IS NOT NULL ORDER BY v.order_at, v.id LIMIT ?
"""

def of(feed: dict[str, Any], reader: Actor, now: datetime) -> list[Event]:
    """The events of a feed as its account may see them now; NotFound once the unit is beyond its reach."""
    if feed["kind"] == rules.AGENT:
        return rules.in_order([*_visits("agent_id", reader.id, now), *duties.of_account(reader, now)])
    code = feed["unit_code"]
    unit = rostering.seen(code, reader)
    if feed["kind"] == rules.ROSTER:
        return rules.in_order(duties.of_unit(code, now))
    return rules.in_order([*_appointments(unit, now), *_visits("unit_code", code, now)])


def named(feed: dict[str, Any]) -> str:
    """What the calendar is called: 头陀镇便民服务中心 值班表."""
    unit = units.unit(feed["unit_code"]) if feed["unit_code"] else None
    return f"{unit['name']} {rules.NAMES[feed['kind']]}" if unit else rules.NAMES[feed["kind"]]


def _span(now: datetime) -> tuple[int, int]:
    return clock.to_micros(now - rules.BEHIND), clock.to_micros(now + rules.AHEAD)


_STATUS = {State.HELD.value: TENTATIVE, State.CANCELLED.value: CANCELLED, State.EXPIRED.value: CANCELLED}


def _appointments(unit: dict[str, Any], now: datetime) -> Iterator[Event]:
    for row in sql.rows(_APPOINTMENTS, (unit["code"], *_span(now), MOST)):
        status = _STATUS.get(row["state"], CONFIRMED)
        if status == CANCELLED and row["ended_at"] < now - rules.BEHIND:
            continue
        yield Event(
            f"appointment-{row['id']}@daiban", row["version"] - 1, row["made_at"],
            daytime.moment(row["day_on"], row["start_minute"]), daytime.moment(row["day_on"], row["end_minute"]),
            rules.summary(row["surname"], row["service_name"]), status, unit["name"],
        )


def _visits(column: str, code: str, now: datetime) -> Iterator[Event]:
    for row in sql.rows(_VISITS.format(column), (code, *_span(now), MOST)):
        status = CANCELLED if row["state"] in (visits.CANCELLED, visits.FAILED) else CONFIRMED
        if status == CANCELLED and row["ended_at"] < now - rules.BEHIND:
            continue
        yield Event(
            f"visit-{row['id']}@daiban", row["version"] - 1, row["requested_at"], row["start_at"],
            row["start_at"] + timedelta(minutes=row["minutes"]),
            rules.summary(persons.surname(row["resident_name"]), rules.VISIT), status,
        )
