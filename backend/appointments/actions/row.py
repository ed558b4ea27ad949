"""The row of an appointment: made, moved, ended; each guarded, each entered in the ledger.

Seats are claimed before (``claiming.claim``) and given back after (``freeing.free``): these write the row alone.
"""
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from backend.appointments.actions.claiming import Seat
from backend.appointments.models import Appointment, State
from backend.appointments.queries import bookings
from backend.appointments.rules import horizon, persons, seats, states
from backend.appointments.rules.offer import Service
from backend.core import blinding, clock, ledger, moves, sql, versions
from backend.core.actor import Actor
from backend.core.transaction import transaction
from backend.errands.actions import numbering
from backend.notifications.actions import calls
from backend.org import rules as tree
from backend.people import queries as people

SUBJECT = "appointment"
SELF = "self"
OFFERED, REMINDER = "appointment_offered", "appointment_reminder"
_OVER_WITH = {"confirm": (OFFERED,), "reschedule": (REMINDER,)}
"""Which calls a verb makes idle; any other verb both."""
_COLUMNS = (
    "id", "number", "state", "unit_code", "township_code", "district_code", "service", "service_name", "day_on",
    "start_minute", "end_minute", "desk", "order_at", "channel", "protected", "resident_id", "person_sealed",
    "caller_sealed", "surname", "initials", "person_key", "phone_key", "active_key", "hold_until_at", "made_by",
    "made_at", "moves", "version",
)
_OF_NUMBER = f"({people.OF_NUMBER} AND erased_at IS NULL)"


def _insertion(resident: str) -> str:
    marks = ", ".join(resident if name == "resident_id" else "?" for name in _COLUMNS)
    names = ", ".join(_COLUMNS)
    return f"INSERT INTO appointment ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING resident_id"


_INSERT, _INSERT_NUMBERED = _insertion("?"), _insertion(_OF_NUMBER)


@transaction
def insert(
    appointment_id: str, seat: Seat, *, unit_code: str, day_on: date, start_minute: int, service: Service,
    person: dict[str, str], caller: dict[str, str] | None = None, resident_id: str | None = None, channel: str,
    protected: bool = False, hold_until: datetime | None = None, verb: str = "book", actor: Actor, now: datetime,
) -> dict[str, Any] | None:
    """Make the appointment whose seat was just claimed: booked, or held ``hold_until``; its row as stored.

    None, and nothing is written, where the person (as ``rules.persons.normal`` has her) has an active one for
    this service on this day. The number is drawn here, after the cells were locked. Where she gave an ID number
    that our books of the township know, her resident's id is kept too.
    """
    made = _person(appointment_id, person, caller, service, day_on) | {
        "id": appointment_id, "state": State.HELD if hold_until else State.BOOKED, "unit_code": unit_code,
        "township_code": tree.township_of(unit_code), "district_code": tree.district_of(unit_code),
        "service": service.code, "service_name": service.name, "day_on": day_on, "start_minute": start_minute,
        "end_minute": start_minute + service.minutes, "desk": seat.desk,
        "order_at": horizon.starts_at(day_on, start_minute), "channel": channel, "protected": protected,
        "resident_id": resident_id, "hold_until_at": hold_until, "made_by": actor.id or None, "made_at": now,
        "ended_at": None, "reason": None, "moves": 0, "version": 1,
    }
    if bookings.active_elsewhere(persons.identity(person), service.code, day_on):
        return None
    made["number"] = numbering.draw(unit_code, clock.local_date(now))
    if not _written(made, person):
        return None
    ledger.record(
        f"appointment.{verb}", SUBJECT, appointment_id, scope=unit_code, fields=("state", "number", "date", "start"),
        detail={
            "number": made["number"], "service": service.code, "date": day_on.isoformat(),
            "start": start_minute, "desk": seat.desk, "channel": channel, "held_until": clock.wire(hold_until),
        },
    )
    return made


