"""The one-time notice, findings, the zero-refusal register, work outside office hours: taken and shown."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, ListQuery, Shape, Text, nullable, one_of
from backend.errands import rules
from backend.errands.rules import notices, refusals
from backend.errands.schemas.shown import Person, ShownErrand
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE, Referral


class MissingPaper(Shape):
    """What the resident has to bring, and what is wrong with it."""

    name = Text(100, required=True)
    note = Text(200)


class NewNotice(Shape):
    """Everything that is missing; a second notice needs its legal basis."""

    missing = fields.List(fields.Nested(MissingPaper()), required=True, validate=validate.Length(1, 50))
    legal_basis = Text(500)


class ToldPaper(Shape):
    name = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)


class Notice(Shape):
    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    n = fields.Integer(required=True)
    number = fields.String(required=True)
    missing = fields.List(fields.Nested(ToldPaper()), required=True)
    legal_basis = fields.String(required=True, allow_none=True)
    made_at = fields.DateTime(required=True)
    by = fields.Nested(Person(), required=True)
    version = fields.Integer(required=True)


class ToldErrand(ShownErrand):
    """The errand as it is now, with the notice that was issued."""

    notice = fields.Nested(Notice(), required=True)


class Finding(Shape):
    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    errand_number = fields.String(required=True)
    unit_code = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(notices.FINDING_NAMES))
    basis = fields.String(required=True, allow_none=True)
    made_at = fields.DateTime(required=True)
    officer = fields.Nested(Person(), required=True)
    version = fields.Integer(required=True)


class FindingQuery(ListQuery):
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
    account_id = fields.List(Code(IDENTIFIER), load_default=[])


class RefusedItem(Shape):
    code = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)


class Refusal(Shape):
    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    errand_number = fields.String(required=True)
    errand_state = fields.String(required=True, validate=one_of(rules.STATES))
    item = fields.Nested(RefusedItem(), required=True)
    unit_code = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(refusals.KINDS))
    reason = fields.String(required=True, allow_none=True)
    referral = nullable(Referral(), required=True)
    made_at = fields.DateTime(required=True)
    by = fields.Nested(Person(), required=True)


def _days() -> dict[str, Day]:
    return {"from": Day(load_default=None), "to": Day(load_default=None)}


class UnitQuery(ListQuery):
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


SpanQuery = UnitQuery.from_dict(_days(), name="SpanQuery")  # type: ignore[arg-type]


class OffHours(Shape):
    account = fields.Nested(Person(), required=True)
    unit_code = fields.String(required=True)
    acts = fields.Integer(required=True)
    days = fields.Integer(required=True)
