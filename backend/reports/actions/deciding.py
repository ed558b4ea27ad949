"""What the office decides of coverage: targets, checklists, whether designated agents count."""
from datetime import date, datetime
from typing import Any

import orjson

from backend.core import adjustable, clock, ledger, sql
from backend.core.actor import Actor
from backend.core.adjustable import Adjustable
from backend.core.problems import Conflict, StaleVersion
from backend.core.transaction import transaction
from backend.reports.models import Checklist
from backend.reports.queries import coverage, register
from backend.reports.rules import checklists, settings, targets

_FIRST = "INSERT INTO coverage_targets (district_code, items, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING"
_NEXT = "UPDATE coverage_targets SET items = ?, version = version + 1 WHERE district_code = ? AND version = ?"


@transaction
def aim(*, items: list[dict[str, Any]], actor: Actor, now: datetime) -> str:
    """Set the targets of the actor's district by level; one not named has the usual one. The district's code.

    StaleVersion, Invalid for a level named twice.
    """
    district = coverage.district_of(None, actor)
    present = coverage.shown_targets(district, now)["version"]
    if actor.call.if_match not in (None, present):
        raise StaleVersion()
    targets.check(items)
    kept = [{**one, "target_on": one["target_on"].isoformat()} for one in items]
    text = orjson.dumps(kept).decode()
    if present == 0:
        done = sql.run(_FIRST, (district, text))
    else:
        done = sql.run(_NEXT, (text, district, present))
    if done != 1:
        raise StaleVersion() if actor.call.if_match is not None else Conflict()
    ledger.record("coverage.aim", "coverage_targets", district, scope=district, fields=("items",),
                  detail={"items": kept})
    return district


@transaction
def draw_up(
    *, level: str, valid_from: date, items: list[dict[str, Any]], actor: Actor, now: datetime
) -> dict[str, Any]:
    """Enter a new version of a level's checklist, valid from tomorrow or later; its level and number.

    What is built stays built. Invalid; Conflict where somebody else does the same at once.
    """
    checklists.check(items, valid_from, clock.local_date(now))
    own = [one.number for one in register.checklists() if one.level == level]
    number = max([checklists.SAMPLES[level].number, *own]) + 1
    sql.insert(Checklist, level=level, number=number, valid_from_on=valid_from, items=items, sample=False, made_at=now)
    ledger.record("checklist.draw-up", "checklist", f"{level}/{number}", fields=("items",),
                  detail={"valid_from": valid_from.isoformat(), "items": items})
    return {"level": level, "number": number}


adjustable.declare(Adjustable(settings.DESIGNATED, settings.DESIGNATED_DEFAULT, settings.check_flag))
