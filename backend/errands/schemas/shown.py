"""What clients are shown."""
from marshmallow import fields

from backend.core.shapes import Shape, nullable, one_of
from backend.errands import rules
from backend.errands.schemas.taken import LIGHTS, Referral
from backend.files.schemas import PendingFile
from backend.people.schemas.history import Happening


class Person(Shape):
    id = fields.String(required=True)
    name = fields.String(required=True)


class MaskedResident(Shape):
    id = fields.String(required=True)
    name = fields.String(required=True)
    id_number = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class ErrandItem(Shape):
    code = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    promised_days = fields.Integer(required=True)


class ShownMandate(Shape):
    given_by = fields.String(required=True)
    expires_on = fields.Date(required=True)


class ShownPaper(Shape):
    name = fields.String(required=True)
    required = fields.Boolean(required=True)
    deferrable = fields.Boolean(required=True)
    received = fields.Boolean(required=True)
    deferred_until = fields.Date(required=True, allow_none=True)
    lapsed = fields.Boolean(required=True)


def _moment() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


def _text() -> fields.String:
    return fields.String(required=True, allow_none=True)


class ListedErrand(Shape):
    """An errand as lists show it."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    outcome = _text()
    item = fields.Nested(ErrandItem(), required=True)
    quantity = fields.Integer(required=True)
    unit_code = fields.String(required=True)
    channel = fields.String(required=True)
    resident = fields.Nested(MaskedResident(), required=True)
    mandate = fields.Nested(ShownMandate(), required=True)
    first_receiver = fields.Nested(Person(), required=True)
    agent = fields.Nested(Person(), required=True)
    received_at = fields.DateTime(required=True)
    claimed_at = _moment()
    handed_in_at = _moment()
    accepted_at = _moment()
    due_at = _moment()
    provisional = fields.Boolean(required=True)
    used_working_days = fields.Integer(required=True, allow_none=True)
    remaining_working_days = fields.Integer(required=True, allow_none=True)
    light = fields.String(required=True, validate=one_of(LIGHTS))
    finished_at = _moment()
    delivered_at = _moment()
    closed_at = _moment()
    result = _text()
    reason = _text()
    referral = nullable(Referral(), required=True)
    delivery_method = _text()
    received_by = _text()
    trips = fields.Integer(required=True)
    paid_fen = fields.Integer(required=True)
    version = fields.Integer(required=True)


class StuckErrand(ListedErrand):
    """An errand that stands still, and since when."""

    acted_at = fields.DateTime(required=True)


class FoundErrands(Shape):
    """Open errands of the people with that number."""

    items = fields.List(fields.Nested(ListedErrand()), required=True)


class ShownErrand(ListedErrand):
    """An errand with its papers, and the files that were announced for it and have not come yet."""

    materials = fields.List(fields.Nested(ShownPaper()), required=True)
    pending_files = fields.List(fields.Nested(PendingFile()), required=True)


class Event(Happening):
    """Something that happened to an errand, and whether it was work outside the hours."""

    off_hours = fields.Boolean(required=True)


class ErrandDay(Shape):
    date = fields.Date(required=True)
    counted = fields.Boolean(required=True)
    reason = fields.String(required=True)
    text = fields.String(required=True)


class ErrandClock(Shape):
    accepted_at = _moment()
    due_at = _moment()
    reminder_at = _moment()
    yellow_at = _moment()
    provisional = fields.Boolean(required=True)
    budget_working_days = fields.Integer(required=True, allow_none=True)
    days = fields.List(fields.Nested(ErrandDay()), required=True)


class Part(Shape):
    id = fields.String(required=True)
    errand_id = fields.String(required=True)
    made_at = fields.DateTime(required=True)
    by = fields.Nested(Person(), required=True)
    version = fields.Integer(required=True)


class Note(Part):
    text = fields.String(required=True)


class Trip(Part):
    made_on = fields.Date(required=True)
    where = fields.String(required=True)


class Payment(Part):
    amount_fen = fields.Integer(required=True)
    receipt_number = fields.String(required=True)


class Step(Shape):
    at = fields.DateTime(required=True)
    what = fields.String(required=True)


class Progress(Shape):
    number = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    state_name = fields.String(required=True)
    item = fields.String(required=True)
    due_at = _moment()
    steps = fields.List(fields.Nested(Step()), required=True)
