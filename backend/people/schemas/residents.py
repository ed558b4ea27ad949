"""Shapes of residents: numbers masked, but for the recorded full view."""
from marshmallow import ValidationError, fields, validates_schema

from backend.core.shapes import Flag, Instant, ListQuery, Shape, Text


class ResidentEntry(Shape):
    """A resident in a list; numbers masked."""

    id = fields.String(required=True)
    township_code = fields.String(required=True)
    name = fields.String(required=True)
    id_number = fields.String(required=True, allow_none=True, metadata={"example": "3****************4"})
    phone = fields.String(required=True, allow_none=True, metadata={"example": "138****5678"})


class ResidentShape(ResidentEntry):
    """A resident; numbers and address masked."""

    address = fields.String(required=True, allow_none=True)
    takes_sms = Flag(required=True)
    made_at = Instant(required=True)


class ResidentQuery(ListQuery):
    """``q`` is how the name, its pinyin or its initials begin; never a number."""

    q = Text(60, load_default=None)


class Lookup(Shape):
    """Exactly one number to look for."""

    id_number = Text(40)
    phone = Text(40)

    @validates_schema
    def one_number(self, data: dict[str, str], **_: object) -> None:
        """Both, or neither, is refused."""
        if len(data) != 1:
            raise ValidationError("Give exactly one number.", "id_number")


class Found(Shape):
    """Residents with exactly that number, within reach."""

    items = fields.List(fields.Nested(ResidentEntry), required=True)


class ResidentChanges(Shape):
    """What to change of a resident; what is left out stays. ``takes_sms`` false: she is rung instead."""

    name = Text(60)
    phone = Text(40, allow_none=True)
    address = Text(200, allow_none=True)
    id_number = Text(40)
    takes_sms = Flag()


class FullViewRequest(Shape):
    """Why the numbers are needed in full."""

    reason = Text(200, shortest=2, required=True)


class FullViewShape(Shape):
    """The numbers in full; ``full`` is false in a late replay, which shows them masked."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    id_number = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    full = Flag(required=True)
