"""What clients send."""
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, Week, Whole, one_of
from backend.errands import rules

LIGHTS = ("none", "reminder", "yellow", "red")
UNIT_CODE = r"[0-9]{12}"
IDENTIFIER = r"[0-9A-Za-z-]{1,36}"


class ResidentIn(Shape):
    """A resident as the desk writes her down."""

    name = Text(60, required=True)
    id_number = Text(24, required=True)
    phone = Text(24, allow_none=True)
    address = Text(200, allow_none=True)


class MandateIn(Shape):
    """What the resident allows, until when, with proof."""

    given_by = fields.String(required=True, validate=one_of(rules.GIVEN_BY))
    expires_on = Day(required=True)
    powers = Text(500, lines=True)
    file_id = Code(IDENTIFIER)


class PaperIn(Shape):
    """A paper of the version, handed in or not."""

    name = Text(100, required=True)
    received = Flag(required=True)


class PapersIn(fields.List):
    """Papers; those that are plainly a name and a flag are taken without a walk through their shape."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and all(map(_is_plain, value)):
            return [dict(paper) for paper in value]
        return super()._deserialize(value, attr, data, **kwargs)


def _is_plain(paper: Any) -> bool:
    if type(paper) is not dict or len(paper) != 2:
        return False
    name, received = paper.get("name"), paper.get("received")
    return type(received) is bool and type(name) is str and 0 < len(name) <= 100 and name.isprintable() and (
        not name.isspace()
    )


class RegisterErrand(Shape):
    """A resident's errand; ``resident`` or ``resident_id``."""

    item_code = Code(required=True)
    unit_code = Code(UNIT_CODE)
    channel = fields.String(required=True, validate=one_of(rules.CHANNELS))
    resident = fields.Nested(ResidentIn())
    resident_id = Code(IDENTIFIER)
    mandate = fields.Nested(MandateIn(), required=True)
    materials = PapersIn(fields.Nested(PaperIn()), validate=validate.Length(0, 50))
    note = Text(2000, lines=True)
    claimed_at = Instant()
    agent_id = Code(IDENTIFIER)
    quantity = Whole(1, 99)


class PaperState(PaperIn):
    """A paper that is there, or comes later with an undertaking."""

    deferred_until = Day(allow_none=True)
    undertaking_file = Code(IDENTIFIER, allow_none=True)


class Papers(Shape):
    materials = fields.List(fields.Nested(PaperState()), required=True, validate=validate.Length(1, 50))


class Completion(Shape):
    outcome = fields.String(required=True, validate=one_of(rules.OUTCOMES))
    result = Text(2000, lines=True, required=True)
    reason = Text(2000, lines=True, allow_none=True)


class Delivery(Shape):
    method = fields.String(required=True, validate=one_of(rules.DELIVERY_METHODS))
    received_by = Text(60, required=True)


class Referral(Shape):
    """A way on: where to go, whom to ring, what to bring."""

    where = Text(200, required=True)
    phone = Text(32, required=True)
    bring = fields.List(Text(100), required=True, validate=validate.Length(0, 30))
    whom = Text(60)


class Declination(Shape):
    reason = Text(2000, lines=True, required=True)
    referral = fields.Nested(Referral(), required=True)


class ErrandWithdrawal(Shape):
    reason = Text(2000, lines=True, allow_none=True)


class NewNote(Shape):
    text = Text(2000, lines=True, required=True)


class NewTrip(Shape):
    made_on = Day(required=True)
    where = Text(100, required=True)


class NewPayment(Shape):
    amount_fen = Whole(1, 100_000_000, required=True)
    receipt_number = Text(64)


class AskProgress(Shape):
    """A number and four digits: of the phone, or of the ID number."""

    number = Text(40, required=True)
    phone_last4 = Code(r"[0-9]{4}")
    id_last4 = Code(r"[0-9]{3}[0-9Xx]")

    @validates_schema
    def one_secret(self, data: dict[str, str], **kwargs: object) -> None:
        """Exactly one of the two must be given."""
        if ("phone_last4" in data) == ("id_last4" in data):
            raise ValidationError("Missing data for required field.", "phone_last4")


class ErrandLookup(Shape):
    """Exactly one number to look for; it never stands in an address."""

    id_number = Text(40)
    phone = Text(40)

    @validates_schema
    def one_number(self, data: dict[str, str], **kwargs: object) -> None:
        """Both, or neither, is refused."""
        if len(data) != 1:
            raise ValidationError("Give exactly one number.", "id_number")


class ErrandQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    agent_id = fields.List(Code(IDENTIFIER), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
    light = fields.List(fields.String(validate=one_of(LIGHTS)), load_default=[])
    resident_id = fields.List(Code(IDENTIFIER), load_default=[])
    due_before = Instant(load_default=None)
    week = Week(load_default=None)
    handed_in = Flag(in_query=True, load_default=None)
    q = Text(60, load_default=None)
