"""The blind indexes of appointments, waits and blocks, for a rotation of their key."""
from datetime import date
from typing import Any

from backend.appointments.queries import bookings
from backend.core import rotation

_APPOINTMENTS = """
SELECT id, person_key, phone_key, active_key, person_sealed, service, day_on AS day FROM appointment
WHERE person_sealed IS NOT NULL AND id > ? ORDER BY id LIMIT ?
"""
_WAITS = """
SELECT id, person_key, active_key, person_sealed, service, day_on AS day FROM waiting
WHERE person_sealed IS NOT NULL AND id > ? ORDER BY id LIMIT ?
"""
_BLOCKS = """
SELECT b.id, b.person_key, a.id AS missed_id, a.person_sealed, a.service, a.day_on AS day
FROM booking_block b LEFT JOIN appointment a ON a.id = b.appointment_id
WHERE b.person_key <> '' AND b.id > ? ORDER BY b.id LIMIT ?
"""


def of_appointment(row: dict[str, Any]) -> dict[str, Any]:
    """How an appointment is found now; one that has ended stays inactive."""
    made = bookings.keys_of(bookings.opened("person", row), row["service"], date.fromisoformat(row["day"]))
    return made | ({"active_key": None} if row["active_key"] is None else {})


def of_wait(row: dict[str, Any]) -> dict[str, Any]:
    """How a wait is found now; one that has ended stays inactive."""
    person = bookings.opened("person", row, "waiting")
    made = bookings.keys_of(person, row["service"], date.fromisoformat(row["day"]))
    return made | ({"active_key": None} if row["active_key"] is None else {})


def of_block(row: dict[str, Any]) -> dict[str, Any]:
    """How a block is found now; where the person of its appointment was forgotten, it binds nobody any more."""
    if row["person_sealed"] is None:
        return {"person_key": ""}
    person = bookings.opened("person", {"id": row["missed_id"], "person_sealed": row["person_sealed"]})
    return bookings.keys_of(person, row["service"], date.fromisoformat(row["day"]))


rotation.declare(rotation.Indexed(
    "appointment", ("person_key", "phone_key", "active_key"), _APPOINTMENTS, of_appointment
))
rotation.declare(rotation.Indexed("waiting", ("person_key", "active_key"), _WAITS, of_wait))
rotation.declare(rotation.Indexed("booking_block", ("person_key",), _BLOCKS, of_block))
