"""Wire shapes of cards, of appeals against them, and of what a district decides itself."""
from typing import Any

from marshmallow import fields, validate

from backend.clocks.rules import cards, ladder
from backend.clocks.schemas.calendar import UNIT_CODE
from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Text, nullable, one_of

ID = r"[A-Za-z0-9-]{1,36}"
MOST_UNITS, MOST_ERRANDS = 5, 20


def _several(field: fields.Field[Any], most: int) -> fields.List:
    return fields.List(field, load_default=list, validate=validate.Length(max=most))


class CardsQuery(ListQuery):
    """Cards of these errands, units, rungs, states; repeated means or."""

    errand_id = _several(Code(ID), MOST_ERRANDS)
    unit_code = _several(Code(UNIT_CODE), MOST_UNITS)
    rung = _several(fields.String(validate=one_of(ladder.RUNGS)), len(ladder.RUNGS))
    state = _several(fields.String(validate=one_of(cards.STATES)), len(cards.STATES))


class PersonShape(Shape):
    """An account by name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class RecipientShape(Shape):
    """A post and who held it; ``agent`` is the one who answers for the case. Null account: all posts were vacant."""

    code = fields.String(required=True)
    post = fields.String(required=True)
    account = nullable(PersonShape(), required=True)


class CardShape(Shape):
    """A rung of a clock that was reached: when it became true, when that was seen, when and to whom it was told."""

    id = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "what the clock promises"})
    rung = fields.String(required=True, validate=one_of(ladder.RUNGS))
    unit_code = fields.String(required=True)
    department_code = fields.String(required=True, allow_none=True)
    effective_at = fields.DateTime(required=True)
    detected_at = fields.DateTime(required=True)
    delivered_at = fields.DateTime(required=True)
    delivered_to = fields.Nested(RecipientShape, required=True)
    also_to = fields.List(fields.Nested(RecipientShape), required=True)
    state = fields.String(required=True, validate=one_of(cards.STATES))
    version = fields.Integer(required=True)


class NewAppeal(Shape):
    """Why the card is wrong."""

    reason = Text(1000, lines=True, required=True)


class Ruling(Shape):
    """Whether the appeal is upheld, and why."""

    upheld = Flag(required=True)
    reason = Text(1000, lines=True, required=True)


class AppealShape(Shape):
    """An appeal against a card, and what was decided."""

    id = fields.String(required=True)
    card_id = fields.String(required=True)
    n = fields.Integer(required=True)
    reason = fields.String(required=True)
    by = fields.Nested(PersonShape, required=True)
    made_at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=one_of(cards.APPEAL_STATES))
    answer = fields.String(required=True, allow_none=True)
    answered_by = nullable(PersonShape(), required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)
    card_state = fields.String(required=True, validate=one_of(cards.STATES))
    version = fields.Integer(required=True)


class PlannedShape(Shape):
    """What will hold from a day on."""

    valid_from = fields.Date(required=True)
    value = fields.Raw(required=True)


class SettingShape(Shape):
    """What holds today (since when; null: the product's default), and what is decided for later."""

    name = fields.String(required=True)
    value = fields.Raw(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    planned = fields.List(fields.Nested(PlannedShape), required=True)
    version = fields.Integer(required=True)


class SettingBody(Shape):
    """Another value, from tomorrow or a later day on."""

    value = fields.Raw(required=True)
    valid_from = Day(load_default=None)
