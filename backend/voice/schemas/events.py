"""A piece of a history."""
from marshmallow import fields

from backend.core.shapes import Shape
from backend.errands.schemas.shown import Person


class VoiceEvent(Shape):
    """Something that happened to a rectification or a complaint."""

    seq = fields.Integer(required=True)
    action = fields.String(required=True)
    what = fields.String(required=True)
    actor = fields.Nested(Person(), required=True)
    role = fields.String(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    happened_at = fields.DateTime(required=True)
    recorded_at = fields.DateTime(required=True)
    outcome = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)
    detail = fields.Dict(keys=fields.String(), required=True, allow_none=True)
