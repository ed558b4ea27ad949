"""One visit, and how rows of visits become what is shown."""
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson

from backend.core import clock, daytime, secrets, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.errands.queries import cases
from backend.files.queries import expected
from backend.people.queries import residents
from backend.people.rules import numbers
from backend.visits import rules
from backend.visits.queries import scope

COLUMNS = """
v.id, v.number, v.state, v.unit_code, v.township_code, v.resident_id, v.reason, v.note, v.word_by, v.word, v.very_old,
v.day_on, v.from_minute, v.to_minute, v.place_sealed IS NOT NULL AS placed, v.agent_id, v.start_at, v.minutes,
v.travel_minutes, v.buffer_minutes, v.order_at, v.requested_by, v.requested_at, v.departed_at, v.arrived_at,
v.ended_at, v.late, v.ended_for, v.signed_by, v.signed_file_id, v.signed_at, v.present, v.companion_id, v.witness,
v.version, r.name AS resident_name, r.id_number_sealed, r.phone_sealed, r.address_sealed, a.name AS agent_name
"""
JOINS = "JOIN resident r ON r.id = v.resident_id LEFT JOIN account a ON a.id = v.agent_id"
_AWAITED = expected.AWAITED.format("visit", "v.id")
_ONE = f"SELECT {COLUMNS}, {_AWAITED} AS awaited FROM visit v {JOINS} WHERE v.id = ?"
_ERRANDS = """
SELECT w.visit_id, e.id, e.number, e.state, e.item_code FROM visit_errand w JOIN errand e ON e.id = w.errand_id
WHERE w.visit_id IN ({}) ORDER BY w.visit_id, e.id
"""
_TRIPS = """
SELECT count(*) FROM (
    SELECT DISTINCT t.made_on, t.place FROM visit_errand w JOIN errand_trip t ON t.errand_id = w.errand_id
    WHERE w.visit_id = ?
) AS trips
"""


def row(visit_id: str, actor: Actor, *, lock: bool = False) -> dict[str, Any]:
    """The visit's own row within the actor's scope, as stored; NotFound otherwise."""
    condition, params = scope.condition(actor)
    suffix = sql.held(lock)
    found = sql.row(f"SELECT v.* FROM visit v WHERE v.id = ? AND {condition}{suffix}", [visit_id, *params])
    if found is None:
        raise NotFound()
    return found


def open_of(resident_id: str) -> list[dict[str, Any]]:
    """Every open visit of a resident, locked, whoever asks."""
    suffix = sql.held()
    marks = ", ".join("?" * len(rules.OPEN_STATES))
    text = f"SELECT * FROM visit WHERE resident_id = ? AND state IN ({marks}) ORDER BY id{suffix}"
    return sql.rows(text, (resident_id, *rules.OPEN_STATES))


def one(visit_id: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The visit as shown to the actor, with the trips that its errands cost the resident; NotFound outside his scope.

    A trip made for several of them (the same day, the same place) counts once.
    """
    condition, params = scope.condition(actor)
    found = sql.rows(f"{_ONE} AND {condition}", [visit_id, *params])
    if not found:
        raise NotFound()
    pending = expected.pending("visit", visit_id, now=now) if found[0]["awaited"] else []
    return shown(found)[0] | {"trips": int(sql.value(_TRIPS, (visit_id,))), "pending_files": pending}


def errands_of(visit_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The errands of visits that the caller was allowed to read, by visit; one statement."""
    wanted = list(visit_ids)
    found: dict[str, list[dict[str, Any]]] = {visit_id: [] for visit_id in wanted}
    if wanted:
        for errand in sql.plain(_ERRANDS.format(", ".join("?" * len(wanted))), wanted):
            found[errand.pop("visit_id")].append(errand)
    return found


def shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of COLUMNS as the wire shows them; one statement for their errands."""
    errands = errands_of(visit["id"] for visit in found)
    return [standing(visit) | {"errands": errands[visit["id"]]} for visit in found]


_PLAIN = (
    "id", "number", "state", "unit_code", "reason", "note", "agent_id", "travel_minutes", "buffer_minutes",
    "requested_at", "departed_at", "arrived_at", "ended_at", "version",
)


def standing(found: dict[str, Any]) -> dict[str, Any]:
    """A row of COLUMNS as the wire shows it, without its errands."""
    start = found["start_at"]
    agent = {"id": found["agent_id"], "name": found["agent_name"] or ""}
    word = {"account_id": found["word_by"], "text": found["word"] or ""}
    return {name: found[name] for name in _PLAIN} | {
        "resident": cases.masked(found) | {"address": _address(found)},
        "word": word if found["word_by"] else None,
        "window": {
            "date": found["day_on"], "from": daytime.told(found["from_minute"]), "to": daytime.told(found["to_minute"]),
        },
        "has_place": bool(found["placed"]), "very_old": bool(found["very_old"]), "late_entry": bool(found["late"]),
        "agent": agent if found["agent_id"] else None, "duration_minutes": found["minutes"],
        "date": start and clock.local_date(start), "start": start and daytime.wall(start),
        "end": start and daytime.wall(start + timedelta(minutes=found["minutes"])),
        "ended_for": found["ended_for"], "sign_off": _sign_off(found),
    }


def _address(found: dict[str, Any]) -> str | None:
    if found["address_sealed"] is None:
        return None
    return numbers.mask_address(secrets.unseal(found["address_sealed"], f"resident|address|{found['resident_id']}"))


def _sign_off(found: dict[str, Any]) -> dict[str, Any] | None:
    if found["signed_at"] is None:
        return None
    return {
        "method": found["signed_by"], "file_id": found["signed_file_id"], "signed_at": found["signed_at"],
        "present": orjson.loads(found["present"] or "[]"), "companion_id": found["companion_id"],
        "witness": found["witness"],
    }


def place_of(found: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude of a visit's own row; None where nobody knows them."""
    if found["place_sealed"] is None:
        return None
    latitude, longitude = orjson.loads(secrets.unseal(found["place_sealed"], f"visit|place|{found['id']}"))
    return latitude, longitude


def unsigned(now: datetime, limit: int) -> list[str]:
    """The visits whose sign-off is to be chased by now, longest waiting first."""
    text = "SELECT id FROM visit WHERE chase_at <= ? ORDER BY chase_at, id LIMIT ?"
    return [visit_id for (visit_id,) in sql.execute(text, (clock.to_micros(now), limit)).fetchall()]


def in_full(ref: list[str], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What a recorded look shows: address, numbers and place for some minutes, masked to a later replay."""
    found = row(ref[0], actor)
    seen = residents.full(ref[1], actor=actor, now=now)
    latitude, longitude = (place_of(found) if seen["full"] else None) or (None, None)
    return seen | {"latitude": latitude, "longitude": longitude}
