"""Templates on the wire."""
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.core.shapes import Code, Flag, Instant, ListQuery, Shape, Text, Whole, one_of
from backend.projects.rules import states

MOST_PROCEDURES, MOST_DAYS, MOST_NAMED = 200, 3650, 60
DEPARTMENT = r"[A-Za-z0-9_-]{1,16}"


def distinct(values: list[str]) -> None:
    """A validator: nothing is named twice."""
    if len(values) != len(set(values)):
        raise ValidationError("Must not name the same twice.")


def codes(pattern: str = r"[A-Za-z0-9_-]{1,32}", **more: Any) -> fields.List:
    """A list of codes, none twice."""
    return fields.List(Code(pattern), validate=[validate.Length(max=MOST_NAMED), distinct], **more)


class StageShape(Shape):
    code = Text(32, required=True)
    name = Text(40, required=True)


class ProcedureIn(Shape):
    """One procedure of a graph. Consent by silence (``timeout_consent``) or absence is never meant unless said."""

    code = Code(required=True)
    name = Text(100, required=True)
    stage = Text(32, required=True)
    lead_department = Code(DEPARTMENT, required=True)
    joining_departments = codes(DEPARTMENT)
    limit_working_days = Whole(1, MOST_DAYS, required=True)
    legal_days = Whole(1, MOST_DAYS, allow_none=True, metadata={"description": "null: no legal limit"})
    predecessors = codes()
    timeout_consent = Flag()
    absence_consent = Flag()
    joint_review = Flag()
    note = Text(500, allow_none=True)


class TemplateIn(Shape):
    """A graph of procedures; of a code that is there already, its next edition."""

    code = Code(required=True)
    name = Text(100, required=True)
    stages = fields.List(fields.Nested(StageShape), validate=validate.Length(1, 20))
    procedures = fields.List(fields.Nested(ProcedureIn), required=True, validate=validate.Length(1, MOST_PROCEDURES))
    extension_procedures = fields.List(fields.Nested(ProcedureIn), validate=validate.Length(max=MOST_PROCEDURES))


class ProcedureShape(Shape):
    code = fields.String(required=True)
    name = fields.String(required=True)
    stage = fields.String(required=True)
    lead_department = fields.String(required=True)
    joining_departments = fields.List(fields.String(), required=True)
    limit_working_days = fields.Integer(required=True)
    legal_days = fields.Integer(required=True, allow_none=True)
    predecessors = fields.List(fields.String(), required=True)
    timeout_consent = fields.Boolean(required=True)
    absence_consent = fields.Boolean(required=True)
    joint_review = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)


class CutPlan(Shape):
    """What each limit cut by 30 % (7 × n ÷ 10, whole days) would make of the graph."""

    critical_path_working_days = fields.Integer(required=True)
    limit_sum_working_days = fields.Integer(required=True)
    critical_path = fields.List(fields.String(), required=True)


class ListedTemplate(Shape):
    """An edition of a template without its procedures."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    edition = fields.Integer(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.TEMPLATE_STATES))
    sample = fields.Boolean(required=True)
    critical_path = fields.List(fields.String(), required=True)
    critical_path_working_days = fields.Integer(required=True)
    published_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ShownTemplate(ListedTemplate):
    """An edition with its procedures and figures."""

    limit_sum_working_days = fields.Integer(required=True)
    legal_sum_working_days = fields.Integer(required=True)
    limit_sum_of_legal_working_days = fields.Integer(
        required=True, metadata={"description": "the limits of the procedures that have a legal one"}
    )
    lead_departments = fields.Integer(required=True)
    cut_by_30_percent = fields.Nested(CutPlan, required=True)
    stages = fields.List(fields.Nested(StageShape), required=True)
    procedures = fields.List(fields.Nested(ProcedureShape), required=True)
    extension_procedures = fields.List(fields.Nested(ProcedureShape), required=True)


class TemplateQuery(ListQuery):
    """Drafts and published editions unless asked otherwise; repeated means or."""

    state = fields.List(fields.String(validate=one_of((*states.TEMPLATE_STATES, "all"))), load_default=[])
    code = fields.List(Code(), load_default=[], validate=validate.Length(max=20))


class TemplateFile(TemplateIn):
    """A template's file in the wire's shape."""
