"""Wire shapes of appeals against lines."""
from marshmallow import fields, validate

from backend.assessment.rules import appeals
from backend.assessment.schemas.scores import SubjectShape
from backend.core.shapes import Flag, ListQuery, Shape, Text, nullable, one_of


class AppealsQuery(ListQuery):
    """Appeals in these states, open ones unless asked."""

    state = fields.List(fields.String(validate=one_of((*appeals.STATES, "all"))), load_default=list,
                        validate=validate.Length(max=4))


class NewScoreAppeal(Shape):
    """Why the line is wrong."""

    reason = Text(1000, lines=True, required=True)


class ScoreRuling(Shape):
    """Whether the appeal is upheld, and why."""

    upheld = Flag(required=True)
    reason = Text(1000, lines=True, required=True)


class AppellantShape(Shape):
    """An account by name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class ScoreAppealShape(Shape):
    """An appeal against a line, and what was decided."""

    id = fields.String(required=True)
    line_id = fields.String(required=True)
    score_id = fields.String(required=True)
    period = fields.String(required=True)
    subject = fields.Nested(SubjectShape, required=True)
    reason = fields.String(required=True)
    by = fields.Nested(AppellantShape, required=True)
    made_at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=one_of(appeals.STATES))
    answer = fields.String(required=True, allow_none=True)
    answered_by = nullable(AppellantShape(), required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
