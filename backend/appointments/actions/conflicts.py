"""Conflicts: appointments whose seat was cut away. Found here, told by a call task, settled here (rules 5.7)."""
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson

from backend.appointments.actions import leased
from backend.appointments.models import BookingConflict
from backend.appointments.queries import conflicts as queries
from backend.appointments.queries import offering
from backend.appointments.queries.offering import Offering
from backend.appointments.rules import excess, laying
from backend.appointments.rules.excess import Place, Seats, Sitting
from backend.core import clock, ids, ledger, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Conflict, IllegalMove
from backend.core.transaction import transaction
from backend.notifications.actions import calls
from backend.org import rules as tree

SUBJECT, REASON = "booking_conflict", "booking_conflict"
_CELLS = "SELECT desk, minute, wanted, services, staff FROM cell WHERE unit_code = ? AND day_on = ? AND booked > 0"
_SITTING = """
SELECT l.desk, l.minute, p.id, p.number, p.service, p.end_minute, p.state, p.order_at, p.resident_id, p.made_at,
0 AS rank FROM allocation l JOIN appointment p ON p.id = l.appointment_id WHERE l.unit_code = ? AND l.day_on = ?
UNION ALL SELECT l.desk, l.minute, s.id, '', s.service, s.end_minute, 'leased', s.order_at, NULL, s.made_at, 1
FROM allocation l JOIN seat_lease s ON s.id = l.appointment_id WHERE l.unit_code = ? AND l.day_on = ?
ORDER BY rank, made_at, id, minute
"""
_KNOWN = """
SELECT id, appointment_id, state, how, day_on, minute, order_at, version FROM booking_conflict
WHERE unit_code = ? AND day_on = ? AND state = 'open'
"""
_ANY = "SELECT 1 FROM booking_conflict WHERE unit_code = ? AND day_on = ? AND state = 'open' LIMIT 1"
_OF = "SELECT id, appointment_id, state, how, day_on, minute, order_at, version FROM booking_conflict"
LEASED = "leased"
MOVABLE = ("held", "booked", LEASED)


@transaction
def follow(freed: Iterable[tuple[str, date, int, str]], *, actor: Actor, now: datetime) -> int:
    """Settle what is over once cells (unit, day, minute, desk) were freed; one statement a day where nothing is."""
    days = sorted({(unit_code, day_on) for unit_code, day_on, _, _ in freed})
    stand = [day for day in days if sql.value(_ANY, (day[0], day[1].isoformat()))]
    return sum(look_again(*day, actor=actor, now=now) for day in stand)


@transaction
def look_again(unit_code: str, day_on: date, *, actor: Actor, now: datetime) -> int:
    """Judge a day's conflicts after seats were freed or taken; how many were opened or settled."""
    found = offering.offered(unit_code, day_on)
    return 0 if found is None else judge(found[0], day_on, actor=actor, now=now)


@transaction
def judge(offered: Offering, day_on: date, *, actor: Actor, now: datetime) -> int:
    """Open a conflict for each appointment of the day without a seat, settle those that have one (or have left).

    Seats kept for phones go first: nobody's name stands on them.
    """
    key = (offered.unit_code, day_on.isoformat())
    cells = {
        (row["desk"], row["minute"]): Seats(row["wanted"], orjson.loads(row["services"]), _staff(row["staff"]))
        for row in sql.plain(_CELLS, key)
    }
    rows = sql.plain(_SITTING, key * 2)
    moment = clock.to_micros(now)
    lacking = excess.without_seat(cells, [_sitting(row, moment) for row in rows])
    known = {row["appointment_id"]: row for row in sql.plain(_KNOWN, key)}
    people = {row["id"]: row for row in rows}
    for lease_id in [found for found in lacking if people[found]["state"] == LEASED]:
        leased.withdraw(lease_id, actor=actor, now=now)
        del lacking[lease_id]
    for row in _of_appointments([found for found in lacking if found not in known]):
        known[row["appointment_id"]] = row
    ruled = {(rule.desk, minute): rule.capacity for rule, minute in _steps(offered, day_on)} if lacking else {}
    closed = offered.kind(day_on) == laying.CLOSED or not ruled
    changed = 0
    for appointment_id, place in lacking.items():
        present = sum(1 for row in rows if (row["desk"], row["minute"]) == place)
        why = excess.cause(closed, ruled.get(place, 0), present)
        changed += _open(
            offered, day_on, people[appointment_id], place, why, known.get(appointment_id), actor=actor, now=now
        )
    for appointment_id, row in known.items():
        if row["state"] == excess.OPEN and appointment_id not in lacking:
            how = _how(row, people, moment)
            changed += _close(row, offered.unit_code, how, actor=actor, now=now)
    return changed


