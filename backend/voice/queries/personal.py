"""What stands of a resident in ratings, rectifications and complaints."""
from collections.abc import Iterator
from datetime import datetime

from backend.core import blinding, clock, ledger, sql
from backend.core.actor import Actor
from backend.core.erasure import Cells
from backend.people.queries import residents
from backend.voice.queries import scope

_COMPLAINT = ("text_sealed", "contact_sealed", "phone_key", "refusal", "referral", "handling")
_RECTIFICATION = ("callback_note_sealed", "goal", "quality", "result")
_SLIPS = "SELECT id FROM rating_slip WHERE resident_id = ? ORDER BY id"
_RATINGS = """
SELECT r.id FROM rating_slip s JOIN rating r ON r.slip_id = s.id WHERE s.resident_id = ? ORDER BY r.id
"""
_RECTIFICATIONS = "SELECT id FROM rectification WHERE resident_id = ? ORDER BY id"
_APPEALS = """
SELECT a.id FROM rectification t JOIN rating_appeal a ON a.rectification_id = t.id WHERE t.resident_id = ?
"""
_COMPLAINTS = "SELECT id FROM complaint WHERE resident_id = ? UNION SELECT id FROM complaint WHERE phone_key IN (?, ?)"
_LONG_OVER = """
SELECT id FROM complaint WHERE state IN ('closed', 'refused') AND order_at < ? AND text_sealed IS NOT NULL
ORDER BY order_at, id LIMIT ?
"""
_SEEN = "SELECT t.id FROM complaint t WHERE t.id IN ({}) AND {} AND {}"
_RATED = """
SELECT id FROM rating_slip WHERE resident_id = ? AND agent_id = ?
UNION SELECT r.id FROM rating_slip s JOIN rating r ON r.slip_id = s.id WHERE s.resident_id = ? AND r.agent_id = ?
UNION SELECT id FROM rectification WHERE resident_id = ? AND agent_id = ?
UNION SELECT a.id FROM rectification t JOIN rating_appeal a ON a.rectification_id = t.id
    WHERE t.resident_id = ? AND t.agent_id = ?
"""
NOBODY = b"-"


def _ids(text: str, *params: object) -> list[str]:
    return [row_id for (row_id,) in sql.execute(text, params).fetchall()]


def complaints(resident_id: str) -> list[str]:
    """The complaints that are known to be hers: by the errand she named, or by the telephone that she left."""
    phone = residents.known(resident_id).get("phone")
    keys = (NOBODY, NOBODY) if phone is None else blinding.searched("phone", phone)
    return _ids(_COMPLAINTS, resident_id, *keys)


def of_complaints(complaint_ids: list[str]) -> Iterator[Cells]:
    """The cells of these complaints that an erasure blanks, and of what was told of them."""
    for complaint_id in complaint_ids:
        yield Cells("complaint", complaint_id, _COMPLAINT)
        yield Cells("notice", complaint_id, ("address_sealed", "values_sealed"), "subject_id")


def cells(resident_id: str) -> Iterator[Cells]:
    """Every cell that an erasure blanks: what she said, and what others wrote of her."""
    for rating_id in _ids(_RATINGS, resident_id):
        yield Cells("rating", rating_id, ("comment_sealed",))
    for rectification_id in _ids(_RECTIFICATIONS, resident_id):
        yield Cells("rectification", rectification_id, _RECTIFICATION)
    for appeal_id in _ids(_APPEALS, resident_id):
        yield Cells("rating_appeal", appeal_id, ("reason", "answer"))
    yield from of_complaints(complaints(resident_id))


def apart(resident_id: str, actor: Actor) -> set[str]:
    """What of hers is not the actor's to know of: complaints that are not his to read, ratings of his own work."""
    found = complaints(resident_id)
    kept = set(found)
    if found:
        leading, others = scope.complaints(actor), scope.not_about(actor)
        text = _SEEN.format(", ".join("?" * len(found)), leading.text, others.text)
        kept -= set(_ids(text, *found, *leading.params, *others.params))
    return kept.union(_ids(_RATED, *(resident_id, actor.id) * 4))


def entries(resident_id: str) -> list[int]:
    """The numbers of the ledger's entries about her ratings, rectifications and complaints."""
    subjects = [("rating_slip", one) for one in _ids(_SLIPS, resident_id)]
    subjects += [("rating", one) for one in _ids(_RATINGS, resident_id)]
    subjects += [("rectification", one) for one in _ids(_RECTIFICATIONS, resident_id)]
    subjects += [("complaint", one) for one in complaints(resident_id)]
    return [seq for subject in subjects for seq in ledger.seqs_of(*subject)]


def long_over(before: datetime, limit: int) -> list[str]:
    """Complaints that were over before that moment and still say something of somebody."""
    return _ids(_LONG_OVER, clock.to_micros(before), limit)
