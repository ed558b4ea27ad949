"""What stands of a resident in what phones pushed."""
from collections.abc import Iterator

import orjson

from backend.core import secrets, sql
from backend.core.erasure import Cells
from backend.people.queries import residents
from backend.sync.queries.inbox import PAYLOAD, SUBJECT

_CONFLICTS = "SELECT id FROM sync_conflict WHERE resident_id = ? ORDER BY id"
_REJECTED = "SELECT id FROM sync_result WHERE resident_id = ? AND state IS NOT NULL ORDER BY id"
_SEQS = "SELECT seq FROM ledger_entry WHERE subject_type = ? AND subject_id = ?"
_TOWNSHIP = "SELECT township_code FROM resident WHERE id = ?"
_NOBODYS = """
SELECT id, payload_sealed FROM sync_result
WHERE township_code = ? AND state IN ('open', 'settled') AND resident_id IS NULL AND payload_sealed IS NOT NULL
"""


def cells(resident_id: str) -> Iterator[Cells]:
    """The cells that an erasure blanks: work that was rejected, what was said of it, the values of conflicts."""
    yield Cells("sync_result", resident_id, ("payload_sealed", "note"), "resident_id")
    yield Cells("sync_conflict", resident_id, ("values_sealed",), "resident_id")
    for result_id in _sent_before_her(resident_id):
        yield Cells("sync_result", result_id, ("payload_sealed", "note"))


def _sent_before_her(resident_id: str) -> Iterator[str]:
    """Rejected work of her township that names her numbers although, when it came, she had no row."""
    known = residents.known(resident_id)
    numbers = [known[name] for name in ("id_number", "phone") if known.get(name)]
    township = sql.value(_TOWNSHIP, (resident_id,))
    if not numbers:
        return
    for row in sql.plain(_NOBODYS, (township,)):
        text = secrets.unseal(row["payload_sealed"], PAYLOAD + row["id"])
        if any(number in _said(orjson.loads(text)) for number in numbers):
            yield row["id"]


def _said(value: object) -> str:
    """All that is said anywhere in a JSON value, without blanks and dashes."""
    if isinstance(value, dict):
        return " ".join(_said(each) for each in value.values())
    if isinstance(value, list):
        return " ".join(_said(each) for each in value)
    return "".join(str(value).split()).replace("-", "").upper()


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about conflicts over her data, and of what was said of rejected work."""
    found = [("conflict", row_id) for (row_id,) in sql.execute(_CONFLICTS, (resident_id,)).fetchall()]
    found += [(SUBJECT, row_id) for (row_id,) in sql.execute(_REJECTED, (resident_id,)).fetchall()]
    found += [(SUBJECT, row_id) for row_id in _sent_before_her(resident_id)]
    return [seq for subject in found for (seq,) in sql.execute(_SEQS, subject).fetchall()]
