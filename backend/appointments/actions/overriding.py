"""Staff add seats to a stretch of a day, with a reason and a trace, and take them back (rules 5.9)."""
from datetime import date, datetime
from typing import Any

from backend.appointments.actions import building, waiting
from backend.appointments.models import CellOverride
from backend.appointments.queries import offering, offers, overrides
from backend.appointments.rules import laying
from backend.appointments.rules.offer import COUNTER
from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.daytime import told
from backend.core.problems import StaleVersion, invalid
from backend.core.transaction import transaction

SUBJECT = "cell_override"


@transaction
def add(
    unit_code: str, *, day_on: date, from_minute: int, to_minute: int, desk: str | None, seats: int, reason: str,
    actor: Actor, now: datetime,
) -> list[str]:
    """Add seats to the cells of a desk that begin in a stretch of a day; unit and the override's id.

    They are for staff: what self-service may take stays as it was. NotFound outside the actor's scope;
    Invalid for a day that is over, and where the unit has no such cells on that day.
    """
    offers.check_seen(unit_code, actor)
    if day_on < clock.local_date(now):
        raise invalid("date", "日期已过", "The day is over.")
    if to_minute <= from_minute:
        raise invalid("to", "须晚于开始时间", "Must be later than the beginning.")
    at = desk or COUNTER
    if not _touches(unit_code, day_on, at, from_minute, to_minute):
        raise invalid("from", "该时段没有号源", "There are no cells at that time.")
    override_id = ids.new(now)
    sql.insert(
        CellOverride, id=override_id, unit_code=unit_code, day_on=day_on, desk=at, from_minute=from_minute,
        to_minute=to_minute, seats=seats, reason=reason, made_by=actor.id, made_at=now,
    )
    ledger.record(
        "override.add", SUBJECT, override_id, scope=unit_code, fields=("seats",),
        detail={
            "date": day_on.isoformat(), "from": told(from_minute), "to": told(to_minute), "desk": at, "seats": seats,
            "reason": reason,
        },
    )
    waiting.lay(unit_code, day_on, anew=True, actor=actor, now=now)
    return [unit_code, override_id]


def _touches(unit_code: str, day_on: date, desk: str, from_minute: int, to_minute: int) -> bool:
    found = offering.offered(unit_code, day_on)
    if found is None:
        return False
    steps = laying.steps(found[0].offer, day_on, found[0].kind(day_on))
    return any(rule.desk == desk and from_minute <= minute < to_minute for rule, minute in steps)


@transaction
def withdraw(unit_code: str, override_id: str, *, actor: Actor, now: datetime) -> list[str]:
    """Take added seats back; who sits on one already becomes a conflict. NotFound, StaleVersion."""
    found: dict[str, Any] = overrides.row(unit_code, override_id, actor)
    version = found["version"] if actor.call.if_match is None else actor.call.if_match
    text = "DELETE FROM cell_override WHERE id = ? AND version = ?"
    if sql.run(text, (override_id, version)) == 0:
        raise StaleVersion()
    ledger.record(
        "override.withdraw", SUBJECT, override_id, scope=unit_code,
        detail={"date": found["day_on"].isoformat(), "seats": found["seats"], "reason": found["reason"]},
    )
    building.rebuild(unit_code, found["day_on"], anew=True, actor=actor, now=now)
    return [unit_code, override_id]
