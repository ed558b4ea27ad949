"""Wire shapes of notices of praise, criticism and exposure."""
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.core.shapes import Code, Flag, Instant, Shape, Text, nullable, one_of
from backend.supervision.rules import cycles, notices, states
from backend.supervision.schemas.parts import DEPARTMENT, IDENTIFIER, UNIT_CODE, BodiesQuery, SupervisionActor, listed


class AboutIn(Shape):
    """One that the notice is about: a unit, a department or an account of the district."""

    unit_code = Code(UNIT_CODE)
    department_code = Code(DEPARTMENT)
    account_id = Code(IDENTIFIER)

    @validates_schema
    def exactly_one(self, data: dict[str, Any], **_: Any) -> None:
        """More than one, or none, is refused."""
        if len(data) != 1:
            raise ValidationError("Give exactly one of unit_code, department_code, account_id.", "unit_code")


class NoticeIn(Shape):
    """What the notice says. An exposure is for everybody; others are for the staff unless ``public``."""

    kind = fields.String(required=True, validate=one_of(notices.KINDS))
    title = Text(100, required=True)
    text = Text(10000, lines=True, required=True)
    about = fields.List(fields.Nested(AboutIn), validate=validate.Length(max=notices.MOST_ABOUT))
    public = Flag()
    corrects_id = Code(IDENTIFIER, allow_none=True)


class NoticesQuery(BodiesQuery):
    """Drafts (the supervisor's) and issued ones, about these bodies; ``district_code``: any unit of the district."""

    state = listed((*states.NOTICE_STATES, "all"))
    kind = listed(notices.KINDS)
    district_code = Code(UNIT_CODE, load_default=None)


class NoticeAboutShape(Shape):
    """Whom it is about; a person has no code."""

    kind = fields.String(required=True, validate=one_of(notices.ABOUT))
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)


class NoticeLateShape(Shape):
    """A body that a cycle found late, with the order."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    outcome = fields.String(required=True, validate=one_of(cycles.OUTCOMES))
    due_at = Instant(required=True)
    replied_at = Instant(required=True, allow_none=True)


class NoticeShape(Shape):
    """A notice. Issued, it never changes: ``content_sha256`` is the hash of ``/notices/{id}.json``."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(states.NOTICE_STATES))
    kind = fields.String(required=True, validate=one_of(notices.KINDS))
    public = fields.Boolean(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    about = fields.List(fields.Nested(NoticeAboutShape), required=True)
    late = fields.List(fields.Nested(NoticeLateShape), required=True, allow_none=True)
    corrects_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    content_sha256 = fields.String(required=True, allow_none=True)
    made_by = nullable(SupervisionActor(), required=True)
    made_at = Instant(required=True, allow_none=True)
    issued_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)
