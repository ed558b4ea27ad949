"""Projects on the wire."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, Whole, nullable, one_of
from backend.projects.rules import progress, states
from backend.projects.schemas.templates import DEPARTMENT, ProcedureIn, StageShape, codes

IDENTIFIER = r"[A-Za-z0-9-]{1,36}"
UNIT_CODE = r"[0-9]{12}"
MOST_FEN = 10**15


class ProjectIn(Shape):
    """A project from the published template of a code. ``township_code`` is its place, which acts as D12 there."""

    template_code = Code(required=True)
    name = Text(200, required=True)
    investor = Text(200, required=True)
    amount_fen = Whole(0, MOST_FEN, required=True)
    agent_id = Code(IDENTIFIER, required=True)
    leader = Text(60, required=True)
    township_code = Code(UNIT_CODE, allow_none=True)
    with_extension = Flag(metadata={"description": "the acceptance steps after the start of works as well"})


class ProjectEdit(Shape):
    """What changes; what is left out stays."""

    name = Text(200)
    investor = Text(200)
    amount_fen = Whole(0, MOST_FEN)
    agent_id = Code(IDENTIFIER)
    leader = Text(60)
    township_code = Code(UNIT_CODE, allow_none=True)


class Abandonment(Shape):
    reason = Text(500, lines=True, required=True)


class AddedProcedure(ProcedureIn):
    """A procedure added mid-run; ``successors`` must wait for it."""

    successors = codes()


class JoiningIn(Shape):
    department_code = Code(DEPARTMENT, required=True)
    reason = Text(500, lines=True, allow_none=True)


class DeemedShape(Shape):
    """A consent by silence or absence: deemed, never approved."""

    effective_at = Instant(required=True)
    detected_at = Instant(required=True)
    notice_number = fields.String(required=True)
    notice_on = Day(required=True)
    opinion_due_at = Instant(required=True)
    opinion = fields.String(required=True, allow_none=True)
    opinion_at = Instant(required=True, allow_none=True)


class LateAnswerShape(Shape):
    decision = fields.String(required=True)
    reasons = fields.String(required=True, allow_none=True)
    received_at = Instant(required=True)


class JoiningAnswerShape(Shape):
    """What a joining department says of the papers that lie there now; the lead decides."""

    department_code = fields.String(required=True)
    decision = fields.String(required=True)
    reasons = fields.String(required=True, allow_none=True)
    answered_at = Instant(required=True)


class ShownProcedure(Shape):
    """One approval of a project, with what the plan says of it as of now."""

    id = fields.String(required=True)
    project_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    stage = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.STATES))
    outcome = fields.String(required=True, allow_none=True, validate=one_of((*states.OUTCOMES, None)))
    lead_department = fields.String(required=True)
    lead_department_name = fields.String(required=True)
    joining_departments = fields.List(fields.String(), required=True)
    limit_working_days = fields.Integer(required=True)
    legal_days = fields.Integer(required=True, allow_none=True)
    predecessors = fields.List(fields.String(), required=True)
    timeout_consent = fields.Boolean(required=True)
    absence_consent = fields.Boolean(required=True)
    joint_review = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)
    opened_at = Instant(required=True, allow_none=True)
    served_at = Instant(required=True, allow_none=True)
    signed_by = fields.String(required=True, allow_none=True)
    due_at = Instant(required=True, allow_none=True)
    finished_at = Instant(required=True, allow_none=True)
    reasons = fields.String(required=True, allow_none=True)
    starts_on = Day(required=True)
    finishes_on = Day(required=True)
    float_working_days = fields.Integer(required=True)
    critical = fields.Boolean(required=True)
    deemed = nullable(DeemedShape, required=True)
    late_answers = fields.List(fields.Nested(LateAnswerShape), required=True)
    joining_answers = fields.List(fields.Nested(JoiningAnswerShape), required=True)
    version = fields.Integer(required=True)


class NextShape(Shape):
    """What is next, and whose it is."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    act = fields.String(required=True, validate=one_of(progress.ACTS))
    whose = fields.String(required=True, validate=one_of(("agent", "department")))
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    due_at = Instant(required=True, allow_none=True)
    finishes_on = Day(required=True)
    float_working_days = fields.Integer(required=True)


