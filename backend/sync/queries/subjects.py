"""The things that mutations are about: as they stand, how much of them is answered, whose data they are."""
from datetime import datetime
from typing import Any

from backend.core import blinding, clock, daytime, sql
from backend.core.actor import Actor
from backend.errands.queries import cases
from backend.org import rules as tree
from backend.people import queries as people
from backend.visits.queries import visits

_DATA = {
    "errand": "SELECT id, number, state, version, received_at, accepted_at, due_at FROM errand WHERE id = ?",
    "visit": "SELECT id, number, state, version, start_at, departed_at, arrived_at, ended_at FROM visit WHERE id = ?",
    "resident": "SELECT id, version FROM resident WHERE id = ?",
    "appointment": (
        "SELECT id, number, state, version, unit_code, service, day_on, start_minute, end_minute, desk "
        "FROM appointment WHERE id = ?"
    ),
    "problem": "SELECT id, state, version, raised_at, due_on FROM field_problem WHERE id = ?",
}
_TABLES = {
    "errand": ("errand",), "visit": ("visit",), "problem": ("field_problem",),
    "appointment": ("appointment", "seat_lease"),
}
"""Where an id may stand already; seats are given by the ids of appointments and of leases alike."""
_WHOSE = {
    "errand": "SELECT resident_id FROM errand WHERE id = ?",
    "visit": "SELECT resident_id FROM visit WHERE id = ?",
    "resident": "SELECT id FROM resident WHERE id = ?",
}


def data(subject: str, entity_id: str) -> dict[str, Any]:
    """What a phone is answered of a thing: numbers, state, version, dates; nothing personal."""
    found = sql.row(_DATA[subject], (entity_id,)) or {"id": entity_id}
    return {name: _plain(value) for name, value in _as_shown(found).items()}


def _as_shown(found: dict[str, Any]) -> dict[str, Any]:
    """Times of day under the names that they have in the thing's own routes."""
    if "start_at" in found:
        at = found.pop("start_at")
        found |= {"date": at and clock.local_date(at), "start": at and daytime.wall(at)}
    if "day_on" in found:
        found["date"] = found.pop("day_on")
        found |= {name: daytime.told(found.pop(f"{name}_minute")) for name in ("start", "end")}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.wire(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def is_taken(subject: str, entity_id: str) -> bool:
    """Whether a thing of that kind has this id, whoever may see it."""
    text = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE id = ?" for table in _TABLES[subject])
    return sql.value(text, [entity_id] * len(_TABLES[subject])) is not None


def held(subject: str, entity_id: str, actor: Actor) -> dict[str, Any]:
    """The visible thing as it stands, held until the transaction ends; NotFound."""
    if subject == "visit":
        return visits.row(entity_id, actor, lock=True)
    return cases.row(entity_id, actor, lock=True)


def resident_of(sent: dict[str, Any], unit_code: str) -> str | None:
    """Whose data a mutation may hold, for an erasure to find it, whoever sent it; None where nobody is known."""
    given = sent.get("set") if isinstance(sent.get("set"), dict) else {}
    asked = [(str(sent.get("type", "")).partition(".")[0], sent.get("entity_id"))]
    asked += [("resident", given.get("resident_id")), ("errand", given.get("errand_id"))]
    for subject, entity_id in asked:
        if subject in _WHOSE and isinstance(entity_id, str):
            found = sql.value(_WHOSE[subject], (entity_id,))
            if found is not None:
                return str(found)
    resident = given.get("resident")
    number = resident.get("id_number") if isinstance(resident, dict) else None
    if not isinstance(number, str):
        return None
    indexes = blinding.searched("id_number", "".join(number.split()).upper())
    found = sql.value(people.OF_NUMBER, (tree.township_of(unit_code), *indexes))
    return None if found is None else str(found)


def is_erased(resident_id: str) -> bool:
    """Whether a resident's data were erased."""
    return sql.value("SELECT 1 FROM resident WHERE id = ? AND erased_at IS NOT NULL", (resident_id,)) is not None
