"""The blind index of complaints, for a rotation of its key."""
from typing import Any

from backend.core import rotation, secrets
from backend.voice.queries import complaints

_ROWS = """
SELECT id, phone_key, contact_sealed FROM complaint WHERE phone_key IS NOT NULL AND id > ? ORDER BY id LIMIT ?
"""


def indexes(row: dict[str, Any]) -> dict[str, Any]:
    """How a complaint is found now by the telephone that was left; by none once that was forgotten."""
    phone = complaints.contact_of(row).get("phone")
    return {"phone_key": None if phone is None else secrets.blind("phone", phone)}


COMPLAINTS = rotation.Indexed("complaint", ("phone_key",), _ROWS, indexes)
