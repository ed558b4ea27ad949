"""How a person of an appointment is reached, and whom she asks in return."""
from typing import Any, NamedTuple

from backend.appointments.queries import bookings
from backend.core import sql
from backend.people.rules import numbers

_WHERE = """
SELECT u.name, u.phone, t.phone AS office_phone, (SELECT r.takes_sms FROM resident r WHERE r.id = ?) AS takes_sms
FROM unit u LEFT JOIN unit t ON t.code = ? WHERE u.code = ?
"""


class Reached(NamedTuple):
    """``mobile`` is None where no text message goes; ``unit`` and ``contact`` are words for her."""

    mobile: str | None
    unit: str
    contact: str


def reached(table: str, found: dict[str, Any]) -> Reached:
    """How the person of a row is reached; one statement. A landline takes no messages, nor who wants none."""
    params = (found["resident_id"], found["township_code"], found["unit_code"])
    nothing = {"name": found["unit_code"], "phone": None, "office_phone": None, "takes_sms": None}
    row = sql.row(_WHERE, params) or nothing
    phone = bookings.opened("person", found, table).get("phone")
    wanted = phone is not None and numbers.is_mobile(phone) and row["takes_sms"] not in (False, 0)
    contact = row["phone"] or row["office_phone"]
    called = f"{row['name']}（电话{contact}）" if contact else row["name"]
    return Reached(phone if wanted else None, row["name"], called)
