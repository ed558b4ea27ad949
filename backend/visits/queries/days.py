"""The day plan of an agent: what is booked, and where those fit who still wait for a time."""
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from backend.core import clock, daytime, sql
from backend.core.actor import AGENT, OPERATOR, Actor
from backend.core.problems import NotFound
from backend.errands.queries import cases
from backend.org import queries as units
from backend.org import rules as tree
from backend.org.rules import scope as reach
from backend.people import queries as people
from backend.visits import rules
from backend.visits.queries import settings, visits
from backend.visits.rules import distances, planning
from backend.visits.rules.distances import Place
from backend.visits.rules.planning import Plan, Stop
from backend.visits.rules.settings import Decided

MOST_BOOKED, MOST_WAITING = 40, 60

_COLUMNS = """
v.id, v.number, v.state, v.unit_code, v.township_code, v.district_code, v.resident_id, v.agent_id, v.day_on,
v.from_minute, v.to_minute, v.start_at, v.minutes, v.travel_minutes, v.place_sealed, v.order_at,
r.name AS resident_name, r.id_number_sealed, r.phone_sealed
"""
_WALK = f"""
SELECT * FROM (
    SELECT {_COLUMNS} FROM visit v JOIN resident r ON r.id = v.resident_id
    WHERE v.{{}} = ? AND v.state = ? AND v.order_at >= ? AND v.order_at < ? ORDER BY v.order_at, v.id LIMIT ?
) AS branch
"""


def plan(account_id: str, day: date, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The account's day, with the visits that are booked and, of his unit, those that have no time yet.

    NotFound for an account whose days are not the actor's to see. What is booked stays where it is; the rest is a
    proposal: nothing is booked by looking.
    """
    account = agent_of(account_id, actor)
    decided = settings.in_force(day)
    found = {row["id"]: row for row in _rows(account, day)}
    laid = planning.plan(
        [_stop(row, decided) for row in found.values()], _ways(account, found, decided)
    )
    return {
        "agent": {"id": account["id"], "name": account["name"]}, "date": day, "travel_minutes": laid.travel,
        "stops": _stops(laid, found, decided, actor),
        "unplanned": [_told(found[key], actor) | {"why": why} for key, why in laid.unplanned],
    }


def agent_of(account_id: str, actor: Actor) -> dict[str, Any]:
    """The account, where its days are the actor's to see; else NotFound.

    Agents and operators see the days of their own unit's people, the others those of their subtree.
    """
    found = people.account(account_id)
    if found is None or found["role"] not in rules.TAKERS:
        raise NotFound()
    own, theirs = actor.unit_code or "", found["unit_code"] or ""
    near = actor.role in (AGENT, OPERATOR)
    if reach.column(actor) == reach.NOBODY or not (own == theirs if near else tree.contains(own, theirs)):
        raise NotFound()
    return found


def _rows(account: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    """His booked visits of the day, and those without a time of his unit, or of the township where he works there."""
    first, last = (clock.to_micros(clock.at_local(each, 0)) for each in (day, day + timedelta(days=1)))
    level = "unit_code" if tree.level_of(account["unit_code"]) == "village" else "township_code"
    walks = [_WALK.format("agent_id")] * len(rules.BOOKED) + [_WALK.format(level)]
    params: list[Any] = []
    for state in rules.BOOKED:
        params += [account["id"], state, first, last, MOST_BOOKED]
    params += [account["unit_code"], rules.REQUESTED, first, last, MOST_WAITING]
    return sql.rows(" UNION ALL ".join(walks), params)


def _stop(row: dict[str, Any], decided: Decided) -> Stop:
    if row["state"] != rules.REQUESTED:
        start = daytime.minute_at(row["start_at"])
        return Stop(row["id"], start, start, row["minutes"], booked=True)
    latest = max(row["from_minute"], row["to_minute"] - decided.usual_minutes)
    return Stop(row["id"], row["from_minute"], latest, decided.usual_minutes)


def _ways(account: Mapping[str, Any], found: dict[str, dict[str, Any]], decided: Decided) -> planning.Way:
    """Minutes by the places where both are known; else what the visit's booking gave for the way, or the usual."""
    places: dict[str | None, Place | None] = {key: visits.place_of(row) for key, row in found.items()}
    places[None] = _home(account["unit_code"])

    def way(one: str | None, other: str | None) -> int:
        start, end = places[one], places[other]
        if start and end:
            return distances.minutes_between(
                start, end, speed_kmh=decided.speed_kmh, road_percent=decided.road_percent
            )
        given = found[one]["travel_minutes"] if one is not None else None
        return decided.usual_travel_minutes if given is None else int(given)

    return way


def _home(unit_code: str) -> Place | None:
    unit = units.unit(unit_code) or {}
    latitude, longitude = unit.get("latitude"), unit.get("longitude")
    return None if latitude is None or longitude is None else (latitude, longitude)


def _stops(laid: Plan, found: dict[str, dict[str, Any]], decided: Decided, actor: Actor) -> list[dict[str, Any]]:
    told = []
    for stop in laid.stops:
        row = found[stop.key]
        minutes = row["minutes"] or decided.usual_minutes
        booked = row["state"] != rules.REQUESTED
        told.append(_told(row, actor) | {
            "kind": planning.BOOKED if booked else planning.PROPOSED, "travel_minutes": stop.way,
            "late_minutes": stop.late, "start": daytime.told(stop.start % daytime.DAY_MINUTES),
            "end": daytime.told((stop.start + minutes) % daytime.DAY_MINUTES), "duration_minutes": minutes,
        })
    return told


def _told(row: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The visit, and whom it is to where the actor may know: a colleague's visit elsewhere is a time only."""
    column, code = reach.column(actor)
    known = row[column] == code or row["agent_id"] == actor.id
    return {
        "visit_id": row["id"] if known else None, "number": row["number"] if known else None, "state": row["state"],
        "window": {
            "date": row["day_on"], "from": daytime.told(row["from_minute"]), "to": daytime.told(row["to_minute"]),
        },
        "resident": cases.masked(row) if known else None,
    }
