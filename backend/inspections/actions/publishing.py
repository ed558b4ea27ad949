"""A hidden visit is published: from then on the inspected unit reads it, under a number, and it never changes again."""
from datetime import datetime, timedelta
from typing import Any

from backend.core import clock, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.inspections.actions import row
from backend.inspections.models import Inspection
from backend.inspections.queries import inspections
from backend.inspections.rules import naming
from backend.notifications.actions import outbox
from backend.org import queries as units
from backend.people.queries import posts

SUBJECT = "inspection"
NEWS_FOR = timedelta(days=30)
_ALONE = "LOCK TABLE inspection IN SHARE ROW EXCLUSIVE MODE"
_NUMBER = "SELECT COALESCE(max(number), 0) + 1 FROM inspection WHERE district_code = ? AND year = ?"
_NAMED = """
SELECT account_id, min(n) AS n, count(*) AS findings FROM inspection_finding
WHERE inspection_id = ? AND account_id IS NOT NULL GROUP BY account_id ORDER BY account_id
"""


@transaction
def publish(inspection_id: str, *, actor: Actor, now: datetime) -> str:
    """Publish a hidden visit (rules 10.4): the heads of the unit and of its township are told, and whom it names.

    Its number counts publications, so that nobody can tell from it whether others are hidden.
    """
    found = inspections.row(inspection_id, actor, lock=True)
    moved = row.move(found, "publish", actor)
    if sql.on_postgresql():
        sql.execute(_ALONE)
    year = clock.local_date(now).year
    number = int(sql.value(_NUMBER, (found["district_code"], year)))
    versions.amend(Inspection, found, actor, **moved, year=year, number=number, published_at=now, published_by=actor.id)
    told = naming.number_told(year, number)
    _tell(found, str(told), actor, now)
    ledger.record(
        "inspection.publish", SUBJECT, inspection_id, scope=found["unit_code"], fields=("state", "number"),
        detail={"number": told, "points": found["points"]},
    )
    return inspection_id


def _tell(found: dict[str, Any], number: str, actor: Actor, now: datetime) -> None:
    unit = units.unit(found["unit_code"])
    values = {"number": number, "unit": unit["name"] if unit else found["unit_code"], "at": found["visited_at"]}
    named = {each["account_id"]: each["findings"] for each in sql.rows(_NAMED, (found["id"],))}
    for account_id, count in named.items():
        _post("inspection_names_you", account_id, found, values | {"count": count}, actor, now)
    heads = (posts.answering(code, "head")["account_id"] for code in (found["unit_code"], found["township_code"]))
    for account_id in dict.fromkeys(heads):
        if account_id is not None:
            _post("inspection_published", account_id, found, values, actor, now)


def _post(
    act: str, to: str, found: dict[str, Any], values: dict[str, Any], actor: Actor, now: datetime
) -> None:
    outbox.post(
        act, to=to, subject_type=SUBJECT, subject_id=found["id"], unit_code=found["unit_code"], values=values,
        dedupe=f"inspection:{found['id']}:{act}:{to}", not_after=now + NEWS_FOR, actor=actor, now=now,
    )
