"""The standing weekly meeting and its issues on the wire."""
from marshmallow import fields, validate

from backend.core.shapes import Code, Day, Instant, ListQuery, Shape, Text, Week, Whole, nullable, one_of
from backend.projects.rules import meetings
from backend.projects.schemas.projects import IDENTIFIER, AgentShape
from backend.projects.schemas.templates import DEPARTMENT

TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
WHO = validate.Length(max=20)


class StandingIn(Shape):
    """When the district meets every week: a weekday (1 is Monday), moved to the next working day where it is off."""

    weekday = Whole(1, 7, required=True)
    time = Code(TIME, required=True)
    place = Text(200, allow_none=True)
    leader = Text(60, allow_none=True, metadata={"description": "who presides"})


class StandingShape(Shape):
    district_code = fields.String(required=True)
    weekday = fields.Integer(required=True)
    time = fields.String(required=True)
    place = fields.String(required=True, allow_none=True)
    leader = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class IssueIn(Shape):
    """What holds a project up; with ``department_code`` whose it is to solve."""

    project_id = Code(IDENTIFIER, required=True)
    text = Text(2000, lines=True, required=True)
    department_code = Code(DEPARTMENT, allow_none=True)
    due_on = Day(allow_none=True)


class IssueSettlement(Shape):
    text = Text(2000, lines=True, required=True)


class IssueReopening(Shape):
    reason = Text(500, lines=True, required=True)


class IssueShape(Shape):
    id = fields.String(required=True)
    project_id = fields.String(required=True)
    project_number = fields.String(required=True)
    project_name = fields.String(required=True)
    leader = fields.String(required=True, metadata={"description": "the project's leader in charge"})
    n = fields.Integer(required=True)
    text = fields.String(required=True)
    department_code = fields.String(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    state = fields.String(required=True, validate=one_of(meetings.STATES))
    raised_at = Instant(required=True)
    weeks_open = fields.Integer(required=True)
    settlement = fields.String(required=True, allow_none=True)
    settled_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class IssueQuery(ListQuery):
    """Open ones unless asked otherwise, the oldest first; repeated means or."""

    state = fields.List(fields.String(validate=one_of((*meetings.STATES, "all"))), load_default=[])
    project_id = fields.List(Code(IDENTIFIER), load_default=[], validate=WHO)
    department_code = fields.List(Code(DEPARTMENT), load_default=[], validate=WHO)


class MeetingRecord(Shape):
    """What was said; the issues that stood open are kept with it as they stood."""

    present = fields.List(Text(100), required=True, validate=validate.Length(1, 60))
    text = Text(20000, lines=True, required=True)
    leader = Text(60, allow_none=True)
    held_on = Day(allow_none=True, metadata={"description": "the standing day of the week unless named"})


class RecordShape(Shape):
    leader = fields.String(required=True)
    present = fields.List(fields.String(), required=True)
    text = fields.String(required=True)
    recorded_by = fields.Nested(AgentShape, required=True)
    recorded_at = Instant(required=True)


class MeetingShape(Shape):
    """A week's meeting: its open issues as they stand, or, once recorded, as they stood."""

    week = Week(required=True)
    district_code = fields.String(required=True)
    held_on = Day(required=True, allow_none=True, metadata={"description": "null: a week without a working day"})
    at = Instant(required=True, allow_none=True)
    place = fields.String(required=True, allow_none=True)
    leader = fields.String(required=True, allow_none=True)
    issues = fields.List(fields.Nested(IssueShape), required=True)
    record = nullable(RecordShape, required=True)
    version = fields.Integer(required=True)


class ListedMeeting(Shape):
    week = fields.String(required=True)
    held_on = Day(required=True)
    leader = fields.String(required=True)
    issues_open = fields.Integer(required=True)
    recorded_at = Instant(required=True)
    version = fields.Integer(required=True)