class AgentShape(Shape):
    id = fields.String(required=True)
    name = fields.String(required=True)


class UsedTemplate(Shape):
    code = fields.String(required=True)
    edition = fields.Integer(required=True)


class ListedProject(Shape):
    """A project without its procedures."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.PROJECT_STATES))
    name = fields.String(required=True)
    investor = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    agent_id = fields.String(required=True)
    agent = fields.Nested(AgentShape, required=True)
    leader = fields.String(required=True)
    district_code = fields.String(required=True)
    township_code = fields.String(required=True, allow_none=True)
    template = fields.Nested(UsedTemplate, required=True)
    stages = fields.List(fields.Nested(StageShape), required=True)
    started_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_for = fields.String(required=True, allow_none=True)
    forecast_on = Day(required=True)
    provisional = fields.Boolean(required=True)
    critical_path = fields.List(fields.String(), required=True)
    critical_path_working_days = fields.Integer(required=True)
    promised_working_days = fields.Integer(required=True)
    used_working_days = fields.Integer(required=True)
    procedures_total = fields.Integer(required=True)
    procedures_finished = fields.Integer(required=True)
    version = fields.Integer(required=True)


class ShownProject(ListedProject):
    """A project with its procedures and plan as of now."""

    statutory_working_days = fields.Integer(
        required=True, metadata={"description": "sum of the legal limits, of the promised ones where there is none"}
    )
    procedures = fields.List(fields.Nested(ShownProcedure), required=True)
    next = fields.List(fields.Nested(NextShape), required=True)


class ProjectQuery(ListQuery):
    """Open projects unless asked otherwise; repeated means or. ``q``: number, or how the name begins.

    ``unit_code``: the township of its place, or the district.
    """

    state = fields.List(fields.String(validate=one_of((*states.PROJECT_STATES, "all"))), load_default=[])
    agent_id = fields.List(Code(IDENTIFIER), load_default=[], validate=validate.Length(max=5))
    unit_code = fields.List(Code(UNIT_CODE), load_default=[], validate=validate.Length(max=20))
    q = Text(60, load_default=None)


class ProcedureQuery(ListQuery):
    """Repeated means or."""

    state = fields.List(fields.String(validate=one_of((*states.STATES, "all"))), load_default=[])


class NodeShape(Shape):
    """A procedure in the graph; ``column`` and ``line`` place it."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    stage = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.STATES))
    outcome = fields.String(required=True, allow_none=True)
    lead_department = fields.String(required=True)
    lead_department_name = fields.String(required=True)
    limit_working_days = fields.Integer(required=True)
    starts_on = Day(required=True)
    finishes_on = Day(required=True)
    due_at = Instant(required=True, allow_none=True)
    float_working_days = fields.Integer(required=True)
    critical = fields.Boolean(required=True)
    column = fields.Integer(required=True)
    line = fields.Integer(required=True)


class EdgeShape(Shape):
    """That one procedure must pass before another."""

    _from = fields.String(required=True, data_key="from", attribute="from")
    to = fields.String(required=True)
    critical = fields.Boolean(required=True)


class GraphShape(Shape):
    """A project's graph, laid out from left to right."""

    project_id = fields.String(required=True)
    name = fields.String(required=True)
    forecast_on = Day(required=True)
    critical_path = fields.List(fields.String(), required=True)
    critical_path_working_days = fields.Integer(required=True)
    stages = fields.List(fields.Nested(StageShape), required=True)
    nodes = fields.List(fields.Nested(NodeShape), required=True)
    edges = fields.List(fields.Nested(EdgeShape), required=True)
