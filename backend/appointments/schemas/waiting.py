"""Wire shapes of the waiting list, and of blocks for repeated no-shows."""
from marshmallow import fields

from backend.appointments.rules import blocks, waiting
from backend.appointments.rules.channels import DESK, PHONE
from backend.appointments.schemas.bookings import UNIT_CODE, CallerIn, Maker, MaskedPerson, PersonIn, Time
from backend.core.shapes import Code, Day, Flag, ListQuery, Shape, Text, nullable, one_of


class NewWait(Shape):
    """A person waits for a service on a day, at a time that begins and ends between ``from`` and ``to``."""

    unit_code = Code(UNIT_CODE, required=True)
    service = Code(required=True)
    date = Day(required=True)
    _from = Time(required=True, data_key="from", attribute="from")
    to = Time(required=True)
    person = fields.Nested(PersonIn(), required=True)
    caller = fields.Nested(CallerIn(), allow_none=True)
    channel = fields.String(load_default=PHONE, validate=one_of((PHONE, DESK)))
    protected = Flag(load_default=False)


class WaitingQuery(ListQuery):
    """Entries in these states (``all``: whatever), of these units; open ones unless asked otherwise."""

    state = fields.List(fields.String(validate=one_of((*waiting.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class ShownOffer(Shape):
    """A seat held for who waits, until a moment."""

    appointment_id = fields.String(required=True)
    number = fields.String(required=True)
    date = fields.Date(required=True)
    start = fields.String(required=True, metadata={"example": "09:00"})
    expires_at = fields.DateTime(required=True)


class ShownWait(Shape):
    """A place on the waiting list; ``appointment_id`` is what was offered last, ``offer`` while it stands."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(waiting.STATES))
    unit_code = fields.String(required=True)
    service = fields.String(required=True)
    date = fields.Date(required=True)
    _from = fields.String(required=True, data_key="from", attribute="from")
    to = fields.String(required=True)
    protected = fields.Boolean(required=True)
    channel = fields.String(required=True)
    person = fields.Nested(MaskedPerson(), required=True)
    caller = nullable(MaskedPerson(), required=True)
    asked_at = fields.DateTime(required=True)
    appointment_id = fields.String(required=True, allow_none=True)
    offer = nullable(ShownOffer(), required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class BlockQuery(ListQuery):
    """Blocks in these states (``all``: whatever), of these units; standing and appealed ones unless asked otherwise."""

    state = fields.List(fields.String(validate=one_of((*blocks.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class Appeal(Shape):
    """Why the person should not be blocked, in her words."""

    reason = Text(500, lines=True, required=True)


class BlockDecision(Shape):
    """Whether the appeal is upheld, and why."""

    upheld = Flag(required=True)
    reason = Text(500, lines=True, required=True)


class ShownBlock(Shape):
    """A block: she does not book by herself ``until`` then, while it is ``binding``; phone and desk stay open."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(blocks.STATES))
    unit_code = fields.String(required=True)
    surname = fields.String(required=True, allow_none=True)
    appointment_id = fields.String(required=True)
    appointment_number = fields.String(required=True, allow_none=True)
    no_shows = fields.Integer(required=True)
    made_at = fields.DateTime(required=True)
    until = fields.DateTime(required=True)
    binding = fields.Boolean(required=True)
    appeal = fields.String(required=True, allow_none=True)
    appealed_at = fields.DateTime(required=True, allow_none=True)
    appealed_by = nullable(Maker(), required=True)
    answer = fields.String(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    decided_by = nullable(Maker(), required=True)
    version = fields.Integer(required=True)
