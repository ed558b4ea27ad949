"""Wire shapes of the cycles of supervision and of what they ask."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Instant, ListQuery, Shape, Text, nullable, one_of
from backend.supervision.rules import cycles, orders, states
from backend.supervision.schemas.parts import DEPARTMENT, UNIT_CODE, SupervisionActor, listed

MOST_TARGETS = 600


class MatterIn(Shape):
    """What each period of a cycle asks of its targets, from the first that begins on ``from_on`` (today) or later."""

    cycle = fields.String(required=True, validate=one_of(cycles.KINDS))
    source = fields.String(required=True, validate=one_of(orders.SOURCES))
    what = Text(4000, lines=True, required=True)
    quality = Text(2000, lines=True, required=True)
    unit_codes = fields.List(Code(UNIT_CODE), validate=validate.Length(max=MOST_TARGETS))
    department_codes = fields.List(Code(DEPARTMENT), validate=validate.Length(max=MOST_TARGETS))
    from_on = Day(allow_none=True)


class MattersQuery(ListQuery):
    """Those in force unless asked otherwise."""

    state = listed((*states.MATTER_STATES, "all"))
    cycle = listed(cycles.KINDS)


class MatterShape(Shape):
    """A standing matter."""

    id = fields.String(required=True)
    cycle = fields.String(required=True, validate=one_of(cycles.KINDS))
    source = fields.String(required=True, validate=one_of(orders.SOURCES))
    what = fields.String(required=True)
    quality = fields.String(required=True)
    targets = fields.List(fields.String(), required=True)
    from_on = Day(required=True)
    state = fields.String(required=True, validate=one_of(states.MATTER_STATES))
    made_by = nullable(SupervisionActor(), required=True)
    made_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class CyclesQuery(ListQuery):
    """Periods of these cycles."""

    kind = listed(cycles.KINDS)


class CycleShape(Shape):
    """A period: how many orders it made, and once it is closed how they and all others due in it were answered."""

    kind = fields.String(required=True, validate=one_of(cycles.KINDS))
    period = fields.String(required=True)
    due_at = Instant(required=True)
    begun_at = Instant(required=True, allow_none=True)
    orders = fields.Integer(required=True)
    closed_at = Instant(required=True, allow_none=True)
    asked = fields.Integer(required=True, allow_none=True)
    on_time = fields.Integer(required=True, allow_none=True)
    late = fields.Integer(required=True, allow_none=True)
    missing = fields.Integer(required=True, allow_none=True)
    notice_id = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