def _written(made: dict[str, Any], person: dict[str, str]) -> bool:
    """Write the row; False where the person has an active one. Sets the resident's id that was found."""
    stored = sql.as_stored(Appointment, made)
    text, resident = _INSERT, [stored["resident_id"]]
    if made["resident_id"] is None and "id_number" in person:
        text = _INSERT_NUMBERED
        resident = [made["township_code"], *blinding.searched("id_number", person["id_number"])]
    params = [value for name in _COLUMNS for value in (resident if name == "resident_id" else [stored[name]])]
    found = sql.execute(text, params).fetchone()
    if found is not None:
        made["resident_id"] = found[0]
    return found is not None


def _person(
    row_id: str, person: dict[str, str], caller: dict[str, str] | None, service: Service, day_on: date
) -> dict[str, Any]:
    return {
        "person_sealed": bookings.sealed("person", row_id, person),
        "caller_sealed": bookings.sealed("caller", row_id, caller),
        "surname": persons.surname(person["name"]), "initials": persons.initials(person["name"]),
        **bookings.keys_of(person, service.code, day_on),
    }


def moved_state(found: dict[str, Any], verb: str) -> str:
    """The state that a verb leads to; IllegalMove names the state and what is possible from here."""
    return moves.move(states.MOVES, found["state"], verb, states.STATE_NAMES)


def change(found: dict[str, Any], actor: Actor, **values: Any) -> dict[str, Any]:
    """Write the values if nobody else changed the appointment meanwhile; the row as it is then."""
    versions.amend(Appointment, found, actor, **values)
    return found | values | {"version": found["version"] + 1}


@transaction
def advance(found: dict[str, Any], verb: str, *, actor: Actor, now: datetime, **values: Any) -> dict[str, Any]:
    """Move it to the verb's state, seat and all staying as they are; the row as it is then."""
    state = moved_state(found, verb)
    changed = change(found, actor, state=state, **values)
    _record(verb, found, ("state",), {})
    _nobody_rings(verb, found, actor, now)
    return changed


@transaction
def moved(
    found: dict[str, Any], seat: Seat, *, day_on: date, start_minute: int, service: Service, channel: str,
    actor: Actor, now: datetime,
) -> dict[str, Any]:
    """Give it the seat that was just claimed for another time; AlreadyBooked where she has one on that day."""
    try:
        changed = change(
            found, actor, state=moved_state(found, "reschedule"), day_on=day_on, start_minute=start_minute,
            end_minute=start_minute + service.minutes, desk=seat.desk, order_at=horizon.starts_at(day_on, start_minute),
            channel=channel, moves=found["moves"] + 1,
            **bookings.keys_of(bookings.opened("person", found), found["service"], day_on),
        )
    except IntegrityError as error:
        raise seats.AlreadyBooked() from error
    _record("reschedule", found, ("date", "start"), {
        "from": {"date": found["day_on"].isoformat(), "start": found["start_minute"], "desk": found["desk"]},
        "date": day_on.isoformat(), "start": start_minute, "desk": seat.desk,
    })
    _nobody_rings("reschedule", found, actor, now)
    return changed


@transaction
def finish(
    found: dict[str, Any], verb: str, *, reason: str | None = None, actor: Actor, now: datetime
) -> dict[str, Any]:
    """End it (cancel, expire, miss, complete): it is active no longer; whose cells get free, the caller frees them."""
    state = moved_state(found, verb)
    changed = change(found, actor, state=state, active_key=None, hold_until_at=None, ended_at=now, reason=reason)
    _record(verb, found, ("state",), {"reason": reason})
    _nobody_rings(verb, found, actor, now)
    return changed


def _nobody_rings(verb: str, found: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Who was to be rung of the offer that was answered, of a time it no longer has, need not be (0158)."""
    reasons = _OVER_WITH.get(verb, (OFFERED, REMINDER))
    calls.withdraw(
        subject_type=SUBJECT, subject_id=found["id"], reasons=reasons, note="预约已有变化，无需再回访", actor=actor,
        now=now,
    )


def _record(verb: str, found: dict[str, Any], fields: tuple[str, ...], detail: dict[str, Any]) -> None:
    ledger.record(
        f"appointment.{verb}", SUBJECT, found["id"], scope=found["unit_code"], fields=fields, detail=detail
    )
