"""What stands of a resident in problems that staff reported about her cases."""
from collections.abc import Iterator

from backend.core import sql
from backend.core.erasure import Cells

_OF = "SELECT id FROM field_problem WHERE resident_id = ? ORDER BY id"
_SEQS = "SELECT seq FROM ledger_entry WHERE subject_type = 'problem' AND subject_id = ?"


def cells(resident_id: str) -> Iterator[Cells]:
    """The cells that an erasure blanks: what was reported about her case, and what was answered."""
    yield Cells("field_problem", resident_id, ("text", "answer", "asked_of"), "resident_id")


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about problems with her cases."""
    found = [row_id for (row_id,) in sql.execute(_OF, (resident_id,)).fetchall()]
    return [seq for row_id in found for (seq,) in sql.execute(_SEQS, (row_id,)).fetchall()]
