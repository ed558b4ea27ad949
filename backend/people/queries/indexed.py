"""The blind indexes of residents, for a rotation of their key."""
from typing import Any

from backend.core import rotation, secrets
from backend.people.queries import residents

_ROWS = """
SELECT id, id_number_index, phone_index, id_number_sealed, phone_sealed, NULL AS address_sealed FROM resident
WHERE id > ? ORDER BY id LIMIT ?
"""


def indexes(row: dict[str, Any]) -> dict[str, Any]:
    """How a resident's numbers are found now."""
    plain = residents.opened(row)
    return {
        f"{name}_index": None if plain[name] is None else secrets.blind(name, plain[name] or "")
        for name in ("id_number", "phone")
    }


rotation.declare(rotation.Indexed("resident", ("id_number_index", "phone_index"), _ROWS, indexes))
