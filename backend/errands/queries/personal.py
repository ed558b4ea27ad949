"""What stands of a resident anywhere: in her own row, in her errands, and in all that hangs on them."""
from collections.abc import Iterator

from backend.core import ledger, sql
from backend.core.erasure import Cells

_RESIDENT = (
    "name", "pinyin", "initials", "id_number_sealed", "id_number_index", "phone_sealed", "phone_index",
    "address_sealed",
)
_ERRAND = ("result", "reason", "referral", "received_by", "mandate_powers")
_OF_ERRAND = {
    "errand_note": ("text",),
    "errand_trip": ("place",),
    "paper_errand": ("materials", "rating"),
    "supplement_notice": ("missing",),
    "refusal": ("reason", "referral"),
    "handover": ("reason",),
    "forwarding": ("note", "reasons"),
}
"""Words about her case, by table; rows are found by ``errand_id``."""
_FOUND = {
    "suspension": (("notice",), "SELECT id FROM suspension WHERE subject_type = 'errand' AND subject_id = ?"),
    "call_task": (("note",), "SELECT id FROM call_task WHERE subject_type = 'errand' AND subject_id = ?"),
    "card_appeal": (("reason", "answer"), (
        "SELECT a.id FROM card c JOIN card_appeal a ON a.card_id = c.id "
        "WHERE c.subject_type = 'errand' AND c.subject_id = ?"
    )),
}


def errands(resident_id: str) -> list[str]:
    """The ids of all her errands."""
    return [errand_id for (errand_id,) in sql.execute(
        "SELECT id FROM errand WHERE resident_id = ? ORDER BY id", (resident_id,)
    ).fetchall()]


def cells(resident_id: str) -> Iterator[Cells]:
    """The cells that an erasure blanks (docs/decisions/0133)."""
    yield Cells("resident", resident_id, _RESIDENT)
    yield Cells("resident_reader", resident_id, ("name", "pinyin", "initials"), "resident_id")
    yield Cells("notice", resident_id, ("address_sealed", "values_sealed"), "recipient_id")
    for errand_id in errands(resident_id):
        yield Cells("errand", errand_id, _ERRAND)
        for table, columns in _OF_ERRAND.items():
            yield Cells(table, errand_id, columns, "errand_id")
        for table, (columns, text) in _FOUND.items():
            for (row_id,) in sql.execute(text, (errand_id,)).fetchall():
                yield Cells(table, row_id, columns)


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about her and her errands."""
    subjects = [("resident", resident_id), *(("errand", errand_id) for errand_id in errands(resident_id))]
    return [seq for subject in subjects for seq in ledger.seqs_of(*subject)]
