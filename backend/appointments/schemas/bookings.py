"""Shapes of an appointment: what is booked, listed, shown, followed."""
from typing import Any

from marshmallow import fields

from backend.appointments.rules import states
from backend.appointments.rules.channels import CHANNELS
from backend.core.daytime import TIME, minute_of
from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Text, nullable, one_of
from backend.errands.schemas.taken import AskProgress

UNIT_CODE = r"[0-9]{12}"


class Time(Code):
    """A time of day, ``09:00``; inside, minutes since midnight."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(TIME, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        found = super().deserialize(value, attr, data, **kwargs)
        return minute_of(found) if isinstance(found, str) else found


class CallerIn(Shape):
    """Who calls, where she is not the person herself."""

    name = Text(60, required=True)
    phone = Text(24, required=True)


class PersonIn(CallerIn):
    """Whom the appointment is for: by the ID number where it is given, else by name and phone."""

    id_number = Text(24)


class BookAppointment(Shape):
    """An appointment for a person; ``self`` needs no account. ``hold``: only for five minutes, to be confirmed."""

    unit_code = Code(UNIT_CODE, required=True)
    date = Day(required=True)
    start = Time(required=True)
    service = Code(required=True)
    person = fields.Nested(PersonIn(), required=True)
    caller = fields.Nested(CallerIn(), allow_none=True)
    channel = fields.String(required=True, validate=one_of(CHANNELS))
    protected = Flag(load_default=False)
    hold = Flag(load_default=False)


class Reschedule(Shape):
    """Another time, at the same unit and for the same service."""

    date = Day(required=True)
    start = Time(required=True)


class Cancellation(Shape):
    """Why, where somebody says so."""

    reason = Text(200)


class _Filters(ListQuery):
    """Filters of the list; ``q`` begins a number or initials, or is a name."""

    state = fields.List(fields.String(validate=one_of((*states.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
    date = Day(load_default=None)
    to = Day(load_default=None)
    q = Text(60, load_default=None)


AppointmentQuery = _Filters.from_dict({"from": Day(load_default=None)}, name="AppointmentQuery")


class CancelByNumber(AskProgress):
    """The number and four digits, and why, where somebody says so."""

    reason = Text(200)


def _text(**kwargs: Any) -> fields.String:
    return fields.String(required=True, allow_none=True, **kwargs)


class MaskedPerson(Shape):
    """A person; numbers masked, all null once they were erased."""

    name = _text()
    phone = _text(metadata={"example": "138****5678"})
    id_number = _text(metadata={"example": "3****************4"})


class Maker(Shape):
    """Who made it."""

    id = fields.String(required=True)
    name = _text()


class ShownAppointment(Shape):
    """An appointment; ``held_until`` while it is only held. ``read_back`` is what the caller is told."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.STATES))
    unit_code = fields.String(required=True)
    unit_name = _text()
    service = fields.String(required=True)
    service_name = fields.String(required=True)
    date = fields.Date(required=True)
    start = fields.String(required=True, metadata={"example": "09:00"})
    end = fields.String(required=True)
    desk = fields.String(required=True)
    channel = fields.String(required=True)
    protected = fields.Boolean(required=True)
    person = fields.Nested(MaskedPerson(), required=True)
    caller = nullable(MaskedPerson(), required=True)
    resident_id = _text()
    surname = fields.String(required=True)
    held_until = fields.DateTime(required=True, allow_none=True)
    made_by = nullable(Maker(), required=True)
    made_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    reason = _text()
    moves = fields.Integer(required=True)
    read_back = fields.String(required=True)
    version = fields.Integer(required=True)


class FullAppointment(Shape):
    """The numbers in full; ``full`` is false in a late replay, which shows them masked."""

    id = fields.String(required=True)
    person = fields.Nested(MaskedPerson(), required=True)
    caller = nullable(MaskedPerson(), required=True)
    full = fields.Boolean(required=True)