def _staff(text: str | None) -> laying.Staff | None:
    return None if text is None else tuple(tuple(able) for able in orjson.loads(text))


def _sitting(row: dict[str, Any], moment: int) -> Sitting:
    settled = row["state"] not in MOVABLE or row["order_at"] <= moment
    return Sitting(row["id"], row["desk"], row["minute"], row["service"], row["minute"] >= row["end_minute"], settled)


def _steps(offered: Offering, day_on: date) -> list[Any]:
    return laying.steps(offered.offer, day_on, offered.kind(day_on))


def _of_appointments(appointment_ids: list[str]) -> list[dict[str, Any]]:
    if not appointment_ids:
        return []
    return sql.plain(f"{_OF} WHERE appointment_id IN ({', '.join('?' * len(appointment_ids))})", appointment_ids)


def _how(row: dict[str, Any], people: dict[str, Any], moment: int) -> str:
    person = people.get(row["appointment_id"])
    if person is None or person["order_at"] != row["order_at"]:
        return excess.LEFT
    return excess.OVER if row["order_at"] <= moment else excess.SEAT_BACK


def _open(
    offered: Offering, day_on: date, person: dict[str, Any], place: Place, why: str, known: dict[str, Any] | None, *,
    actor: Actor, now: datetime,
) -> int:
    """Open the appointment's conflict, or open it again; not where staff have agreed on just this one."""
    values = {
        "day_on": day_on, "minute": place[1], "cause": why, "state": excess.OPEN, "order_at": person["order_at"],
        "found_at": now, "settled_at": None, "settled_by": None, "how": None, "note": None,
    }
    unit_code, number = offered.unit_code, 1
    if known is None:
        conflict_id = ids.new(now)
        sql.insert(
            BookingConflict, id=conflict_id, appointment_id=person["id"], unit_code=unit_code,
            township_code=tree.township_of(unit_code), district_code=tree.district_of(unit_code), **values,
        )
    else:
        same = (known["day_on"], known["order_at"]) == (day_on.isoformat(), person["order_at"])
        if known["state"] == excess.OPEN or same and known["how"] == excess.AGREED:
            return 0
        conflict_id, number = known["id"], known["version"] + 1
        if not sql.amend(BookingConflict, conflict_id, known["version"], **values):
            return 0
    ledger.record(
        "conflict.open", SUBJECT, conflict_id, scope=unit_code,
        detail={"appointment": person["id"], "date": day_on.isoformat(), "minute": place[1], "cause": why},
    )
    calls.open(
        subject_type="appointment", subject_id=person["id"], subject_number=person["number"],
        resident_id=person["resident_id"], unit_code=unit_code, reason=REASON,
        dedupe=f"{SUBJECT}:{conflict_id}:{number}", actor=actor, now=now,
    )
    return 1


def _close(row: dict[str, Any], unit_code: str, how: str, *, actor: Actor, now: datetime) -> int:
    if not sql.amend(BookingConflict, row["id"], row["version"], state=excess.SETTLED, how=how, settled_at=now):
        return 0
    ledger.record("conflict.settle", SUBJECT, row["id"], scope=unit_code, outcome=how)
    _nobody_rings(row["appointment_id"], actor=actor, now=now)
    return 1


def _nobody_rings(appointment_id: str, *, actor: Actor, now: datetime) -> None:
    calls.withdraw(
        subject_type="appointment", subject_id=appointment_id, reasons=(REASON,), note="号源冲突已处理，无需再回访",
        actor=actor, now=now,
    )


@transaction
def settle(conflict_id: str, *, note: str, actor: Actor, now: datetime) -> str:
    """Record what staff agreed on with the person, where neither time nor seat changes; the conflict's id."""
    found = queries.row(conflict_id, actor, lock=True)
    if found["state"] != excess.OPEN:
        raise IllegalMove("该冲突已处理", "The conflict is settled", state=found["state"], possible=[])
    versions.check_seen(found, actor)
    values = {"state": excess.SETTLED, "how": excess.AGREED, "note": note, "settled_at": now, "settled_by": actor.id}
    if not sql.amend(BookingConflict, conflict_id, found["version"], **values):
        raise Conflict()
    ledger.record(
        "conflict.settle", SUBJECT, conflict_id, scope=found["unit_code"], outcome=excess.AGREED,
        detail={"note": note},
    )
    _nobody_rings(found["appointment_id"], actor=actor, now=now)
    return conflict_id
