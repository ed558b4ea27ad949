"""Shapes of a subject's history."""
from marshmallow import fields

from backend.core.shapes import Shape


class Doer(Shape):
    """Who did it."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class Happening(Shape):
    """Something that happened: one entry of the ledger, in words."""

    seq = fields.Integer(required=True)
    action = fields.String(required=True)
    what = fields.String(required=True)
    actor = fields.Nested(Doer(), required=True)
    role = fields.String(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    happened_at = fields.DateTime(required=True)
    recorded_at = fields.DateTime(required=True)
    outcome = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)
    detail = fields.Dict(keys=fields.String(), required=True, allow_none=True)
