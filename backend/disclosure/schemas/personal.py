"""Shapes of what a person may know of her data, and of who read or granted what."""
from marshmallow import fields

from backend.clocks.schemas.calendar import UNIT_CODE
from backend.core.shapes import Code, Day, Instant, ListQuery, Shape, Text, nullable, one_of
from backend.disclosure.rules import corrections as rules
from backend.people.schemas.residents import ResidentEntry


class CopyRequest(Shape):
    """Why a copy is made: who asked for it, and how she showed who she is."""

    reason = Text(200, shortest=2, required=True)


class HeldValue(Shape):
    """Something that is held: the column, what it is called, what stands there."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    value = fields.String(required=True)


class HeldRow(Shape):
    """A row that holds something of hers."""

    table = fields.String(required=True)
    title = fields.String(required=True)
    values = fields.List(fields.Nested(HeldValue), required=True)


class ActShape(Shape):
    """An act about her or in her name; ``access`` where somebody read her data in full."""

    seq = fields.Integer(required=True)
    at = Instant(required=True)
    what = fields.String(required=True)
    action = fields.String(required=True)
    by = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    access = fields.Boolean(required=True)


class CopyShape(Shape):
    """All that is held of a resident and was done in her name; ``full`` is false in a late replay, which is empty."""

    id = fields.String(required=True)
    resident_id = fields.String(required=True)
    name = fields.String(required=True)
    made_at = Instant(required=True)
    full = fields.Boolean(required=True)
    held = fields.List(fields.Nested(HeldRow), required=True)
    acts = fields.List(fields.Nested(ActShape), required=True)
    accesses = fields.List(fields.Nested(ActShape), required=True)


class Wanted(Shape):
    """How it should read instead; what is left out is right."""

    name = Text(60)
    phone = Text(40)
    address = Text(200)
    id_number = Text(40)


class NewCorrection(Shape):
    """What is wrong, and how she showed it."""

    wanted = fields.Nested(Wanted, required=True)
    grounds = Text(500, lines=True, required=True)


class CorrectionRefusal(Shape):
    """Why it stays as it is."""

    reason = Text(500, lines=True, required=True)


class CorrectionsQuery(ListQuery):
    """Corrections in these states (``all``: whatever), of these units; open ones unless asked otherwise."""

    state = fields.List(fields.String(validate=one_of((*rules.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class WhoShape(Shape):
    """An account."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class CorrectedResident(ResidentEntry):
    """Whom it is about; numbers masked."""

    class Meta:
        exclude = ("township_code",)


class CorrectionShape(Shape):
    """A correction; what is wanted is masked."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(rules.STATES))
    unit_code = fields.String(required=True)
    resident = nullable(CorrectedResident(), required=True)
    wanted = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    grounds = fields.String(required=True)
    asked_by = nullable(WhoShape(), required=True)
    asked_at = Instant(required=True)
    due_on = Day(required=True)
    answer = fields.String(required=True, allow_none=True)
    decided_by = nullable(WhoShape(), required=True)
    decided_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class _LogFilters(ListQuery):
    """Of which account (who acted), about what (an id), between which days."""

    account_id = Text(64, load_default=None)
    subject_id = Text(64, load_default=None)
    to = Day(load_default=None)


LogQuery = _LogFilters.from_dict({"from": Day(load_default=None)}, name="LogQuery")


class LogEntry(Shape):
    """Who did what, when, about whom; ``detail`` holds the reason, null once it was erased."""

    seq = fields.Integer(required=True)
    at = Instant(required=True)
    account = fields.Nested(WhoShape, required=True)
    role = fields.String(required=True)
    unit_code = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    what = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    changed = fields.List(fields.String(), required=True)
    detail = fields.Dict(required=True, allow_none=True)
