"""Wire shapes of an errand's turns: extended, taken back."""
from marshmallow import fields

from backend.clocks.schemas import SuspensionShape
from backend.core.shapes import Shape, Text, Whole
from backend.errands.rules import turns


class Extension(Shape):
    """How many working days more, and why; more than 10 only where departments are joined."""

    working_days = Whole(1, turns.MOST_JOINED, required=True)
    reason = Text(2000, lines=True, required=True)


class Reversal(Shape):
    """Why the last step was a mistake."""

    reason = Text(2000, lines=True, required=True)


class ErrandSuspension(SuspensionShape):
    """A stretch in which all clocks of the errand stood; while it lasts ``to_at`` and ``mode`` are null."""

    errand_id = fields.String(required=True)
