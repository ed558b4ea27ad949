"""Erasing a resident: her numbers and name, and every word about her, wherever it stands."""
from datetime import datetime

from backend.core import erasure, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.errands.queries import personal
from backend.people.models import Resident


@transaction
def erase(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """Blank what is personal of a resident and her errands, for good; how many details of the ledger went.

    Errands, dates, cards, findings and the chain stay (docs/decisions/0133). A second time does nothing.
    The edge calls :func:`backend.core.erasure.tell` afterwards. NotFound.
    """
    suffix = " FOR UPDATE" if sql.on_postgresql() else ""
    found = sql.row(f"SELECT id, version, erased_at FROM resident WHERE id = ?{suffix}", (resident_id,))
    if found is None:
        raise NotFound()
    if found["erased_at"] is not None:
        return 0
    sql.amend(Resident, resident_id, found["version"], erased_at=now)
    cells, entries = list(personal.cells(resident_id)), personal.entries(resident_id)
    for hers in erasure.kept.values():
        cells += hers.cells(resident_id)
        entries += hers.entries(resident_id)
    return erasure.erase_details(entries, cells=cells, reason=reason, actor=actor, now=now)
