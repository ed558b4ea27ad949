"""Shapes of rosters, of who is on duty and on call, of leaves and swaps."""
from typing import Any

from marshmallow import fields, pre_load, validate

from backend.core.daytime import END, TIME
from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, Whole, nullable, one_of
from backend.people.rules import absences, rosters
from backend.people.schemas.posts import ACCOUNT

UNIT = r"[0-9]{12}"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
SERVICE = r"[A-Za-z0-9_-]{1,32}"
MOST_SHIFTS = 2000
TOLD = frozenset({"unit_code", "month", "published_at", "late", "changed_since", "version", "people"})


def _begins(field: type[fields.Field], *args: Any, **more: Any) -> fields.Field:
    return field(*args, data_key="from", attribute="from", **more)


class ShiftShape(Shape):
    """Who stands at which desk, when, for which services (none named: all), and who stands in for him."""

    date = Day(required=True)
    account_id = Code(ACCOUNT, required=True)
    desk = Text(16, shortest=0, load_default="")
    _from = _begins(Code, TIME, required=True)
    to = Code(END, required=True)
    services = fields.List(Code(SERVICE), load_default=list, validate=validate.Length(0, 50))
    kind = fields.String(load_default=rosters.DUTY, validate=one_of(rosters.KINDS))
    stand_in_id = Code(ACCOUNT, load_default=None, allow_none=True)


class ContactShape(Shape):
    """Whom callers reach from closing of a day until the next morning."""

    date = Day(required=True)
    account_id = Code(ACCOUNT, required=True)


class RosterBody(Shape):
    """The whole roster of the month; what is left out is no longer on it."""

    shifts = fields.List(fields.Nested(ShiftShape()), required=True, validate=validate.Length(0, MOST_SHIFTS))
    on_call = fields.List(fields.Nested(ContactShape()), load_default=list, validate=validate.Length(0, 31))

    @pre_load
    def leave_out_told(self, data: Any, **_: Any) -> Any:
        """What was read may be written back: what the server tells besides is no part of it."""
        return {name: data[name] for name in data if name not in TOLD} if isinstance(data, dict) else data


class Colleague(Shape):
    """An account's name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class PlannedShift(Shape):
    """A shift as it stands on the roster; ``stand_in_id`` where there is one."""

    date = Day(required=True)
    account_id = fields.String(required=True)
    desk = fields.String(required=True)
    _from = _begins(Code, TIME, required=True)
    to = Code(END, required=True)
    services = fields.List(fields.String(), required=True)
    kind = fields.String(required=True, validate=one_of(rosters.KINDS))
    stand_in_id = fields.String()


class RosterHead(Shape):
    """A month's roster: ``late`` when it was not out before its month, ``changed_since`` it was published."""

    unit_code = Code(UNIT, required=True)
    month = Code(MONTH, required=True)
    published_at = Instant(required=True, allow_none=True)
    late = Flag(required=True)
    changed_since = Flag(required=True)
    version = Whole(required=True)


class RosterShape(RosterHead):
    """A month's roster with the names of those on it."""

    shifts = fields.List(fields.Nested(PlannedShift()), required=True)
    on_call = fields.List(fields.Nested(ContactShape()), required=True)
    people = fields.List(fields.Nested(Colleague()), required=True)


DutyQuery = Shape.from_dict({"from": Day(load_default=None), "to": Day(load_default=None)}, name="DutyQuery")
"""From one day to another, both inside; today where none is named."""


class DutyEntry(Shape):
    """Somebody on duty, after leave, swaps and stand-ins."""

    date = Day(required=True)
    account = fields.Nested(Colleague(), required=True)
    desk = fields.String(required=True)
    _from = _begins(Code, TIME, required=True)
    to = Code(END, required=True)
    services = fields.List(fields.String(), required=True)
    kind = fields.String(required=True, validate=one_of(rosters.KINDS))


class DutyShape(Shape):
    """Who is on duty at a unit."""

    unit_code = Code(UNIT, required=True)
    items = fields.List(fields.Nested(DutyEntry()), required=True)


class OnCallQuery(Shape):
    """The day whose evening and night is meant; left out: now."""

    date = Day(load_default=None)


class Office(Shape):
    """The unit that answers: the one asked for, or one above it."""

    code = Code(UNIT, required=True)
    name = fields.String(required=True)


class OnCallShape(Shape):
    """Whom to ring after hours: named in the roster, holder of a duty post, or an office's phone."""

    unit_code = Code(UNIT, required=True)
    date = Day(required=True)
    source = fields.String(required=True, validate=one_of(("roster", "post", "office")))
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    office = fields.Nested(Office(), required=True)


class AbsenceQuery(ListQuery):
    """Filters of leaves and swaps; a repeated one means or, none means all."""

    unit_code = fields.List(Code(UNIT), load_default=list, validate=validate.Length(0, 20))
    state = fields.List(fields.String(validate=one_of(absences.STATES)), load_default=list)


class NewLeave(Shape):
    """Leave, both days inside; for oneself where no account is named."""

    account_id = Code(ACCOUNT, load_default=None)
    _from = _begins(Day, required=True)
    to = Day(required=True)
    reason = Text(200, load_default="")


class NewSwap(Shape):
    """All shifts of a day at a unit for all of a colleague's of another; without ``with_date`` he takes them over."""

    unit_code = Code(UNIT, load_default=None)
    account_id = Code(ACCOUNT, load_default=None)
    date = Day(required=True)
    with_account_id = Code(ACCOUNT, required=True)
    with_date = Day(load_default=None, allow_none=True)
    reason = Text(200, load_default="")


class Decision(Shape):
    """Approved unless told otherwise; a refusal needs a note."""

    approved = Flag(load_default=True)
    note = Text(200, load_default=None, allow_none=True)


class Agreement(Shape):
    """Agreed unless told otherwise."""

    agreed = Flag(load_default=True)


class _Asked(Shape):
    id = fields.String(required=True)
    unit_code = Code(UNIT, required=True)
    account = fields.Nested(Colleague(), required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(absences.STATES))
    asked_by = fields.Nested(Colleague(), required=True)
    asked_at = Instant(required=True)
    decided_by = nullable(Colleague(), required=True)
    decided_at = Instant(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    version = Whole(1, required=True)


class LeaveEntry(_Asked):
    """A leave, both days inside; it counts while approved."""

    _from = _begins(Day, required=True)
    to = Day(required=True)


class Uncovered(Shape):
    """A shift for which nobody stands in."""

    unit_code = Code(UNIT, required=True)
    date = Day(required=True)
    desk = fields.String(required=True)
    _from = _begins(Code, TIME, required=True)
    to = Code(END, required=True)


class LeaveShape(LeaveEntry):
    """A leave, and the shifts of its days (a hundred at most) for which the roster names no stand-in."""

    without_stand_in = fields.List(fields.Nested(Uncovered()), required=True)


class SwapShape(_Asked):
    """A swap of days; ``with_date`` null: the colleague takes the shifts over."""

    date = Day(required=True)
    with_account = fields.Nested(Colleague(), required=True)
    with_date = Day(required=True, allow_none=True)
    agreed_at = Instant(required=True, allow_none=True)
