"""Shapes of the change feed and its digest."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Shape, Whole, one_of
from backend.sync.rules import merging, window

LONGEST_CURSOR = 400


def _cursor() -> fields.String:
    return fields.String(load_default=None, validate=validate.Length(1, LONGEST_CURSOR))


class ChangesQuery(Shape):
    """Where the phone stands (nowhere: a cold start), and how many changes it takes at once."""

    cursor = _cursor()
    limit = Whole(1, window.MOST_CHANGES, in_query=True, load_default=window.USUAL_CHANGES)


class Budget(Shape):
    """How many rows the phone holds of how many it may, and for how many days ended ones are kept."""

    rows = fields.Integer(required=True)
    most = fields.Integer(required=True)
    days = fields.Integer(required=True, validate=one_of(window.SPANS))
    state = fields.String(required=True, validate=one_of((window.OK, window.NEAR, window.OVER)))


class Change(Shape):
    """What the phone does to one thing; ``data`` is there for ``put`` only, in the shape of the thing's own route."""

    seq = fields.Integer(required=True)
    type = fields.String(required=True, validate=one_of(window.TYPES))
    id = fields.String(required=True)
    op = fields.String(required=True, validate=one_of(merging.OPS))
    version = fields.Integer(required=True, allow_none=True)
    data = fields.Dict(keys=fields.String(), required=True, allow_none=True)


class Changes(Shape):
    """A page of the feed; ``budget`` is on the first of a cold start."""

    changes = fields.List(fields.Nested(Change()), required=True)
    cursor = fields.String(required=True)
    has_more = fields.Boolean(required=True)
    server_time = fields.DateTime(required=True)
    budget = fields.Nested(Budget())


_DIGEST = r"[0-9a-f]{64}"
Buckets = Shape.from_dict({kind: Code(_DIGEST) for kind in window.TYPES}, name="Buckets")


class DigestBody(Shape):
    """By type SHA-256 over the sorted ``id:version`` lines of what the phone holds, and its cursor."""

    buckets = fields.Nested(Buckets(), required=True)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_CURSOR))


class Digest(Shape):
    """The phone holds what it should."""

    budget = fields.Nested(Budget(), required=True)
