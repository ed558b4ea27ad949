"""Laying the cells of a unit's day from what holds now; nothing booked is lost (rules 5.1, 5.7).

Nobody below calls appointments when a roster or the calendar changes: each day keeps what it was laid from, and
whoever sells a seat of it looks first (:func:`ensure`). A day is its own transaction, or part of the caller's.
"""
from datetime import date, datetime
from typing import Any

import orjson

from backend.appointments.actions import conflicts
from backend.appointments.queries import offering
from backend.appointments.queries.offering import Offering
from backend.appointments.rules import laying, starts
from backend.appointments.rules.laying import Laid, Override
from backend.core import sql
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.people.queries import rosters

_LOCK_DAY = """
INSERT INTO cell_day (unit_code, day_on, rules_number, roster_stamp, kind) VALUES (?, ?, 0, 0, '')
ON CONFLICT (unit_code, day_on) DO UPDATE SET kind = cell_day.kind
"""
_STAMP = "UPDATE cell_day SET rules_number = ?, roster_stamp = ?, kind = ? WHERE unit_code = ? AND day_on = ?"
_OVERRIDES = "SELECT desk, from_minute, to_minute, seats FROM cell_override WHERE unit_code = ? AND day_on = ?"
_CELLS = """
SELECT desk, minute, wanted, wanted_self, capacity, self_capacity, booked, booked_self, services, staff
FROM cell WHERE unit_code = ? AND day_on = ? ORDER BY desk, minute
"""
_NAMES = (
    "unit_code", "day_on", "desk", "minute", "wanted", "wanted_self", "capacity", "self_capacity", "booked",
    "booked_self", "services", "staff",
)
_CHANGED = ("wanted", "wanted_self", "capacity", "self_capacity", "services", "staff")
_DROP = "DELETE FROM cell WHERE unit_code = ? AND day_on = ? AND booked = 0 AND wanted = 0"
BATCH = 50


@transaction
def ensure(unit_code: str, day_on: date, *, actor: Actor, now: datetime) -> Offering:
    """What the unit offers, its day laid anew first where it was laid from something else; one statement if not.

    NoSuchSlot where the unit offers nothing.
    """
    found = offering.offered(unit_code, day_on)
    if found is None:
        raise starts.NoSuchSlot()
    if not found[1]:
        rebuild(unit_code, day_on, actor=actor, now=now)
    return found[0]


@transaction
def rebuild(unit_code: str, day_on: date, *, anew: bool = False, actor: Actor, now: datetime) -> int:
    """Lay a day from what holds now, unless it is (``anew``: even then); how many of its cells changed.

    A cell keeps at least what is booked: who has no seat any more becomes a conflict and a call task. The
    day's row is locked first, so that what is read afterwards is as new as the stamps.
    """
    key = (unit_code, day_on.isoformat())
    sql.execute(_LOCK_DAY, key)
    found = offering.offered(unit_code, day_on)
    if found is None or (found[1] and not anew):
        return 0
    offered = found[0]
    laid = _laid(offered, day_on)
    count, booked = _write(key, laid, _stored(key))
    sql.execute(_STAMP, (offered.offer.number, offered.roster, offered.kind(day_on), *key))
    if booked:
        conflicts.judge(offered, day_on, actor=actor, now=now)
    return count


def _laid(offered: Offering, day_on: date) -> list[Laid]:
    overrides = [Override(*row) for row in sql.tuples(_OVERRIDES, (offered.unit_code, day_on.isoformat()))[1]]
    duties = rosters.on_duty(offered.unit_code, day_on, day_on) if offered.offer.roster_required else {}
    return laying.lay(offered.offer, day_on, offered.kind(day_on), duties.get(day_on, ()), overrides)


def _stored(key: tuple[str, str]) -> dict[tuple[str, int], dict[str, Any]]:
    return {(row["desk"], row["minute"]): row for row in sql.plain(_CELLS + sql.held(), key)}


def _write(key: tuple[str, str], laid: list[Laid], stored: dict[tuple[str, int], dict[str, Any]]) -> tuple[int, bool]:
    """Write the cells that differ; how many they are, and whether anything is booked on that day."""
    wanted = {(cell.desk, cell.minute): _row(cell) for cell in laid}
    nothing = {"wanted": 0, "wanted_self": 0, "services": "[]", "staff": None}
    changed = []
    for place in sorted(wanted.keys() | stored.keys()):
        old = stored.get(place)
        booked, booked_self = (old["booked"], old["booked_self"]) if old else (0, 0)
        row = {"booked": booked, "booked_self": booked_self} | wanted.get(place, nothing)
        row["capacity"] = max(row["wanted"], booked)
        row["self_capacity"] = max(row["wanted_self"], booked_self)
        if old is None or any(row[name] != old[name] for name in _CHANGED):
            changed.append((*key, *place, *(row[name] for name in _NAMES[4:])))
    for first in range(0, len(changed), BATCH):
        _upsert(changed[first:first + BATCH])
    if any(place not in wanted for place in stored):
        sql.execute(_DROP, key)
    return len(changed), any(old["booked"] for old in stored.values())


def _row(cell: Laid) -> dict[str, Any]:
    staff = None if cell.staff is None else orjson.dumps(cell.staff).decode()
    return {
        "wanted": cell.wanted, "wanted_self": cell.wanted_self, "services": orjson.dumps(cell.services).decode(),
        "staff": staff,
    }


def _upsert(rows: list[tuple[Any, ...]]) -> None:
    marks = "(" + ", ".join("?" * len(_NAMES)) + ")"
    sets = ", ".join(f"{name} = excluded.{name}" for name in _CHANGED)
    text = (
        f"INSERT INTO cell ({', '.join(_NAMES)}) VALUES {', '.join([marks] * len(rows))} "
        f"ON CONFLICT (unit_code, day_on, desk, minute) DO UPDATE SET {sets}"
    )
    sql.execute(text, [value for row in rows for value in row])
