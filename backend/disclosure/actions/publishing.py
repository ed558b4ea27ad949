"""Telling the public a month's figures: once, when it is over, and never again."""
from datetime import datetime

import orjson

from backend.core import ledger, monthly, sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.disclosure.models import OpenFigures
from backend.disclosure.queries import gathering, told
from backend.disclosure.rules import months
from backend.org import queries as units
from backend.reports.rules import bulletins as documents


def due(now: datetime) -> list[tuple[str, str]]:
    """District and month of everything that is to be told by now, in order."""
    last, found = months.latest_over(now), []
    for district in units.districts():
        latest = told.last_told(district)
        first = monthly.following(latest) if latest else gathering.first_month(district)
        found += [(district, month) for month in monthly.between(first, last)] if first else []
    return found


@transaction
def publish(district_code: str, month: str, *, actor: Actor, now: datetime) -> str | None:
    """Freeze and tell a district's month; the hash of its text. None where it was told before."""
    if told.frozen(district_code, month) is not None:
        return None
    body = told.body(district_code, month)
    content = documents.canonical(body)
    digest = documents.sha256(content)
    sql.insert(
        OpenFigures, district_code=district_code, month=month, body=content, content_sha256=digest,
        summary=orjson.dumps(body["total"]).decode(), issued_at=now,
    )
    ledger.record(
        "figures.tell", "figures", f"{month}/{district_code}", scope=district_code, detail={"content_sha256": digest},
    )
    return digest
