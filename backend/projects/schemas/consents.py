"""Wire shapes of a procedure at its department: service, answer, limit, deemed consents."""
from marshmallow import fields

from backend.clocks.schemas import SuspensionShape
from backend.core.shapes import Day, Instant, Shape, Text, Whole, one_of
from backend.errands.rules import turns
from backend.projects.rules import consent, states


class Service(Shape):
    """Who of the department signed for a complete set of papers, and when."""

    signed_by = Text(60, required=True)
    signed_at = Instant(required=True)


class Answer(Shape):
    """The department's decision; an objection needs reasons."""

    decision = fields.String(required=True, validate=one_of(consent.DECISIONS))
    reasons = Text(2000, lines=True, allow_none=True)


class ProcedureExtension(Shape):
    """How many working days more, and why; more than 10 only where departments are joined."""

    working_days = Whole(1, turns.MOST_JOINED, required=True)
    reason = Text(2000, lines=True, required=True)


class Opinion(Shape):
    """The written opinion that a department owes once its consent is deemed."""

    opinion = Text(5000, lines=True, required=True)


class Revocation(Shape):
    """Why the consent was wrong."""

    reasons = Text(2000, lines=True, required=True)


class ProcedureSuspension(SuspensionShape):
    """A stretch in which the procedure's clock stood; while it lasts ``to_at`` and ``mode`` are null."""

    procedure_code = fields.String(required=True)


class ShownConsent(Shape):
    """A deemed consent, standing or revoked: never an approval."""

    id = fields.String(required=True)
    n = fields.Integer(required=True)
    kind = fields.String(required=True, validate=one_of(sorted(states.DEEMED)))
    department_code = fields.String(required=True)
    effective_at = Instant(required=True)
    detected_at = Instant(required=True)
    notice_number = fields.String(required=True)
    notice_on = Day(required=True)
    noticed_at = Instant(required=True, allow_none=True)
    opinion_due_at = Instant(required=True)
    opinion = fields.String(required=True, allow_none=True)
    opinion_at = Instant(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)
    revoked_for = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
