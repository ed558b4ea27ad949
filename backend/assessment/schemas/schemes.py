"""Wire shapes of schemes: indicators with weights, what each fact counts, grades."""
from typing import Any

from marshmallow import fields, validate

from backend.assessment.rules import SUBJECTS, periods
from backend.assessment.rules.kinds import KINDS
from backend.core.shapes import Code, Real, Shape, Text, one_of


class EventShape(Shape):
    """What a fact of a kind counts, and for which kinds of subject."""

    kind = fields.String(required=True, validate=one_of(KINDS))
    points = Real(-100, 100, required=True)
    to = fields.List(fields.String(validate=one_of(SUBJECTS)), required=True, validate=validate.Length(1, 3))


class IndicatorShape(Shape):
    """An indicator: its weight (all together 100), how much it may rise above it, and its facts."""

    code = Code(r"[a-z0-9_]{1,24}", required=True)
    name = Text(40, required=True)
    weight = Real(0, 100, required=True)
    most = Real(0, 100, required=True)
    events = fields.List(fields.Nested(EventShape), required=True, validate=validate.Length(0, 40))


class GradeShape(Shape):
    """A grade and the score from which it is reached; the highest first."""

    name = Text(20, required=True)
    from_ = Real(0, 200, required=True, data_key="from", attribute="from")


class NewScheme(Shape):
    """A scheme for a half-year to come; it holds until another one does."""

    from_period = Code(periods.PATTERN, required=True)
    indicators = fields.List(fields.Nested(IndicatorShape), required=True, validate=validate.Length(1, 12))
    grades = fields.List(fields.Nested(GradeShape), required=True, validate=validate.Length(1, 8))
    watch_below = Real(0, 200, required=True)


def body_of(given: dict[str, Any]) -> dict[str, Any]:
    """What is kept of it: all but the half-year."""
    return {name: given[name] for name in ("indicators", "grades", "watch_below")}


class SchemeShape(Shape):
    """A scheme; number 0 is the product's own, in force where none was drawn up."""

    number = fields.Integer(required=True)
    from_period = fields.String(required=True, allow_none=True)
    indicators = fields.List(fields.Nested(IndicatorShape), required=True)
    grades = fields.List(fields.Nested(GradeShape), required=True)
    watch_below = fields.Float(required=True)
    made_at = fields.DateTime(required=True, allow_none=True)
