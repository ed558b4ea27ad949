"""Wire shapes of booking rules, free slots, conflicts and added seats."""
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.appointments.rules import excess
from backend.appointments.rules import offer as rules
from backend.appointments.rules.checking import MOST_MINUTES_BEFORE
from backend.core.daytime import END, TIME
from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Text, Whole, one_of

UNIT_CODE = r"[0-9]{12}"
MOST_SERVICES, MOST_RULES, MOST_UNITS = 100, 200, 5
MOST_SEATS = 500
MOST_HORIZON_DAYS = 90
MOST_SPAN_DAYS = 92


class Time(Code):
    """A time of day, ``09:00``; ``end``: 24:00 as well."""

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        super().__init__(END if end else TIME, **kwargs)


class CutoffValue(fields.Field):
    """A whole number or a time of day, as the kind of the cutoff asks for."""

    def __init__(self, **kwargs: Any) -> None:
        self.number, self.time = Whole(0, MOST_MINUTES_BEFORE), Time()
        shapes = [
            {"type": "integer", "minimum": 0, "maximum": MOST_MINUTES_BEFORE},
            {"type": "string", "pattern": f"^{TIME}$"},
        ]
        super().__init__(metadata={"anyOf": shapes}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        one = self.time if isinstance(value, str) else self.number
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValidationError("Not a valid whole number.")
        return one.deserialize(value)


class CutoffShape(Shape):
    """Until when a service can be booked: minutes before; close of the n-th working day before; a time on the
    working day before."""

    kind = fields.String(required=True, validate=one_of(rules.CUTOFFS))
    value = CutoffValue(required=True)


class ServiceShape(Shape):
    """Something that can be booked; without a cutoff it can be until it begins."""

    code = Code(required=True)
    name = Text(60, required=True)
    minutes = Whole(1, 720, required=True)
    gap_minutes = Whole(0, 720)
    cutoff = fields.Nested(CutoffShape)


_RULE: dict[str, Any] = {
    "kind": fields.String(required=True, validate=one_of(rules.KINDS)),
    "weekdays": fields.List(Whole(1, 7), validate=validate.Length(max=7)),
    "date": Day(),
    "from": Time(),
    "to": Time(end=True),
    "desk": Text(16),
    "capacity": Whole(0, MOST_SEATS),
    "self_capacity": Whole(0, MOST_SEATS),
    "services": fields.List(Code(), validate=validate.Length(max=MOST_SERVICES)),
}
RuleShape = Shape.from_dict(_RULE, name="BookingRule")


class OfferShape(Shape):
    """The booking rules of a unit; unused keys are left out."""

    grid_minutes = Whole(5, 240, load_default=30)
    horizon_days = Whole(0, MOST_HORIZON_DAYS, load_default=14)
    opens_at = Time(load_default="08:30")
    roster_required = Flag(load_default=False)
    services = fields.List(fields.Nested(ServiceShape), required=True, validate=validate.Length(max=MOST_SERVICES))
    rules = fields.List(fields.Nested(RuleShape), required=True, validate=validate.Length(max=MOST_RULES))


_SLOTS: dict[str, Any] = {
    "from": Day(load_default=None),
    "to": Day(load_default=None),
    "service": fields.List(Code(), load_default=list, validate=validate.Length(max=MOST_SERVICES)),
    "limit": Whole(1, 200, in_query=True, load_default=None),
    "cursor": fields.String(load_default=None, validate=validate.Length(1, 400)),
}
SlotsQuery = Shape.from_dict(_SLOTS, name="SlotsQuery")


class SlotShape(Shape):
    """A start at which a service can be had; ``free_self`` of the free seats can be taken without staff."""

    date = fields.Date(required=True)
    start = fields.String(required=True)
    end = fields.String(required=True)
    service = fields.String(required=True)
    capacity = fields.Integer(required=True)
    free = fields.Integer(required=True)
    free_self = fields.Integer(required=True)


class SlotsShape(Shape):
    """Free slots by date, start and service; all of them unless a limit is given."""

    items = fields.List(fields.Nested(SlotShape), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ConflictsQuery(ListQuery):
    """Open ones unless asked otherwise; repeated means or."""

    state = fields.List(
        fields.String(validate=one_of((*excess.STATES, excess.ALL))), load_default=list, validate=validate.Length(max=3)
    )
    unit_code = fields.List(Code(UNIT_CODE), load_default=list, validate=validate.Length(max=MOST_UNITS))


class ConflictShape(Shape):
    """An appointment whose seat was cut away; of the person only the surname."""

    id = fields.String(required=True)
    appointment_id = fields.String(required=True)
    number = fields.String(required=True)
    service = fields.String(required=True)
    service_name = fields.String(required=True)
    surname = fields.String(required=True)
    unit_code = fields.String(required=True)
    date = fields.Date(required=True)
    start = fields.String(required=True)
    cause = fields.String(required=True, validate=one_of(excess.CAUSES))
    state = fields.String(required=True, validate=one_of(excess.STATES))
    how = fields.String(required=True, allow_none=True, validate=one_of(excess.WAYS))
    note = fields.String(required=True, allow_none=True)
    found_at = fields.DateTime(required=True)
    settled_at = fields.DateTime(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Settlement(Shape):
    """What was agreed on with the person, where neither her time nor the seats change."""

    note = Text(500, lines=True, required=True)


_ADDED: dict[str, Any] = {
    "date": Day(required=True),
    "from": Time(required=True),
    "to": Time(end=True, required=True),
    "desk": Text(16, load_default=None),
    "seats": Whole(1, MOST_SEATS, required=True),
    "reason": Text(500, lines=True, required=True),
}
NewOverride = Shape.from_dict(_ADDED, name="NewSeatOverride")

_OVERRIDE: dict[str, Any] = {
    "id": fields.String(required=True),
    "unit_code": fields.String(required=True),
    "date": fields.Date(required=True),
    "from": fields.String(required=True),
    "to": fields.String(required=True),
    "desk": fields.String(required=True, allow_none=True),
    "seats": fields.Integer(required=True),
    "reason": fields.String(required=True),
    "made_by": fields.String(required=True),
    "made_at": fields.DateTime(required=True),
    "version": fields.Integer(required=True),
}
OverrideShape = Shape.from_dict(_OVERRIDE, name="SeatOverride")
