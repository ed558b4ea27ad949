"""Shapes of calendar feeds."""
from marshmallow import fields

from backend.core.shapes import Code, Instant, Shape, one_of
from backend.feeds import rules


class FeedBody(Shape):
    """What to subscribe to: one's own days, or the appointments and visits or the roster of a unit."""

    kind = fields.String(required=True, validate=one_of(rules.KINDS))
    unit_code = Code(r"[0-9]{12}")


class FeedShape(Shape):
    """A subscription; whoever knows ``url`` reads it, so it is shown to nobody else."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    url = fields.Url(required=True)
    made_at = Instant(required=True)
