"""What stands of a person in appointments: in their rows, in the waiting list, in notices and in the ledger."""
from collections.abc import Iterable, Iterator
from datetime import datetime

from backend.appointments.queries import bookings
from backend.appointments.rules import persons
from backend.core import clock, ledger, sql
from backend.core.erasure import Cells
from backend.people.queries import residents

_APPOINTMENT = (
    "person_sealed", "caller_sealed", "surname", "initials", "person_key", "phone_key", "active_key", "reason",
)
_WAITING = ("person_sealed", "caller_sealed", "person_key", "active_key")
_OF = (
    "SELECT id FROM appointment WHERE resident_id = ? "
    "UNION SELECT id FROM appointment WHERE person_key IN (?, ?, ?, ?)"
)
_WAITS = "SELECT id FROM waiting WHERE person_key IN (?, ?, ?, ?)"
_BLOCKS = "SELECT id FROM booking_block WHERE person_key IN (?, ?, ?, ?)"
_BLOCK = ("person_key", "appeal", "answer")
_LONG_OVER = """
SELECT id FROM appointment WHERE person_sealed IS NOT NULL AND order_at < ? ORDER BY order_at, id LIMIT ?
"""
APPOINTMENT, WAITING, BLOCK = "appointment", "waiting", "booking_block"
_COLUMNS = {APPOINTMENT: _APPOINTMENT, WAITING: _WAITING, BLOCK: _BLOCK}

_WAITS_OVER = """
SELECT id FROM waiting WHERE person_sealed IS NOT NULL AND day_on < ? ORDER BY day_on, id LIMIT ?
"""
_BLOCKS_OVER = "SELECT id FROM booking_block WHERE person_key <> '' AND until_at < ? ORDER BY id LIMIT ?"
NOBODY = "-"
"""A key that is nobody's; what was erased has an empty one."""
_CALLS = "SELECT id FROM call_task WHERE subject_type = ? AND subject_id = ?"

Subject = tuple[str, str]
"""A table and the id of a row in it."""


def keys(person: dict[str, str]) -> tuple[str, str, str, str]:
    """The keys that a person may stand under: those of her ID number, and of name and phone."""
    unnumbered = {name: text for name, text in person.items() if name != "id_number"}
    first = bookings.person_keys(persons.identity(person)) if "id_number" in person else (NOBODY, NOBODY)
    second = bookings.person_keys(persons.identity(unnumbered)) if "phone" in person else (NOBODY, NOBODY)
    return (*first, *second)


def appointments(resident_id: str, person: dict[str, str]) -> list[str]:
    """The ids of all appointments of a resident, by her row or by what makes her the same person."""
    return [row_id for (row_id,) in sql.execute(_OF, (resident_id, *keys(person))).fetchall()]


def waits(person: dict[str, str]) -> list[str]:
    """The ids of what she waits for."""
    return [row_id for (row_id,) in sql.execute(_WAITS, keys(person)).fetchall()]


def blocks(person: dict[str, str]) -> list[str]:
    """The ids of her blocks for repeated no-shows."""
    return [row_id for (row_id,) in sql.execute(_BLOCKS, keys(person)).fetchall()]


def long_over(before: datetime, limit: int) -> list[Subject]:
    """Appointments, waits and blocks, up to ``limit`` of each, that were over then and still name somebody."""
    moment, day = clock.to_micros(before), clock.local_date(before).isoformat()
    asked = ((APPOINTMENT, _LONG_OVER, moment), (WAITING, _WAITS_OVER, day), (BLOCK, _BLOCKS_OVER, moment))
    return [(kind, row_id) for kind, text, then in asked for (row_id,) in sql.execute(text, (then, limit)).fetchall()]


def of_resident(resident_id: str) -> list[Subject]:
    """Everything of a resident's, by its kind and id."""
    person = residents.known(resident_id)
    return [
        *((APPOINTMENT, row_id) for row_id in appointments(resident_id, person)),
        *((WAITING, row_id) for row_id in waits(person)), *((BLOCK, row_id) for row_id in blocks(person)),
    ]


def cells(subjects: Iterable[Subject]) -> Iterator[Cells]:
    """The cells that an erasure blanks in these rows, and in what hangs on them."""
    for subject, row_id in subjects:
        yield Cells(subject, row_id, _COLUMNS[subject])
        yield Cells("notice", row_id, ("address_sealed", "values_sealed"), "subject_id")
        for (task_id,) in sql.execute(_CALLS, (subject, row_id)).fetchall():
            yield Cells("call_task", task_id, ("note",))


def entries(subjects: Iterable[Subject]) -> list[int]:
    """The numbers of the ledger's entries about these rows."""
    return [seq for subject in subjects for seq in ledger.seqs_of(*subject)]
