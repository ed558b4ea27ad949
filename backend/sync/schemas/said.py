"""The shape of what one mutation says, looked at when it is its turn."""
from marshmallow import fields, validate

from backend.core.shapes import INT32, ClockOfPhone, Code, Shape, Text, Whole
from backend.errands.schemas.taken import IDENTIFIER
from backend.files.rules import announced

MOST_FILES = 20


class FileToCome(Shape):
    """A photo that will be sent when there is a signal."""

    id = Code(announced.IDENTIFIER, required=True)
    media_type = Text(64)
    size = Whole(0)


class Said(Shape):
    """What a mutation is about, what the phone had seen of it, and what it wants."""

    entity_id = Code(IDENTIFIER, required=True)
    base_version = Whole(1, INT32)
    base = fields.Dict(load_default=dict)
    set = fields.Dict(load_default=dict)
    occurred_at = ClockOfPhone()
    files = fields.List(fields.Nested(FileToCome()), load_default=list, validate=validate.Length(0, MOST_FILES))
