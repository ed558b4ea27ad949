"""Wire shapes of half-years, scores and evidence lines. Points are numbers with one decimal."""
from marshmallow import fields, validate

from backend.assessment.rules import AGENT_SUBJECT, SUBJECTS, appeals, evidence
from backend.assessment.rules.kinds import ENTERED, KINDS
from backend.assessment.rules.periods import STATES
from backend.core.shapes import Code, Day, ListQuery, Real, Shape, Text, Whole, nullable, one_of
from backend.org.schemas import UNIT_CODE

ID = r"[A-Za-z0-9-]{1,36}"


class PeriodsQuery(ListQuery):
    """Half-years in these states; repeated means or."""

    state = fields.List(fields.String(validate=one_of((*STATES, "all"))), load_default=list,
                        validate=validate.Length(max=3))


class AverageShape(Shape):
    """How many were settled, and their average."""

    count = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)


class SummaryShape(Shape):
    """What was settled, by kind of subject."""

    agent = fields.Nested(AverageShape, required=True)
    unit = fields.Nested(AverageShape, required=True)
    department = fields.Nested(AverageShape, required=True)


class HalfYearShape(Shape):
    """A half-year; ``summary`` and ``content_sha256`` are those of the settlement and never change."""

    period = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(STATES))
    from_ = fields.Date(required=True, data_key="from")
    to = fields.Date(required=True)
    scheme_number = fields.Integer(required=True, metadata={"description": "0 is the product's own"})
    settled_at = fields.DateTime(required=True, allow_none=True)
    summary = nullable(SummaryShape(), required=True)
    content_sha256 = fields.String(required=True, allow_none=True)


class CheckShape(Shape):
    """A half-year computed anew from its lines: whose standing or settled score differs, and the settlement's hash."""

    period = fields.String(required=True)
    same = fields.Boolean(required=True)
    subjects = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    differing = fields.List(fields.String(), required=True)
    content_sha256 = fields.String(required=True, allow_none=True)


class ScoresQuery(ListQuery):
    """Scores of one kind of subject, of these units or subjects, below so many points."""

    subject = fields.String(load_default=AGENT_SUBJECT, validate=one_of(SUBJECTS))
    unit_code = fields.List(Code(UNIT_CODE), load_default=list, validate=validate.Length(max=20))
    subject_id = fields.List(Code(ID), load_default=list, validate=validate.Length(max=20))
    below = Whole(0, 1000, in_query=True, load_default=None)


class SubjectShape(Shape):
    """An agent (account id), a unit or a department (code)."""

    type = fields.String(required=True, validate=one_of(SUBJECTS))
    id = fields.String(required=True)
    name = fields.String(required=True)


class ScoreShape(Shape):
    """How somebody stands; ``settled_score`` and ``rank`` are those of the settlement, ``revision`` counts from it."""

    id = fields.String(required=True)
    period = fields.String(required=True)
    subject = fields.Nested(SubjectShape, required=True)
    unit_code = fields.String(required=True)
    score = fields.Float(required=True)
    grade = fields.String(required=True, allow_none=True)
    lines = fields.Integer(required=True)
    settled_score = fields.Float(required=True, allow_none=True)
    rank = fields.Integer(required=True, allow_none=True)
    revision = fields.Integer(required=True)


class PartShape(Shape):
    """An indicator: its weight, what the lines add, what of it fell to the bounds, what it comes to."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    weight = fields.Float(required=True)
    added = fields.Float(required=True)
    cut = fields.Float(required=True)
    points = fields.Float(required=True)


class ScoreRevisionShape(Shape):
    """A score as it was settled (1) or changed by a reversing line since, with the proof of its lines."""

    revision = fields.Integer(required=True)
    score = fields.Float(required=True)
    lines = fields.Integer(required=True)
    lines_sha256 = fields.String(required=True)
    made_at = fields.DateTime(required=True)


class ExplainedShape(ScoreShape):
    """A score explained: the indicators add up to it, and each indicator's lines to ``added``."""

    indicators = fields.List(fields.Nested(PartShape), required=True)
    revisions = fields.List(fields.Nested(ScoreRevisionShape), required=True)
    version = fields.Integer(required=True)


class LinesQuery(ListQuery):
    """Lines of these indicators; repeated means or."""

    indicator = fields.List(Code(r"[a-z0-9_]{1,24}"), load_default=list, validate=validate.Length(max=20))


class SourceShape(Shape):
    """The evidence: a card, a finding, a report … by its id; null where who spoke is not to be known."""

    type = fields.String(required=True)
    id = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class LineShape(Shape):
    """So many points, what shows it, and whether it still holds; a reversal takes another line's points back."""

    id = fields.String(required=True)
    period = fields.String(required=True)
    score_id = fields.String(required=True)
    kind = fields.String(required=True, validate=one_of(KINDS))
    name = fields.String(required=True)
    indicator = fields.String(required=True)
    points = fields.Float(required=True)
    source = fields.Nested(SourceShape, required=True)
    effective_at = fields.DateTime(required=True)
    made_at = fields.DateTime(required=True)
    cause = fields.String(required=True, validate=one_of(evidence.CAUSES))
    entered_by_hand = fields.Boolean(required=True)
    state = fields.String(required=True, validate=one_of(appeals.LINE_STATES))
    reversed_by = fields.String(required=True, allow_none=True, metadata={"description": "the reversing line"})
    reverses = fields.String(required=True, allow_none=True, metadata={"description": "of a reversal: which line"})
    appeal_id = fields.String(required=True, allow_none=True)


class NewLine(Shape):
    """What no room of the system knows of, with the document that shows it."""

    kind = fields.String(required=True, validate=one_of(sorted(ENTERED)))
    basis = Text(200, required=True)
    happened_on = Day(required=True)
    points = Real(-20, 20, load_default=None, allow_none=True)
