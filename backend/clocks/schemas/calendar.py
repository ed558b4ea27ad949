"""Wire shapes of the calendar."""
import re
from typing import Any

from marshmallow import fields, validate

from backend.clocks.rules import notices, words
from backend.clocks.rules.words import DayKind
from backend.core import workdays
from backend.core.shapes import Code, Day, Flag, Instant, ListQuery, Shape, Text, Whole, one_of

UNIT_CODE = "[0-9]{12}"
REASONS = (
    workdays.WORK, workdays.MAKEUP, workdays.REST, workdays.HOLIDAY, workdays.ACCEPTANCE_DAY,
    workdays.AFTER_CLOSE, workdays.SUSPENDED, workdays.INTERRUPTED, workdays.BEFORE_INTERRUPTION,
    workdays.CLOSURE,
)
_SPACED = re.compile(r"(.*[0-9]) ([0-9]{2}:[0-9]{2})")


class TypedInstant(Instant):
    """An instant in an address, where people type ``+08:00`` and the server reads a space."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            value = _SPACED.sub(r"\1+\2", value)
        return super()._deserialize(value, attr, data, **kwargs)


class Span(fields.String):
    """Two dates, ``2026-03-05/2026-03-10``."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        kwargs.setdefault("metadata", {})["pattern"] = pattern
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        first, _, last = super()._deserialize(value, attr, data, **kwargs).partition("/")
        day = Day()
        return day.deserialize(first), day.deserialize(last)


DaysQuery = Shape.from_dict(
    {"from": Day(required=True), "to": Day(required=True)}, name="CalendarDaysQuery"
)


class CalendarDayShape(Shape):
    """One date of the calendar."""

    date = fields.Date(required=True)
    kind = fields.String(required=True, validate=one_of(kind.value for kind in DayKind))
    name = fields.String(required=True, allow_none=True, metadata={"description": "holiday, where one"})
    provisional = fields.Boolean(required=True)


class CalendarDaysShape(Shape):
    """All dates of the stretch asked for; there is never a next page."""

    items = fields.List(fields.Nested(CalendarDayShape), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class DeadlineQuery(Shape):
    """A limit: from when (now, where left out), how many working days, and what stopped it."""

    accepted_at = TypedInstant(load_default=None)
    working_days = Whole(0, 250, in_query=True, required=True)
    suspended = fields.List(Span(), load_default=list, validate=validate.Length(max=50))
    interrupted = fields.List(Span(), load_default=list, validate=validate.Length(max=50))
    unit_code = Code(UNIT_CODE, load_default=None)


class ExplainedDayShape(Shape):
    """Whether a day counts, and why; ``text`` says it in the reader's language."""

    date = fields.Date(required=True)
    counted = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=one_of(REASONS))
    text = fields.String(required=True)


class DeadlineShape(Shape):
    """When a limit ends, day by day."""

    accepted_at = fields.DateTime(required=True)
    working_days = fields.Integer(required=True)
    due_at = fields.DateTime(required=True)
    provisional = fields.Boolean(required=True)
    days = fields.List(fields.Nested(ExplainedDayShape), required=True)


class ClosureBody(Shape):
    """A day on which the offices of a unit and all below it stay closed."""

    date = Day(required=True)
    unit_code = Code(UNIT_CODE, required=True)
    reason = Text(200, required=True)


class ClosureShape(Shape):
    """A closure."""

    id = fields.String(required=True)
    date = fields.Date(required=True)
    unit_code = fields.String(required=True)
    reason = fields.String(required=True)
    made_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class ClosuresQuery(ListQuery):
    """Closures that hold for any of these units."""

    unit_code = fields.List(Code(UNIT_CODE), load_default=list, validate=validate.Length(max=10))


class NoticeDayShape(Shape):
    """A day that a notice names, in holiday-cn form."""

    name = Text(notices.LONGEST_NAME, required=True)
    date = Day(required=True)
    isOffDay = Flag(required=True)


_NOTICE: dict[str, Any] = {
    "year": Whole(notices.FIRST_YEAR, notices.LAST_YEAR, required=True),
    "papers": fields.List(
        Text(notices.LONGEST_PAPER), load_default=list, validate=validate.Length(max=notices.MOST_PAPERS)
    ),
    "days": fields.List(
        fields.Nested(NoticeDayShape), required=True, validate=validate.Length(max=notices.MOST_DAYS)
    ),
}
_IGNORED = {
    name: fields.Raw(load_only=True, metadata={"description": "taken and ignored"}) for name in notices.IGNORED
}
NoticeBody = Shape.from_dict(_NOTICE | _IGNORED, name="CalendarNotice")


class ImportQuery(Shape):
    """``dry_run=true`` shows what would change and writes nothing."""

    dry_run = Flag(in_query=True, load_default=False)


class ChangedDayShape(Shape):
    """A date whose kind or name a notice changes."""

    date = fields.Date(required=True)
    before = fields.String(required=True, validate=one_of(kind.value for kind in DayKind))
    after = fields.String(required=True, validate=one_of(kind.value for kind in DayKind))
    name = fields.String(required=True, allow_none=True)


class YearShape(Shape):
    """A loaded notice, in holiday-cn form."""

    year = fields.Integer(required=True)
    papers = fields.List(fields.String(), required=True)
    days = fields.List(fields.Nested(NoticeDayShape), required=True)
    imported_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)


class ImportShape(YearShape):
    """What an import changed, or would change (``dry_run``: nothing stored)."""

    imported_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)
    dry_run = fields.Boolean(required=True)
    difference = fields.List(fields.Nested(ChangedDayShape), required=True)


class NewSuspension(Shape):
    """Why a limit stands still (Administrative Licensing Law art. 45), and the written notice of it."""

    reason = fields.String(required=True, validate=one_of(words.STOP_REASONS))
    notice = Text(2000, lines=True, required=True)


class SuspensionEnd(Shape):
    """``resume``: the limit runs on; ``restart``: its whole budget begins anew."""

    mode = fields.String(required=True, validate=one_of(words.MODES))


class StopperShape(Shape):
    """Who stopped it."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class SuspensionShape(Shape):
    """A stretch in which all clocks of a case stood; while it lasts ``to_at`` and ``mode`` are null."""

    n = fields.Integer(required=True)
    reason = fields.String(required=True, validate=one_of(words.STOP_REASONS))
    notice = fields.String(required=True)
    from_at = fields.DateTime(required=True)
    to_at = fields.DateTime(required=True, allow_none=True)
    mode = fields.String(required=True, allow_none=True, validate=one_of((*words.MODES, None)))
    by = fields.Nested(StopperShape(), required=True)
    version = fields.Integer(required=True)
