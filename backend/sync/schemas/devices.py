"""Shapes of devices."""
from marshmallow import fields

from backend.core.shapes import Code, Flag, Instant, ListQuery, Shape, Text
from backend.errands.schemas.shown import Person
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE


class NewDevice(Shape):
    """How its owner calls the phone."""

    name = Text(100, required=True)


class RegisteredDevice(Shape):
    """The device's id, and the life of this database: where that changes, the phone registers anew."""

    device_id = fields.String(required=True)
    epoch = fields.String(required=True)
    next_n = fields.Integer(required=True)


class DeviceShape(Shape):
    """A phone: when it was last heard of, what it holds, what of its work is not settled, how wrong its clock is."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    account_id = fields.String(required=True)
    account = fields.Nested(Person(), required=True)
    unit_code = fields.String(required=True)
    made_at = Instant(required=True)
    next_n = fields.Integer(required=True)
    last_push_at = Instant(required=True, allow_none=True)
    outbox_size = fields.Integer(required=True, allow_none=True)
    rows = fields.Integer(required=True, allow_none=True)
    rejected = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    clock_skew_seconds = fields.Integer(required=True, allow_none=True)
    skewed = Flag(required=True)
    revoked_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class DeviceQuery(ListQuery):
    """``skewed`` and ``revoked`` are left out or true or false."""

    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
    account_id = fields.List(Code(IDENTIFIER), load_default=[])
    revoked = Flag(in_query=True, load_default=None)
