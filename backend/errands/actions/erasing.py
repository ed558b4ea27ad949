"""Erasing a resident: her numbers and name, and every word about her, wherever it stands."""
from collections.abc import Iterable
from datetime import datetime

from backend.core import erasure, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import NotFound
from backend.core.transaction import transaction
from backend.errands.queries import personal
from backend.people.models import Resident

RESTORED = "恢复备份后再次清除"


@transaction
def erase(resident_id: str, *, reason: str, actor: Actor, now: datetime) -> int:
    """Blank what is personal of a resident, wherever it stands, for good; how many details of the ledger went.

    Errands, dates, cards, findings and the chain stay (docs/decisions/0133). A second time does nothing.
    What capabilities above errands keep of her they have declared to :mod:`backend.core.erasure`.
    The edge calls :func:`backend.core.erasure.tell` afterwards. NotFound.
    """
    suffix = sql.held()
    found = sql.row(f"SELECT id, township_code, version, erased_at FROM resident WHERE id = ?{suffix}", (resident_id,))
    if found is None:
        raise NotFound()
    if found["erased_at"] is not None:
        return 0
    for hers in erasure.kept.values():
        if hers.leave is not None:
            hers.leave(resident_id, actor=actor, now=now)
    sql.amend(Resident, resident_id, found["version"], erased_at=now)
    ledger.record("resident.erase", "resident", resident_id, scope=found["township_code"], fields=("erased_at",))
    cells, entries = list(personal.cells(resident_id)), personal.entries(resident_id)
    for hers in erasure.kept.values():
        cells += hers.cells(resident_id)
        entries += hers.entries(resident_id)
    return erasure.erase_details(entries, cells=cells, reason=reason, actor=actor, now=now)


@transaction
def finish(resident_ids: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """In a restored database: whose cells were blanked again is erased, and what is still to come of hers ends."""
    for resident_id in sorted(resident_ids):
        if sql.value("SELECT 1 FROM resident WHERE id = ? AND erased_at IS NULL", (resident_id,)):
            erase(resident_id, reason=RESTORED, actor=actor, now=now)
