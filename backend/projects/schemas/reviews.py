"""Joint reviews on the wire: summonses, minutes, assignments."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, nullable, one_of
from backend.projects.rules import assignments, reviews
from backend.projects.schemas.projects import IDENTIFIER, UNIT_CODE, LateAnswerShape
from backend.projects.schemas.templates import DEPARTMENT, codes

MOST = 60


class ReviewIn(Shape):
    """A joint review of procedures of a project; without ``departments`` all that lead or join them are summoned."""

    project_id = Code(IDENTIFIER, required=True)
    procedure_codes = codes(required=True)
    departments = codes(DEPARTMENT)
    at = Instant(required=True)
    place = Text(200, allow_none=True)
    agenda = Text(4000, lines=True, allow_none=True)
    leader = Text(60, allow_none=True, metadata={"description": "who presides; the project's leader unless named"})
    weekly = Flag(metadata={"description": "called at the standing weekly meeting"})


class Postponement(Shape):
    at = Instant(required=True)
    reason = Text(500, lines=True, required=True)


class Signature(Shape):
    signed_by = Text(60, required=True)
    signed_at = Instant(required=True)


class Excuse(Shape):
    reasons = Text(2000, lines=True, required=True)


class Attendance(Shape):
    """Whether the department came, and its word; who was excused or called anew gives it in writing, not attending."""

    attended = Flag(required=True)
    decision = fields.String(validate=one_of((*reviews.DECISIONS, None)), allow_none=True)
    reasons = fields.String(allow_none=True, validate=validate.Length(max=2000))


class AssignmentIn(Shape):
    """One lead, who takes part, a date."""

    what = Text(2000, lines=True, required=True)
    lead_department = Code(DEPARTMENT, required=True)
    participants = codes(DEPARTMENT, load_default=list)
    due_on = Day(required=True)


class MinutesIn(Shape):
    text = Text(20000, lines=True, required=True)
    assignments = fields.List(fields.Nested(AssignmentIn), load_default=list, validate=validate.Length(max=MOST))


class SummonsShape(Shape):
    """What a department was called with, and what became of it; deemed is never approved."""

    id = fields.String(required=True)
    review_id = fields.String(required=True)
    department = fields.String(required=True)
    department_name = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(reviews.SUMMONS_STATES))
    times_served = fields.Integer(required=True)
    served_at = Instant(required=True)
    signed_by = fields.String(required=True, allow_none=True)
    signed_at = Instant(required=True, allow_none=True)
    excuse = fields.String(required=True, allow_none=True)
    excused_at = Instant(required=True, allow_none=True)
    attended = fields.Boolean(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)
    reasons = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True, validate=one_of((*reviews.OUTCOMES, None)))
    counts_as = fields.String(
        required=True, allow_none=True, validate=one_of((reviews.CONSENT, reviews.OBJECTION, None))
    )
    answer_due_at = Instant(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
    late_answers = fields.List(
        fields.Nested(LateAnswerShape), required=True,
        metadata={"description": "what was said after the absence was deemed: kept, without effect"},
    )
    version = fields.Integer(required=True)


class AssignmentShape(Shape):
    id = fields.String(required=True)
    review_id = fields.String(required=True)
    project_id = fields.String(required=True)
    n = fields.Integer(required=True)
    what = fields.String(required=True)
    lead_department = fields.String(required=True)
    participants = fields.List(fields.String(), required=True)
    due_on = Day(required=True)
    state = fields.String(required=True, validate=one_of(assignments.STATES))
    overdue = fields.Boolean(required=True)
    report = fields.String(required=True, allow_none=True)
    done_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class MinutesShape(Shape):
    number = fields.String(required=True)
    text = fields.String(required=True)
    issued_at = Instant(required=True)
    late = fields.Boolean(required=True, metadata={"description": "issued after minutes_due_on"})
    assignments = fields.List(fields.Nested(AssignmentShape), required=True)


class ListedReview(Shape):
    """A joint review without its minutes."""

    id = fields.String(required=True)
    project_id = fields.String(required=True)
    project_number = fields.String(required=True)
    project_name = fields.String(required=True)
    n = fields.Integer(required=True)
    state = fields.String(required=True, validate=one_of(reviews.REVIEW_STATES))
    at = Instant(required=True)
    place = fields.String(required=True, allow_none=True)
    agenda = fields.String(required=True, allow_none=True)
    leader = fields.String(required=True)
    weekly = fields.Boolean(required=True)
    procedure_codes = fields.List(fields.String(), required=True)
    summonses = fields.List(fields.Nested(SummonsShape), required=True)
    outstanding = fields.List(fields.String(), required=True, metadata={"description": "departments without an answer"})
    concluded_at = Instant(required=True, allow_none=True)
    minutes_due_on = Day(required=True)
    minutes_issued_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ShownReview(ListedReview):
    minutes = nullable(MinutesShape, required=True)


class ReviewQuery(ListQuery):
    """Those not concluded unless asked otherwise, the earliest first; repeated means or. ``unit_code``: the place."""

    state = fields.List(fields.String(validate=one_of((*reviews.REVIEW_STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(max=20))
    project_id = fields.List(Code(IDENTIFIER), load_default=[], validate=validate.Length(max=20))
    department_code = fields.List(Code(DEPARTMENT), load_default=[], validate=validate.Length(max=20))


class SummonsQuery(ListQuery):
    """Repeated means or."""

    state = fields.List(fields.String(validate=one_of((*reviews.SUMMONS_STATES, "all"))), load_default=[])


class AssignmentQuery(ListQuery):
    """Open ones unless asked otherwise, due first; repeated means or."""

    state = fields.List(fields.String(validate=one_of((*assignments.STATES, "all"))), load_default=[])
    project_id = fields.List(Code(IDENTIFIER), load_default=[], validate=validate.Length(max=20))
    lead_department = fields.List(Code(DEPARTMENT), load_default=[], validate=validate.Length(max=20))
    review_id = fields.List(Code(IDENTIFIER), load_default=[], validate=validate.Length(max=20))


class AssignmentReport(Shape):
    report = Text(2000, lines=True, required=True)


class AssignmentReturn(Shape):
    reason = Text(500, lines=True, required=True)
