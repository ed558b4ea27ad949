"""Shapes of what phones push, and of what they are answered.

What one mutation says is looked at when it is its turn, so that a wrong one is kept and those after it go on; only
its number, id and type must be right for the push to be read at all.
"""
from marshmallow import fields, validate

from backend.core.shapes import ClockOfPhone, Code, Flag, Instant, Shape, Text, Whole, nullable, one_of
from backend.errands.schemas.taken import IDENTIFIER
from backend.sync.rules import mutations, numbering
from backend.sync.schemas.feed import Changes

LARGEST = 2**31 - 1


def _any(description: str) -> fields.Raw:
    return fields.Raw(metadata={"description": description}, allow_none=True)


class MutationIn(Shape):
    """One thing done at a phone."""

    n = Whole(1, LARGEST, required=True, metadata={"description": "Its number at this device, from 1 without gaps."})
    id = Code(mutations.NAME, required=True, metadata={
        "description": "Made by the phone, a UUID at best; a repeat has the same, and nothing else has it.",
    })
    type = Text(48, required=True, metadata={"description": "For instance errand.register; see docs/sync.md."})
    entity_id = _any("What it is about; on creation the UUID, made by the phone, that becomes its id.")
    base_version = _any("The version that the phone saw; a must for edits and commands.")
    base = _any("An object: what the phone saw of the fields it changes, and for commands the `state`.")
    set = _any("An object: the body of the online route.")
    occurred_at = _any("An instant by the phone's clock; kept, and orders nothing.")
    files = _any("A list of files to come: `id`, and where known `media_type` and `size`.")


class Push(Shape):
    """A phone's work in its order, at most 100 mutations and 256 KiB, and what the phone says of itself.

    With ``cursor`` the changes since are answered as well.
    """

    device_id = Code(IDENTIFIER, required=True)
    mutations = fields.List(
        fields.Nested(MutationIn()), required=True, validate=validate.Length(0, numbering.MOST)
    )
    outbox_size = Whole(0, LARGEST)
    rows = Whole(0, LARGEST)
    sent_at = ClockOfPhone()
    cursor = Text(400)


class StoredProblem(Shape):
    """A refusal as it was told when the mutation was looked at."""

    class Meta:
        unknown = "include"

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class ResultShape(Shape):
    """What became of a mutation, with its receipt. Of a repeat ``first`` says what it was answered the first time.

    The receipt of a repeat is that of the first time.
    """

    n = fields.Integer(required=True)
    id = fields.String(required=True)
    status = fields.String(required=True, validate=one_of(mutations.STATUSES))
    first = fields.String(validate=one_of(mutations.STATUSES))
    data = fields.Dict(allow_none=True)
    problem = fields.Nested(StoredProblem())
    skewed = Flag()
    receipt = fields.String()


class ChangesSince(Changes):
    """A page of GET /sync/changes; of a cursor that is refused no changes, and why (``reset-required``)."""

    cursor = fields.String(required=True, allow_none=True)
    problem = fields.Nested(StoredProblem())


class PushAnswer(Shape):
    """The results in the order of the push, the next number expected; ``changes`` since the cursor, or null without."""

    results = fields.List(fields.Nested(ResultShape()), required=True)
    next_n = fields.Integer(required=True)
    changes = nullable(ChangesSince(), required=True)
    server_time = Instant(required=True)
