"""Erasing a resident: her numbers and name, and every word about her, wherever it stands."""
from collections.abc import Iterable
from datetime import datetime

from backend.core import erasure, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.errands.queries import personal
from backend.people.models import Resident

_LAST = """
SELECT max(seq) FROM ledger_entry WHERE subject_type = 'resident' AND subject_id = ? AND action = 'resident.erase'
"""
RESTORED = "恢复备份后再次清除"


@transaction
def erase(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """Blank what is personal of a resident, wherever it stands, for good; how many details of the ledger went.

    Errands, dates, cards, findings and the chain stay (docs/decisions/0133). A second time blanks what came since,
    such as what a phone noted before and brought later; where nothing came it does nothing.
    What capabilities above errands keep of her they have declared to :mod:`backend.core.erasure`.
    The edge calls :func:`backend.core.erasure.tell` afterwards. NotFound.
    """
    suffix = sql.held()
    found = sql.row(f"SELECT id, township_code, version, erased_at FROM resident WHERE id = ?{suffix}", (resident_id,))
    if found is None:
        raise NotFound()
    if found["erased_at"] is not None and not _came_since(resident_id):
        return 0
    for hers in erasure.kept.values():
        if hers.leave is not None:
            hers.leave(resident_id, actor=actor, now=now)
    if found["erased_at"] is None:
        sql.amend(Resident, resident_id, found["version"], erased_at=now)
    ledger.record("resident.erase", "resident", resident_id, scope=found["township_code"], fields=("erased_at",))
    cells = list(personal.cells(resident_id))
    for hers in erasure.kept.values():
        cells += hers.cells(resident_id)
    return erasure.erase_details(_entries(resident_id), cells=cells, reason=reason, actor=actor, now=now)


def _came_since(resident_id: str) -> bool:
    """Whether anything was said of her after she was erased."""
    erased = int(sql.value(_LAST, (resident_id,)) or 0)
    return erasure.stands(seq for seq in _entries(resident_id) if seq > erased)


def _entries(resident_id: str) -> list[int]:
    """The numbers of all entries about her, those of capabilities above errands too."""
    return personal.entries(resident_id) + [seq for hers in erasure.kept.values() for seq in hers.entries(resident_id)]


@transaction
def finish(resident_ids: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """In a restored database: whose cells were blanked again is erased, and what is still to come of hers ends."""
    for resident_id in sorted(resident_ids):
        if sql.value("SELECT 1 FROM resident WHERE id = ? AND erased_at IS NULL", (resident_id,)):
            erase(resident_id, reason=RESTORED, actor=actor, now=now)
