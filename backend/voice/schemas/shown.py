"""What clients are shown."""
from marshmallow import fields

from backend.core.shapes import Shape, nullable, one_of
from backend.errands.schemas.shown import MaskedResident
from backend.voice.rules import complaints as grievances
from backend.voice.rules import ratings, rectifications


def _text() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _moment() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


class IssuedSlip(Shape):
    """The token is null once it was used, or another took its place. ``round`` 2 follows a rectification."""

    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    token = _text()
    round = fields.Integer(required=True)
    channel = fields.String(required=True, validate=one_of(ratings.CHANNELS))
    expires_at = fields.DateTime(required=True)


class GivenRating(Shape):
    """What was said, to who said it."""

    level = fields.Integer(required=True)
    level_name = fields.String(required=True)
    round = fields.Integer(required=True)
    rated_at = fields.DateTime(required=True)


class RatingFigures(Shape):
    """All null under five answers."""

    count = fields.Integer(required=True, allow_none=True)
    average = fields.Float(required=True, allow_none=True)
    by_level = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, allow_none=True)


class ShownAppeal(Shape):
    state = fields.String(required=True, validate=one_of(rectifications.APPEAL_STATES))
    reason = _text()
    answer = _text()


class ShownRectification(Shape):
    """What a low rating started; ``excluded``: an appeal was upheld, the rating counts in no score."""

    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    errand_number = fields.String(required=True)
    unit_code = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rectifications.STATES))
    level = fields.Integer(required=True)
    comment = _text()
    channel = fields.String(required=True)
    rated_at = fields.DateTime(required=True)
    resident = fields.Nested(MaskedResident(), required=True)
    callback_due_at = fields.DateTime(required=True)
    calls = fields.Integer(required=True)
    called_at = _moment()
    callback_note = _text()
    due_at = fields.DateTime(required=True)
    provisional = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)
    goal = _text()
    person = _text()
    promised_on = fields.Date(required=True, allow_none=True)
    quality = _text()
    done_at = _moment()
    result = _text()
    follow_up_level = fields.Integer(required=True, allow_none=True)
    appeal = nullable(ShownAppeal(), required=True)
    excluded = fields.Boolean(required=True)
    ended_at = _moment()
    version = fields.Integer(required=True)


class TakenComplaint(Shape):
    """``query_code`` stands for the telephone's last four digits where none was left; it is told here only."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(grievances.STATES))
    answer_due_at = fields.DateTime(required=True)
    finish_due_at = fields.DateTime(required=True)
    query_code = _text()


class MovedComplaint(Shape):
    """A complaint that may be another body's to see from now on."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(grievances.STATES))
    handler_code = fields.String(required=True)
    round = fields.Integer(required=True)
    answer_due_at = fields.DateTime(required=True)
    finish_due_at = fields.DateTime(required=True)


class ShownAbout(Shape):
    unit_code = fields.String(required=True)
    errand_number = _text()
    account_id = _text()
    account_name = _text()


class ShownContact(Shape):
    """The telephone is masked; POST …/full-view tells it."""

    name = _text()
    phone = _text()
    text = _text()


class ShownComplaint(Shape):
    """A complaint, to who handles it and to those above."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(grievances.STATES))
    channel = fields.String(required=True, validate=one_of(grievances.CHANNELS))
    about = fields.Nested(ShownAbout(), required=True)
    text = _text()
    contact = nullable(ShownContact(), required=True)
    anonymous = fields.Boolean(required=True)
    handler_code = fields.String(required=True)
    received_at = fields.DateTime(required=True)
    round = fields.Integer(required=True)
    answer_due_at = fields.DateTime(required=True)
    finish_due_at = fields.DateTime(required=True)
    provisional = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)
    answered_at = _moment()
    refusal = _text()
    referral = _text()
    finding = _text()
    upheld = fields.Boolean(required=True, allow_none=True)
    handling = _text()
    concluded_at = _moment()
    told_at = _moment()
    told_how = _text()
    closed_at = _moment()
    version = fields.Integer(required=True)


class ComplaintInFull(ShownContact):
    """How the complainant is reached; ``full`` is false in a late replay, which shows it masked."""

    id = fields.String(required=True)
    full = fields.Boolean(required=True)
