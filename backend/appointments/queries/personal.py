"""What stands of a person in appointments: in their rows, in the waiting list, in notices and in the ledger."""
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from backend.appointments.queries import bookings
from backend.appointments.rules import persons
from backend.core import clock, sql
from backend.core.erasure import Cells

_APPOINTMENT = (
    "person_sealed", "caller_sealed", "surname", "initials", "person_key", "phone_key", "active_key", "reason",
)
_WAITING = ("person_sealed", "caller_sealed", "person_key", "active_key")
_OF = "SELECT id FROM appointment WHERE resident_id = ? UNION SELECT id FROM appointment WHERE person_key IN (?, ?)"
_WAITS = "SELECT id FROM waiting WHERE person_key IN (?, ?)"
_BLOCKS = "SELECT id FROM booking_block WHERE person_key IN (?, ?)"
_BLOCK = ("person_key", "appeal", "answer")
_LONG_OVER = """
SELECT id FROM appointment WHERE person_sealed IS NOT NULL AND order_at < ? ORDER BY order_at, id LIMIT ?
"""
_WAITS_OVER = """
SELECT id FROM waiting WHERE person_sealed IS NOT NULL AND day_on < ? ORDER BY day_on, id LIMIT ?
"""
_BLOCKS_OVER = "SELECT id FROM booking_block WHERE person_key <> '' AND until_at < ? ORDER BY id LIMIT ?"
NOBODY = "-"
"""A key that is nobody's; what was erased has an empty one."""
_SEQS = "SELECT seq FROM ledger_entry WHERE subject_type = ? AND subject_id = ?"
_CALLS = "SELECT id FROM call_task WHERE subject_type = ? AND subject_id = ?"


def keys(person: dict[str, str]) -> tuple[str, str]:
    """The two keys that a person may stand under: her ID number's, and that of name and phone."""
    unnumbered = {name: text for name, text in person.items() if name != "id_number"}
    first = bookings.person_key(persons.identity(person)) if "id_number" in person else ""
    second = bookings.person_key(persons.identity(unnumbered)) if "phone" in person else ""
    return first or second or NOBODY, second or first or NOBODY


def appointments(resident_id: str, person: dict[str, str]) -> list[str]:
    """The ids of all appointments of a resident, by her row or by what makes her the same person."""
    return [row_id for (row_id,) in sql.execute(_OF, (resident_id, *keys(person))).fetchall()]


def waits(person: dict[str, str]) -> list[str]:
    """The ids of what she waits for."""
    return [row_id for (row_id,) in sql.execute(_WAITS, keys(person)).fetchall()]


def blocks(person: dict[str, str]) -> list[str]:
    """The ids of her blocks for repeated no-shows."""
    return [row_id for (row_id,) in sql.execute(_BLOCKS, keys(person)).fetchall()]


def long_over(before: datetime, limit: int) -> list[str]:
    """Appointments before that moment whose person still stands in them, the oldest first."""
    return [row_id for (row_id,) in sql.execute(_LONG_OVER, (clock.to_micros(before), limit)).fetchall()]


def waits_over(before: date, limit: int) -> list[str]:
    """Waits for a day before that one whose person still stands in them, the oldest first."""
    return [row_id for (row_id,) in sql.execute(_WAITS_OVER, (before.isoformat(), limit)).fetchall()]


def blocks_over(before: datetime, limit: int) -> list[str]:
    """Blocks that ended before that moment and still name somebody."""
    return [row_id for (row_id,) in sql.execute(_BLOCKS_OVER, (clock.to_micros(before), limit)).fetchall()]


def cells(
    appointment_ids: Iterable[str], waiting_ids: Iterable[str] = (), block_ids: Iterable[str] = ()
) -> Iterator[Cells]:
    """The cells that an erasure blanks in these rows, and in what hangs on them."""
    columns = {"appointment": _APPOINTMENT, "waiting": _WAITING, "booking_block": _BLOCK}
    for subject, row_id in _subjects(appointment_ids, waiting_ids, block_ids):
        yield Cells(subject, row_id, columns[subject])
        yield Cells("notice", row_id, ("address_sealed", "values_sealed"), "subject_id")
        for (task_id,) in sql.execute(_CALLS, (subject, row_id)).fetchall():
            yield Cells("call_task", task_id, ("note",))


def entries(
    appointment_ids: Iterable[str], waiting_ids: Iterable[str] = (), block_ids: Iterable[str] = ()
) -> list[int]:
    """The numbers of the ledger's entries about these rows."""
    subjects: Iterable[Any] = _subjects(appointment_ids, waiting_ids, block_ids)
    return [seq for subject in subjects for (seq,) in sql.execute(_SEQS, subject).fetchall()]


def _subjects(
    appointment_ids: Iterable[str], waiting_ids: Iterable[str], block_ids: Iterable[str]
) -> list[tuple[str, str]]:
    ids = {"appointment": appointment_ids, "waiting": waiting_ids, "booking_block": block_ids}
    return [(subject, row_id) for subject, found in ids.items() for row_id in found]
