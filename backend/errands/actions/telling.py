"""Telling a resident what is missing: once, in writing, in time."""
from datetime import datetime
from typing import Any

from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import findings, notifying, row
from backend.errands.models import SupplementNotice
from backend.errands.queries import cases
from backend.errands.queries import notices as told
from backend.errands.rules import notices


@transaction
def tell(
    errand_id: str, *, missing: list[dict[str, Any]], legal_basis: str | None = None, actor: Actor, now: datetime
) -> list[Any]:
    """Issue the one-time notice (rules 3.4); the references of errand and notice.

    Telling takes nobody's mandate: it is the office's own duty. A second one needs a legal basis and is a
    finding on whoever issues it.
    """
    found = row.movable(errand_id, actor, now)
    moved = row.move(found, "supplement")
    notices.check_in_time(found["state"], found["silence_at"], now)
    before = told.count(errand_id)
    notices.check_repeated(before, legal_basis)
    versions.check_seen(found, actor)
    notices.check_missing(missing, cases.papers(errand_id), clock.local_date(now))
    number = notices.number(found["number"], before + 1)
    sql.insert(
        SupplementNotice, id=ids.new(now), errand_id=errand_id, n=before + 1, number=number, missing=missing,
        legal_basis=legal_basis, account_id=actor.id, made_at=now,
    )
    row.change(found, actor, now, **moved, silence_at=None)
    ledger.record(
        "errand.supplement", "errand", errand_id, scope=found["unit_code"], fields=("state",),
        detail={"number": number, "missing": missing, "legal_basis": legal_basis},
    )
    notifying.tell_resident(
        "supplement", found, missing=[paper["name"] for paper in missing], actor=actor, now=now
    )
    if before:
        findings.find(found, notices.SECOND_NOTICE, actor.id, basis=legal_basis, at=now, actor=actor, now=now)
    return [errand_id, before + 1]
