"""What clients are shown."""
from marshmallow import fields

from backend.core.shapes import Shape, nullable, one_of
from backend.errands import rules as errands
from backend.errands.schemas.shown import MaskedResident, Person
from backend.files.schemas import PendingFile
from backend.people.schemas.residents import FullViewShape
from backend.visits import rules
from backend.visits.rules import planning, signing


def _moment() -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=True)


def _text() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _number() -> fields.Integer:
    return fields.Integer(required=True, allow_none=True)


class VisitWindow(Shape):
    """The day, and the hours of it, on which the resident is at home."""

    date = fields.Date(required=True)
    _from = fields.String(required=True, data_key="from", attribute="from")
    to = fields.String(required=True)


class VisitedResident(MaskedResident):
    """The resident, masked; POST …/full-view tells where to go and whom to ring."""

    address = _text()


class VisitWord(Shape):
    account_id = fields.String(required=True)
    text = fields.String(required=True)


class ServedErrand(Shape):
    """An errand that the visit is for, or that was taken on it."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(errands.STATES))
    item_code = fields.String(required=True)


class ShownSignOff(Shape):
    method = fields.String(required=True, validate=one_of(signing.METHODS))
    file_id = fields.String(required=True)
    signed_at = fields.DateTime(required=True)
    present = fields.List(fields.String(), required=True)
    companion_id = _text()
    witness = _text()


class ListedVisit(Shape):
    """A visit; ``date``, ``start``, ``end`` and the agent are null until a time is set."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    unit_code = fields.String(required=True)
    resident = fields.Nested(VisitedResident(), required=True)
    reason = fields.String(required=True, validate=one_of(rules.REASONS))
    note = _text()
    word = nullable(VisitWord(), required=True)
    window = fields.Nested(VisitWindow(), required=True)
    errands = fields.List(fields.Nested(ServedErrand()), required=True)
    has_place = fields.Boolean(required=True)
    very_old = fields.Boolean(required=True)
    late_entry = fields.Boolean(required=True)
    agent_id = _text()
    agent = nullable(Person(), required=True)
    date = fields.Date(required=True, allow_none=True)
    start = _text()
    end = _text()
    duration_minutes = _number()
    travel_minutes = _number()
    buffer_minutes = _number()
    requested_at = fields.DateTime(required=True)
    departed_at = _moment()
    arrived_at = _moment()
    ended_at = _moment()
    ended_for = _text()
    sign_off = nullable(ShownSignOff(), required=True)
    version = fields.Integer(required=True)


class ShownVisit(ListedVisit):
    """A visit, how many trips its errands cost the resident (one made for several counts once), files to come."""

    trips = fields.Integer(required=True)
    pending_files = fields.List(fields.Nested(PendingFile()), required=True)


class VisitInFull(FullViewShape):
    """Where to go and whom to ring; ``full`` is false in a late replay, which shows it masked."""

    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)


class DayVisit(Shape):
    """A visit of the day; what it is and to whom is null where it is a colleague's elsewhere."""

    visit_id = _text()
    number = _text()
    state = fields.String(required=True, validate=one_of(rules.STATES))
    window = fields.Nested(VisitWindow(), required=True)
    resident = nullable(MaskedResident(), required=True)


class DayStop(DayVisit):
    """A stop: ``booked``, or ``proposed`` for a visit without a time; the way there, and how late it would be."""

    kind = fields.String(required=True, validate=one_of((planning.BOOKED, planning.PROPOSED)))
    start = fields.String(required=True)
    end = fields.String(required=True)
    duration_minutes = fields.Integer(required=True)
    travel_minutes = fields.Integer(required=True)
    late_minutes = fields.Integer(required=True)


class LeftVisit(DayVisit):
    """A visit that finds no place in the day, and why."""

    why = fields.String(required=True, validate=one_of((planning.TOO_MANY, planning.NO_ROOM)))


class DayPlan(Shape):
    """An agent's day, stop by stop; ``travel_minutes`` is all of the way, back home included."""

    agent = fields.Nested(Person(), required=True)
    date = fields.Date(required=True)
    travel_minutes = fields.Integer(required=True)
    stops = fields.List(fields.Nested(DayStop()), required=True)
    unplanned = fields.List(fields.Nested(LeftVisit()), required=True)
