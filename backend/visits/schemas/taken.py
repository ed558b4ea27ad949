"""What clients send."""
from marshmallow import fields, validate

from backend.core.daytime import TIME
from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Real, Shape, Text, Whole, one_of
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE, MandateIn, PaperIn, PapersIn, ResidentIn
from backend.visits import rules
from backend.visits.rules import signing

LONGEST_VISIT, LONGEST_WAY, MOST_PRESENT, MOST_ASKED = 480, 240, 10, 5


class WindowIn(Shape):
    """The day, and the hours of it, on which the resident is at home."""

    date = Day(required=True)
    _from = Code(TIME, required=True, data_key="from", attribute="from")
    to = Code(TIME, required=True)


class WordIn(Shape):
    """Which supervisor asked for the visit, and what he said; he is told that he is named."""

    account_id = Code(IDENTIFIER, required=True)
    text = Text(500, lines=True, required=True)


class RequestVisit(Shape):
    """A visit to a resident who cannot come; ``resident`` or ``resident_id``. ``word`` goes with reason supervisor."""

    unit_code = Code(UNIT_CODE)
    resident = fields.Nested(ResidentIn())
    resident_id = Code(IDENTIFIER)
    reason = fields.String(required=True, validate=one_of(rules.REASONS))
    note = Text(500, lines=True)
    word = fields.Nested(WordIn())
    window = fields.Nested(WindowIn(), required=True)
    errand_ids = fields.List(Code(IDENTIFIER), validate=validate.Length(0, rules.MOST_ERRANDS))
    latitude = Real(-90, 90)
    longitude = Real(-180, 180)


class ScheduleVisit(Shape):
    """Who goes, when, for how long, and how long the way after it takes; on the window's day unless one is named."""

    agent_id = Code(IDENTIFIER, required=True)
    start = Code(TIME, required=True)
    duration_minutes = Whole(1, LONGEST_VISIT, required=True)
    travel_minutes = Whole(0, LONGEST_WAY, required=True)
    day_on = Day(data_key="date", attribute="day_on")


class VisitStep(Shape):
    """``claimed_at`` is when it happened, where it is entered only later."""

    claimed_at = Instant()


class SignOffIn(Shape):
    """The signed paper or the photo, who was there, that staff showed who they are and took no cash.

    With the very old ``companion_id`` (a second of the staff) or ``witness``.
    """

    method = fields.String(required=True, validate=one_of(signing.METHODS))
    file_id = Code(IDENTIFIER, required=True)
    id_shown = Flag(required=True)
    no_cash = Flag(required=True)
    present = fields.List(Text(60), validate=validate.Length(0, MOST_PRESENT))
    companion_id = Code(IDENTIFIER)
    witness = Text(60)


class VisitCompletion(VisitStep):
    """The sign-off may come later; until then the visit counts as not signed off."""

    sign_off = fields.Nested(SignOffIn())


class VisitFailure(VisitStep):
    reason = Text(500, lines=True, required=True)


class VisitCancellation(Shape):
    reason = Text(500, lines=True, allow_none=True)


class VisitErrandIn(Shape):
    """An errand of the resident who is visited, as for POST /errands."""

    item_code = Code(required=True)
    unit_code = Code(UNIT_CODE)
    mandate = fields.Nested(MandateIn(), required=True)
    materials = PapersIn(fields.Nested(PaperIn()), validate=validate.Length(0, 50))
    note = Text(2000, lines=True)
    claimed_at = Instant()
    agent_id = Code(IDENTIFIER)
    quantity = Whole(1, 99)


class VisitLook(Shape):
    """Why the address and the numbers are needed in full."""

    reason = Text(200, shortest=2, required=True)


def _some(pattern: str) -> fields.List:
    return fields.List(Code(pattern), load_default=[], validate=validate.Length(0, MOST_ASKED))


class VisitQuery(ListQuery):
    """Repeated means or; ``date`` is the day of the visit, ``agent_away`` those whose agent will not come."""

    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    unit_code = _some(UNIT_CODE)
    agent_id = _some(IDENTIFIER)
    resident_id = _some(IDENTIFIER)
    errand_id = _some(IDENTIFIER)
    date = Day(load_default=None)
    agent_away = Flag(in_query=True, load_default=False)


class DayQuery(Shape):
    date = Day(required=True)
