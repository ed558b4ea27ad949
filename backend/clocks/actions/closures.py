"""Office days lost to a typhoon or a power cut: entered, and taken back where by mistake."""
from datetime import date, datetime

from backend.clocks import queries
from backend.clocks.models import Closure
from backend.core import clock, ids, ledger, sql
from backend.core.actor import Actor
from backend.core.problems import Conflict, NotFound, StaleVersion, invalid
from backend.core.transaction import transaction
from backend.org import queries as units
from backend.org.rules import units as offices

_BUMP = "UPDATE calendar_stamp SET version = version + 1 WHERE id = 1"
_INSERT = """
INSERT INTO closure (id, day_on, unit_code, reason, made_at, version) VALUES (?, ?, ?, ?, ?, 1)
ON CONFLICT (day_on, unit_code) DO NOTHING
"""


@transaction
def close_day(day_on: date, unit_code: str, reason: str, *, actor: Actor, now: datetime) -> str:
    """Close the offices of a unit's subtree on a day; the closure's id.

    Invalid for an unknown unit, Forbidden for one outside the actor's subtree, Conflict where that
    unit is closed that day already.
    """
    if units.unit(unit_code) is None:
        raise invalid("unit_code", "没有这个机构", "No such unit.")
    offices.check_scope(actor.unit_code, unit_code)
    closure_id = ids.new(now)
    params = (closure_id, day_on.isoformat(), unit_code, reason, clock.to_micros(now))
    if sql.run(_INSERT, params) == 0:
        raise Conflict(f"{day_on} 已登记停止办公", f"{day_on} is closed already")
    sql.run(_BUMP)
    ledger.record(
        "closure.make", Closure._meta.table_name, closure_id, scope=unit_code,
        fields=("date", "unit_code", "reason"), detail={"date": day_on, "reason": reason},
    )
    return closure_id


@transaction
def take_back(closure_id: str, *, actor: Actor, now: datetime) -> str:
    """Remove a closure entered by mistake; the ledger keeps both acts. NotFound, Forbidden, StaleVersion."""
    found = queries.closure(closure_id)
    if found is None:
        raise NotFound()
    offices.check_scope(actor.unit_code, found["unit_code"])
    version = found["version"] if actor.call.if_match is None else actor.call.if_match
    if sql.run("DELETE FROM closure WHERE id = ? AND version = ?", (closure_id, version)) == 0:
        raise StaleVersion()
    sql.run(_BUMP)
    ledger.record(
        "closure.take_back", Closure._meta.table_name, closure_id, scope=found["unit_code"],
        detail={"date": found["date"], "reason": found["reason"]},
    )
    return closure_id
