"""Wire shapes of forwardings and hand-overs."""
from marshmallow import fields

from backend.core.shapes import Code, ListQuery, Shape, Text, Whole, nullable, one_of
from backend.errands.rules import hands
from backend.errands.schemas.shown import Person
from backend.errands.schemas.taken import IDENTIFIER

MOST_DAYS = 3650
DEPARTMENT = r"[A-Za-z0-9_-]{1,16}"


class NewForwarding(Shape):
    """To which department, which step of the process it is, and within how many working days."""

    department_code = Code(DEPARTMENT, required=True)
    step = Text(100)
    note = Text(2000, lines=True)
    working_days = Whole(0, MOST_DAYS)


class StepAnswer(Shape):
    """Refusing and returning need reasons."""

    decision = fields.String(required=True, validate=one_of(hands.DECISIONS))
    reasons = Text(2000, lines=True, allow_none=True)


class Recall(Shape):
    reason = Text(500, lines=True, required=True)


class NewHandover(Shape):
    to_account_id = Code(IDENTIFIER, required=True)
    reason = Text(500, lines=True)


class HandoverRefusal(Shape):
    reason = Text(500, lines=True, required=True)


class HandoverQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*hands.HANDOVER_STATES, "all"))), load_default=[])


class ForwardingQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*hands.FORWARDING_STATES, "all"))), load_default=[])
    department_code = fields.List(Code(DEPARTMENT), load_default=[])


class ForwardedItem(Shape):
    code = fields.String(required=True)
    name = fields.String(required=True)


class ShownForwarding(Shape):
    """A step at a department; ``version`` is the errand's, which its steps change and ``If-Match`` names."""

    id = fields.String(required=True)
    n = fields.Integer(required=True)
    errand_id = fields.String(required=True)
    errand_number = fields.String(required=True)
    unit_code = fields.String(required=True)
    item = fields.Nested(ForwardedItem(), required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    step = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    limit_working_days = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, validate=one_of(hands.FORWARDING_STATES))
    made_at = fields.DateTime(required=True)
    by = fields.Nested(Person(), required=True)
    due_at = fields.DateTime(required=True, allow_none=True)
    late = fields.Boolean(required=True)
    decision = fields.String(required=True, allow_none=True)
    reasons = fields.String(required=True, allow_none=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    answered_by = nullable(Person(), required=True)
    version = fields.Integer(required=True)


class ShownHandover(Shape):
    """An errand offered to another agent; ``version`` is the errand's, as of a forwarding."""

    id = fields.String(required=True)
    n = fields.Integer(required=True)
    errand_id = fields.String(required=True)
    errand_number = fields.String(required=True)
    giver = fields.Nested(Person(), required=True)
    receiver = fields.Nested(Person(), required=True)
    reason = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=one_of(hands.HANDOVER_STATES))
    made_at = fields.DateTime(required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
