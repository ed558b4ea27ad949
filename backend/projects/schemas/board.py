"""The board and interviews on the wire."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Instant, ListQuery, Shape, Text, Whole, one_of
from backend.projects.rules import board, interviews, states
from backend.projects.schemas.projects import IDENTIFIER, AgentShape

WHO = validate.Length(max=20)


class BoardQuery(ListQuery):
    """Open projects unless asked otherwise; ``year`` of deemed consents and interviews, the present one by default."""

    state = fields.List(fields.String(validate=one_of((*states.PROJECT_STATES, "all"))), load_default=[])
    leader = fields.List(Text(60), load_default=[], validate=WHO)
    agent_id = fields.List(Code(IDENTIFIER), load_default=[], validate=WHO)
    year = Whole(1901, 2198, in_query=True, load_default=None)


class SheetQuery(Shape):
    """As the board's, without pages."""

    state = fields.List(fields.String(validate=one_of((*states.PROJECT_STATES, "all"))), load_default=[])
    leader = fields.List(Text(60), load_default=[], validate=WHO)
    agent_id = fields.List(Code(IDENTIFIER), load_default=[], validate=WHO)
    year = Whole(1901, 2198, in_query=True, load_default=None)


class ProjectLineShape(Shape):
    """A project on the board: days used against the promise and the statutory sum."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    investor = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    agent = fields.Nested(AgentShape, required=True)
    leader = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.PROJECT_STATES))
    light = fields.String(required=True, validate=one_of(board.LIGHTS))
    started_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    used_working_days = fields.Integer(required=True)
    promised_working_days = fields.Integer(required=True)
    statutory_working_days = fields.Integer(
        required=True, metadata={"description": "sum of the legal limits, of the promised ones where there is none"}
    )
    promised_on = Day(required=True)
    forecast_on = Day(required=True)
    forecast_late = fields.Boolean(required=True)
    procedures_total = fields.Integer(required=True)
    procedures_finished = fields.Integer(required=True)
    overdue_procedures = fields.Integer(required=True)
    overdue_assignments = fields.Integer(required=True)
    deemed_consents = fields.Integer(required=True)


class TotalsShape(Shape):
    """Lights and ``beyond_promise`` count open projects."""

    projects = fields.Integer(required=True)
    open = fields.Integer(required=True)
    finished = fields.Integer(required=True)
    abandoned = fields.Integer(required=True)
    green = fields.Integer(required=True)
    yellow = fields.Integer(required=True)
    red = fields.Integer(required=True)
    beyond_promise = fields.Integer(required=True)


class LeaderShape(Shape):
    """A leader in charge, and his open projects."""

    leader = fields.String(required=True)
    projects = fields.Integer(required=True)
    red = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


class LateDepartment(Shape):
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    overdue = fields.Integer(required=True)
    oldest_due_at = Instant(required=True, allow_none=True)
    answered_late = fields.Integer(required=True)


class DeemedCount(Shape):
    """Consents deemed in a quarter by their effective moment, those revoked since among them."""

    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    quarter = fields.String(required=True)
    by_timeout = fields.Integer(required=True)
    by_absence = fields.Integer(required=True)
    revoked = fields.Integer(required=True)
    opinions_late = fields.Integer(required=True)


class FaultCount(Shape):
    fault = fields.String(required=True, validate=one_of(interviews.FAULTS))
    body = fields.String(required=True)
    count = fields.Integer(required=True)
    last_on = Day(required=True)


class BoardShape(Shape):
    """Everything at one glance, and a page of the projects, those in trouble first."""

    as_of = Instant(required=True)
    year = fields.Integer(required=True)
    totals = fields.Nested(TotalsShape, required=True)
    leaders = fields.List(fields.Nested(LeaderShape), required=True)
    late_departments = fields.List(fields.Nested(LateDepartment), required=True)
    deemed = fields.List(fields.Nested(DeemedCount), required=True)
    interviews = fields.List(fields.Nested(FaultCount), required=True)
    projects = fields.List(fields.Nested(ProjectLineShape), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PartyIn(Shape):
    """Who spoke for one of the three parties."""

    party = fields.String(required=True, validate=one_of(interviews.FAULTS))
    name = Text(100, required=True)


class InterviewIn(Shape):
    """Owner, builder and helping unit asked together; whose fault it is, and the body that pursues it."""

    held_on = Day(required=True)
    procedure_code = Code(allow_none=True)
    present = fields.List(fields.Nested(PartyIn), required=True, validate=validate.Length(1, 30))
    account = Text(4000, lines=True, required=True)
    fault = fields.String(required=True, validate=one_of(interviews.FAULTS))
    body = Text(100, required=True)


class InterviewShape(Shape):
    id = fields.String(required=True)
    project_id = fields.String(required=True)
    n = fields.Integer(required=True)
    procedure_code = fields.String(required=True, allow_none=True)
    held_on = Day(required=True)
    present = fields.List(fields.Nested(PartyIn), required=True)
    account = fields.String(required=True)
    fault = fields.String(required=True, validate=one_of(interviews.FAULTS))
    body = fields.String(required=True)
    recorded_by = fields.Nested(AgentShape, required=True)
    made_at = Instant(required=True)
    version = fields.Integer(required=True)
