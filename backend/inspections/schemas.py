"""Wire shapes of mystery visits, their plans and the duty of each month."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Instant, ListQuery, Shape, Text, Whole, nullable, one_of
from backend.errands.schemas.shown import Person
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE
from backend.inspections import rules

MOST_ASKED = 5


def _text() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _moment() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


class FindingIn(Shape):
    """What was found; ``points`` as they count in a score (−5: five off), ``photos`` ids of files one handed in."""

    text = Text(1000, lines=True, required=True)
    points = Whole(-rules.MOST_POINTS, rules.MOST_POINTS, required=True)
    kind = fields.String(validate=one_of(rules.KINDS))
    account_id = Code(IDENTIFIER)
    photos = fields.List(Code(IDENTIFIER), validate=validate.Length(0, rules.MOST_PHOTOS))


class AmendInspection(Shape):
    """The whole visit anew, while it is hidden."""

    visited_at = Instant(required=True)
    findings = fields.List(fields.Nested(FindingIn()), required=True, validate=validate.Length(0, rules.MOST_FINDINGS))
    summary = Text(2000, lines=True)
    inspector_ids = fields.List(Code(IDENTIFIER), validate=validate.Length(1, rules.MOST_INSPECTORS))


class RecordInspection(AmendInspection):
    """A visit to a unit; ``inspector_ids`` are the caller unless named, ``plan_id`` what it was planned by."""

    unit_code = Code(UNIT_CODE, required=True)
    plan_id = Code(IDENTIFIER)


class InspectionReason(Shape):
    reason = Text(500, lines=True, required=True)


class InspectionPhoto(Shape):
    """Read at ``/inspections/{id}/photos/{sha256}``."""

    file_id = fields.String(required=True)
    sha256 = fields.String(required=True)
    media_type = fields.String(required=True)


class ShownFinding(Shape):
    n = fields.Integer(required=True)
    kind = fields.String(required=True, validate=one_of(rules.KINDS))
    text = fields.String(required=True)
    points = fields.Integer(required=True)
    account = nullable(Person(), required=True)
    photos = fields.List(fields.Nested(InspectionPhoto()), required=True)


class ShownInspection(Shape):
    """A mystery visit; ``number`` from its publication on. Null for others than the supervising office: who went,
    when it was recorded, its plan, why it was withdrawn."""

    id = fields.String(required=True)
    number = _text()
    state = fields.String(required=True, validate=one_of(rules.STATES))
    unit_code = fields.String(required=True)
    unit_name = fields.String(required=True)
    visited_at = fields.DateTime(required=True)
    summary = _text()
    points = fields.Integer(required=True)
    findings = fields.List(fields.Nested(ShownFinding()), required=True)
    inspectors = fields.List(fields.Nested(Person()), required=True, allow_none=True)
    plan_id = _text()
    recorded_at = _moment()
    published_at = _moment()
    ended_for = _text()
    version = fields.Integer(required=True)


class InspectionEvent(Shape):
    """Something that happened to a visit's record."""

    seq = fields.Integer(required=True)
    action = fields.String(required=True)
    actor = fields.Nested(Person(), required=True)
    happened_at = fields.DateTime(required=True)
    recorded_at = fields.DateTime(required=True)
    changed = fields.List(fields.String(), required=True)
    detail = fields.Dict(keys=fields.String(), required=True, allow_none=True)


class InspectionQuery(ListQuery):
    """Repeated means or; without ``state`` all but withdrawn ones."""

    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, MOST_ASKED))


class ExportQuery(Shape):
    """The visits' days, both inclusive; without them this year's."""

    _from = Day(load_default=None, data_key="from", attribute="from")
    to = Day(load_default=None)


class PlanInspection(Shape):
    """Where, until when, who goes (the caller unless named), what to look at."""

    unit_code = Code(UNIT_CODE, required=True)
    planned_on = Day(required=True)
    inspector_id = Code(IDENTIFIER)
    purpose = Text(1000, lines=True)


class ShownPlan(Shape):
    """A plan; ``inspection_id`` is the visit that it led to."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.PLAN_STATES))
    unit_code = fields.String(required=True)
    unit_name = fields.String(required=True)
    planned_on = fields.Date(required=True)
    inspector = fields.Nested(Person(), required=True)
    purpose = _text()
    inspection_id = _text()
    made_at = fields.DateTime(required=True)
    ended_for = _text()
    version = fields.Integer(required=True)


class PlanQuery(ListQuery):
    """Repeated means or; without ``state`` those that are still to be made."""

    state = fields.List(fields.String(validate=one_of((*rules.PLAN_STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(0, MOST_ASKED))


class InspectionMonth(Shape):
    """A month that is over; ``short``: the supervising office is flagged itself."""

    month = fields.String(required=True)
    least = fields.Integer(required=True)
    made = fields.Integer(required=True)
    short = fields.Boolean(required=True)
    effective_at = fields.DateTime(required=True)
    detected_at = fields.DateTime(required=True)
    reminded_at = _moment()


class PresentMonth(Shape):
    """How the present month stands."""

    month = fields.String(required=True)
    least = fields.Integer(required=True)
    made = fields.Integer(required=True)
    lacking = fields.Integer(required=True)
