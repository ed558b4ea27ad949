"""What stands of a resident in her visits."""
from collections.abc import Iterator

from backend.core import ledger, sql
from backend.core.erasure import Cells

_WORDS = ("note", "word", "place_sealed", "ended_for", "present", "witness")
_VISITS = "SELECT id FROM visit WHERE resident_id = ? ORDER BY id"
_CALLS = "SELECT id FROM call_task WHERE subject_type = 'visit' AND subject_id = ?"


def _visits(resident_id: str) -> list[str]:
    return [visit_id for (visit_id,) in sql.execute(_VISITS, (resident_id,)).fetchall()]


def cells(resident_id: str) -> Iterator[Cells]:
    """The cells that an erasure blanks: words about her, where she lives, who was with her."""
    yield Cells("visit", resident_id, _WORDS, "resident_id")
    for visit_id in _visits(resident_id):
        for (task_id,) in sql.execute(_CALLS, (visit_id,)).fetchall():
            yield Cells("call_task", task_id, ("note",))


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about her visits."""
    return [seq for visit_id in _visits(resident_id) for seq in ledger.seqs_of("visit", visit_id)]
