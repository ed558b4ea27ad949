"""Shapes of what persons decide: conflicts, and rejected work."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Flag, Instant, ListQuery, Shape, Text, nullable, one_of
from backend.errands.schemas.shown import MaskedResident, Person
from backend.errands.schemas.taken import UNIT_CODE
from backend.sync.rules import mutations as words
from backend.sync.schemas.pushes import StoredProblem


class ConflictField(Shape):
    """A field that both changed: what the phone saw, what stood, what it wants; masked."""

    name = fields.String(required=True)
    base = fields.Raw(required=True, allow_none=True)
    server = fields.Raw(required=True, allow_none=True)
    device = fields.Raw(required=True, allow_none=True)


class SyncConflictShape(Shape):
    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(words.CONFLICT_STATES))
    device_id = fields.String(required=True)
    by = fields.Nested(Person(), required=True)
    unit_code = fields.String(required=True)
    subject_type = fields.String(required=True, validate=one_of(("resident", "errand")))
    subject_id = fields.String(required=True)
    resident = nullable(MaskedResident(), required=True)
    fields_ = fields.List(fields.Nested(ConflictField()), required=True, data_key="fields", attribute="fields")
    opened_at = Instant(required=True)
    choice = fields.String(required=True, allow_none=True, validate=one_of((*words.CHOICES, None)))
    resolved_by = nullable(Person(), required=True)
    resolved_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Resolution(Shape):
    """``server``: what stands stays. ``device``: what the phone wanted is taken."""

    choice = fields.String(required=True, validate=one_of(words.CHOICES))


class ConflictQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*words.CONFLICT_STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, 20))


class InboxItem(Shape):
    """Rejected work: what the phone sent (null once erased), and why it was refused."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(words.INBOX_STATES))
    kind = fields.String(required=True, validate=one_of(words.KINDS))
    device_id = fields.String(required=True)
    by = fields.Nested(Person(), required=True)
    unit_code = fields.String(required=True)
    n = fields.Integer(required=True)
    type = fields.String(required=True)
    entity_id = fields.String(required=True, allow_none=True)
    sent = fields.Dict(required=True, allow_none=True)
    problem = fields.Nested(StoredProblem(), required=True)
    occurred_at = Instant(required=True, allow_none=True)
    received_at = Instant(required=True)
    skewed = Flag(required=True)
    note = fields.String(required=True, allow_none=True)
    settled_by = nullable(Person(), required=True)
    settled_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class InboxSettlement(Shape):
    """What became of it."""

    note = Text(500, lines=True, required=True)


class InboxQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*words.INBOX_STATES, "all"))), load_default=[])
    kind = fields.List(fields.String(validate=one_of(words.KINDS)), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, 20))
