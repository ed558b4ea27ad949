"""Shapes of leases: a seat that a phone may promise without a signal, and the promise."""
from marshmallow import fields, validate

from backend.appointments.rules import channels, leases
from backend.appointments.schemas.bookings import UNIT_CODE, CallerIn, PersonIn, Time
from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Whole, one_of
from backend.errands.schemas.taken import IDENTIFIER

BY_STAFF = (channels.PHONE, channels.DESK)


class NewLeases(Shape):
    """Seats to keep: at ``start``, or wherever the day has some, different times first; at the caller's own unit."""

    device_id = Code(IDENTIFIER, required=True)
    unit_code = Code(UNIT_CODE, load_default=None)
    date = Day(required=True)
    service = Code(required=True)
    start = Time(load_default=None)
    count = Whole(load_default=1, validate=validate.Range(1, leases.MOST_OF_DEVICE))


class ShownLease(Shape):
    """A seat that is kept until ``expires_at``, and what became of it."""

    id = fields.String(required=True)
    device_id = fields.String(required=True)
    unit_code = fields.String(required=True)
    service = fields.String(required=True)
    service_name = fields.String(required=True)
    date = fields.Date(required=True)
    start = fields.String(required=True, metadata={"example": "09:00"})
    end = fields.String(required=True)
    desk = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(leases.STATES))
    expires_at = fields.DateTime(required=True)
    made_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    appointment_id = fields.String(required=True, allow_none=True)


class MadeLeases(Shape):
    """As many as there were."""

    leases = fields.List(fields.Nested(ShownLease()), required=True)


class LeaseQuery(ListQuery):
    """Open ones unless asked otherwise."""

    device_id = Code(IDENTIFIER, load_default=None)
    state = fields.List(fields.String(validate=one_of((*leases.STATES, "all"))), load_default=[])


class PromisedAppointment(Shape):
    """An appointment promised on a lease: for whom; what else is said must be what the lease says.

    Without ``lease_id`` it is a booking as online, which needs unit, date, start and service.
    """

    lease_id = Code(IDENTIFIER, load_default=None)
    unit_code = Code(UNIT_CODE, load_default=None)
    date = Day(load_default=None)
    start = Time(load_default=None)
    service = Code(load_default=None)
    person = fields.Nested(PersonIn(), required=True)
    caller = fields.Nested(CallerIn(), allow_none=True)
    channel = fields.String(load_default=channels.PHONE, validate=one_of(BY_STAFF))
    protected = Flag(load_default=False)
