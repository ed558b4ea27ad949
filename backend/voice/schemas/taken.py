"""What clients send."""
from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.core.shapes import LINE, Code, Day, Flag, ListQuery, Shape, Text, Whole, one_of
from backend.errands.schemas.taken import IDENTIFIER, UNIT_CODE, AskProgress
from backend.voice.rules import complaints as grievances
from backend.voice.rules import ratings, rectifications

MOST_ASKED = 5


class ContactIn(Shape):
    """Who complains, as far as she says."""

    name = Text(60)
    phone = Text(24)


class Contact(fields.Raw):
    """A telephone or other words, or name and phone; either is taken."""

    def __init__(self, **kwargs: Any) -> None:
        words = {"type": "string", "minLength": 1, "maxLength": 120, "pattern": LINE}
        named = {
            "type": "object", "additionalProperties": False,
            "properties": {
                "name": words | {"maxLength": 60}, "phone": words | {"maxLength": 24},
            },
        }
        super().__init__(metadata={"anyOf": [words, named]}, **kwargs)
        self.words, self.named = Text(120), ContactIn()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return self.words.deserialize(value, attr, data)
        if not isinstance(value, dict):
            raise ValidationError("Must be words, or an object.")
        return self.named.load(value)


class IssueSlip(Shape):
    """How the token reaches the resident: printed, by text message, or asked for on the telephone."""

    channel = fields.String(required=True, validate=one_of(ratings.CHANNELS))


class GiveRating(Shape):
    """5 very satisfied … 1 not satisfied at all."""

    level = Whole(1, 5, required=True)
    comment = Text(500, lines=True)


def _codes(pattern: str) -> fields.List:
    return fields.List(Code(pattern), load_default=[], validate=validate.Length(0, MOST_ASKED))


_FIGURES: dict[str, Any] = {
    "unit_code": _codes(UNIT_CODE), "from": Day(load_default=None), "to": Day(load_default=None),
}
RatingQuery = Shape.from_dict(_FIGURES, name="RatingQuery")
"""Of which units (with what lies under them), from which day to which; ``from`` is no name in Python."""


class RectificationQuery(ListQuery):
    """Repeated means or."""

    state = fields.List(fields.String(validate=one_of((*rectifications.STATES, "all"))), load_default=[])
    unit_code = _codes(UNIT_CODE)
    errand_id = _codes(IDENTIFIER)


class CallBack(Shape):
    reached = Flag(required=True)
    note = Text(1000, lines=True)


class Plan(Shape):
    """The four things that putting right needs: goal, person, date, quality."""

    goal = Text(1000, lines=True, required=True)
    person = Text(60, required=True)
    due_on = Day(required=True)
    quality = Text(1000, lines=True, required=True)


class Finish(Shape):
    result = Text(1000, lines=True, required=True)


class VoiceReason(Shape):
    reason = Text(1000, lines=True, required=True)


class DecideAppeal(Shape):
    upheld = Flag(required=True)
    answer = Text(1000, lines=True, required=True)


class ComplaintAboutIn(Shape):
    """What the complaint is about: a unit, and if she likes an errand by its number, or somebody of the staff."""

    unit_code = Code(UNIT_CODE, required=True)
    errand_number = Text(40)
    account_id = Code(IDENTIFIER)


class Complain(Shape):
    """A complaint; without ``contact`` it is anonymous. ``channel`` is how it reached the staff who write it down."""

    about = fields.Nested(ComplaintAboutIn(), required=True)
    text = Text(4000, lines=True, required=True)
    contact = Contact()
    channel = fields.String(validate=one_of(grievances.CHANNELS))


class ComplaintQuery(ListQuery):
    """Repeated means or."""

    state = fields.List(fields.String(validate=one_of((*grievances.STATES, "all"))), load_default=[])
    unit_code = _codes(UNIT_CODE)


class RefuseComplaint(Shape):
    """Why it is not accepted, and where to turn instead."""

    reason = Text(1000, lines=True, required=True)
    referral = Text(200, required=True)


class Conclude(Shape):
    """What was found, and what was done; ``upheld``: the complaint was right."""

    finding = fields.String(required=True, validate=one_of(grievances.FINDINGS))
    handling = Text(2000, lines=True, required=True)
    upheld = Flag()


class Feedback(Shape):
    """``by_number`` is for who left no way to be reached: she reads the answer with number and digits."""

    method = fields.String(required=True, validate=one_of(grievances.WAYS))
    reached = Flag(required=True)
    note = Text(1000, lines=True)


class ReopenByNumber(AskProgress):
    """Number and digits as for /progress, and why she is not content."""

    reason = Text(1000, lines=True, required=True)


class ComplaintLook(Shape):
    """Why the contact is needed in full."""

    reason = Text(200, shortest=2, required=True)
