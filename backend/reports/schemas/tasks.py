"""Wire shapes of the problems that reports raise."""
from marshmallow import fields, validate

from backend.clocks.schemas.calendar import UNIT_CODE
from backend.core.shapes import Code, Flag, ListQuery, Shape, Text, nullable, one_of
from backend.reports.rules import tasks

MOST = 20
WEEK = r"[0-9]{4}-W[0-9]{2}"


class TasksQuery(ListQuery):
    """Problems of these states (open unless named; ``all``), townships, departments, weeks; overdue ones or others."""

    state = fields.List(
        fields.String(validate=one_of((*tasks.STATES, "all"))), load_default=list, validate=validate.Length(max=3)
    )
    unit_code = fields.List(Code(UNIT_CODE), load_default=list, validate=validate.Length(max=MOST))
    asked_of = fields.List(Code(r"[A-Za-z0-9_-]{1,16}"), load_default=list, validate=validate.Length(max=MOST))
    week = fields.List(Code(WEEK), load_default=list, validate=validate.Length(max=MOST))
    overdue = Flag(in_query=True, load_default=None)


class AnswererShape(Shape):
    """Who answered, by name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class TaskShape(Shape):
    """A problem that a township raised, what is asked of which department by when, and what it answered."""

    id = fields.String(required=True)
    week = fields.String(required=True)
    unit_code = fields.String(required=True)
    unit_name = fields.String(required=True)
    n = fields.Integer(required=True)
    text = fields.String(required=True)
    asked_of = fields.String(required=True)
    asked_of_name = fields.String(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True, validate=one_of(tasks.STATES))
    overdue = fields.Boolean(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    answered_by = nullable(AnswererShape(), required=True)
    made_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class NewAnswer(Shape):
    """What the department says."""

    text = Text(2000, lines=True, required=True)
