"""Shapes of problems that staff report to their township."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, nullable, one_of
from backend.errands.schemas.shown import Person
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE
from backend.reports.rules import raised, tasks


class NewProblem(Shape):
    """What does not work, with which errand, and who could help."""

    text = Text(2000, lines=True, required=True)
    errand_id = Code(IDENTIFIER)
    file_ids = fields.List(Code(IDENTIFIER), validate=validate.Length(0, raised.MOST_FILES))
    asked_of = Text(200)


class ProblemAnswer(Shape):
    text = Text(2000, lines=True, required=True)


class FieldProblemShape(Shape):
    """A problem with its answer; ``due_on`` is until when the township owes one."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(tasks.STATES))
    unit_code = fields.String(required=True)
    by = fields.Nested(Person(), required=True)
    errand_id = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    asked_of = fields.String(required=True, allow_none=True)
    file_ids = fields.List(fields.String(), required=True)
    raised_at = Instant(required=True)
    due_on = Day(required=True)
    overdue = Flag(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_by = nullable(Person(), required=True)
    answered_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class FieldProblemQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*tasks.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
