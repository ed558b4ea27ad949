"""Wire shapes of notices, receipts and call tasks."""
from marshmallow import ValidationError, fields, validates_schema

from backend.core.shapes import Code, Flag, ListQuery, Shape, Text, one_of
from backend.notifications import rules

UNIT_CODE = r"[0-9]{12}"
IDENTIFIER = r"[0-9A-Za-z-]{1,36}"
CALL_STATES = ("open", "done")


class NoticeQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class InboxQuery(ListQuery):
    unread = Flag(in_query=True, load_default=False)


class OwnNotice(Shape):
    """A notice to oneself, in words."""

    id = fields.String(required=True)
    template = fields.String(required=True)
    text = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    subject_number = fields.String(required=True, allow_none=True)
    unit_code = fields.String(required=True)
    made_at = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)


class ShownNotice(Shape):
    """A notice in the outbox: how it fares, not what it says to whom."""

    id = fields.String(required=True)
    template = fields.String(required=True)
    wording = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    audience = fields.String(required=True, validate=one_of(rules.AUDIENCES))
    recipient_id = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    subject_number = fields.String(required=True, allow_none=True)
    unit_code = fields.String(required=True)
    at_most_once = fields.Boolean(required=True)
    channel = fields.String(required=True, allow_none=True)
    provider_id = fields.String(required=True, allow_none=True)
    failures = fields.Integer(required=True)
    trouble = fields.String(required=True, allow_none=True)
    made_at = fields.DateTime(required=True)
    not_before_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    next_at = fields.DateTime(required=True, allow_none=True)
    sent_at = fields.DateTime(required=True, allow_none=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class Receipt(Shape):
    """What a gateway reports of one message, named by our id or by its own."""

    notice_id = Code(IDENTIFIER)
    provider_id = Code(r"[!-~]{1,80}")
    status = fields.String(required=True, validate=one_of(("delivered", "failed")))
    code = Code(r"[0-9A-Za-z._:-]{1,60}")

    @validates_schema
    def one_name(self, data: dict[str, str], **kwargs: object) -> None:
        """Exactly one of the two names must be given."""
        if ("notice_id" in data) == ("provider_id" in data):
            raise ValidationError("Missing data for required field.", "notice_id")


class Receipted(Shape):
    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))


class CallQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*CALL_STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class CallOutcome(Shape):
    reached = Flag(required=True)
    note = Text(2000, lines=True, allow_none=True)


class Call(Shape):
    """Somebody to be rung; ``errand_…`` where it is about an errand."""

    id = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    subject_number = fields.String(required=True, allow_none=True)
    errand_id = fields.String(required=True, allow_none=True)
    errand_number = fields.String(required=True, allow_none=True)
    resident_id = fields.String(required=True, allow_none=True)
    unit_code = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    reached = fields.Boolean(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    made_at = fields.DateTime(required=True)
    called_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
