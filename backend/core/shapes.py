"""Fields and the base of all wire shapes: strict, so that what is documented is what is taken."""
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

INT32 = 2**31 - 1
LINE, PARAGRAPH = r"^[^\x00-\x1f\x7f]*$", r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class Shape(Schema):
    """A JSON object; unknown fields are refused."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """A line or a paragraph for people: 1–``longest`` characters, no control characters."""

    def __init__(self, longest: int = 200, *, shortest: int = 1, lines: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Length(shortest, longest))
        kwargs.setdefault("metadata", {})["pattern"] = PARAGRAPH if lines else LINE
        super().__init__(**kwargs)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        allowed = "\n\t\r" if self.lines else ""
        if any((char < " " and char not in allowed) or char == "\x7f" for char in value):
            raise ValidationError("Holds characters not allowed.")
        if value and not value.strip():
            raise ValidationError("Must not be blank.")
        return value


class Code(fields.String):
    """A code of upper- and lower-case letters, digits and hyphens."""

    def __init__(self, pattern: str = r"[A-Za-z0-9_-]{1,32}", **kwargs: Any) -> None:
        kwargs.setdefault(
            "validate", validate.Regexp(f"^{pattern}$(?!\n)", error="String does not match expected pattern.")
        )
        kwargs.setdefault("metadata", {})["pattern"] = f"^{pattern}$"
        super().__init__(**kwargs)


class Whole(fields.Integer):
    """A whole number of 32 bits; never a float, a flag or (outside a query) a text."""

    default_error_messages = {"invalid": "Not a valid whole number."}

    def __init__(self, least: int = 0, most: int = INT32, *, in_query: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Range(least, most))
        super().__init__(**kwargs)
        self.in_query = in_query

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if self.in_query:
            if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,10}", value):
                raise self.make_error("invalid")
            return int(value)
        if type(value) is not int:
            raise self.make_error("invalid")
        return value


class Real(fields.Float):
    """A number, as a float; never a text or a flag."""

    def __init__(self, least: float, most: float, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Range(least, most))
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) not in (int, float):
            raise self.make_error("invalid")
        return float(value)


class Flag(fields.Boolean):
    """true or false; in a query the words ``true`` and ``false``."""

    default_error_messages = {"invalid": "Not true or false."}

    def __init__(self, *, in_query: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.in_query = in_query

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        known: dict[Any, bool] = {"true": True, "false": False} if self.in_query else {}
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in known:
            return known[value]
        raise self.make_error("invalid")


class Day(fields.Date):
    """A date, ``2026-02-26``, of the years 1900–2199."""

    default_error_messages = {"invalid": "Not a valid date."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid")
        try:
            found = date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None
        if not 1900 <= found.year <= 2199:
            raise self.make_error("invalid")
        return found


class Week(fields.String):
    """An ISO week, ``2026-W09``, of the years 1900–2199; its Monday inside."""

    default_error_messages = {"invalid": "Not a valid week."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {})["pattern"] = "^[0-9]{4}-W[0-9]{2}$"
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _WEEK.fullmatch(value):
            raise self.make_error("invalid")
        try:
            found = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
        except ValueError:
            raise self.make_error("invalid") from None
        if not 1900 <= int(value[:4]) <= 2199:
            raise self.make_error("invalid")
        return found


class Instant(fields.DateTime):
    """An RFC 3339 instant with offset, of the years 1900–2199; UTC inside."""

    default_error_messages = {"invalid": "Not a valid instant with offset."}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise self.make_error("invalid")
        try:
            found = datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.make_error("invalid") from None
        if not 1900 <= found.year <= 2199:
            raise self.make_error("invalid")
        return found


class ClockOfPhone(Instant):
    """An instant by a clock that nobody set: one of a year that is none of ours counts as the nearest that may be."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            if not isinstance(value, str) or not _INSTANT.fullmatch(value) or 1900 < int(value[:4]) < 2199:
                raise
            nearest = f"{'2199-12-30' if int(value[:4]) > 1900 else '1970-01-02'}{value[10:]}"
            return super()._deserialize(nearest, attr, data, **kwargs)


def one_of(values: Any) -> validate.OneOf:
    """A validator for one of these words."""
    return validate.OneOf(list(values))


def nullable(schema: Schema | type[Schema], **kwargs: Any) -> fields.Nested:
    """A nested shape that may be null."""
    return fields.Nested(schema, allow_none=True, **kwargs)


class ListQuery(Shape):
    """The two parameters of every list."""

    limit = Whole(1, 200, in_query=True, load_default=50)
    cursor = fields.String(load_default=None, validate=validate.Length(1, 400))


class Empty(Shape):
    """The body of a transition that needs none: nothing, or ``{}``."""


_pages: dict[type[Schema], Schema] = {}


def page_of(item: Schema | type[Schema]) -> Schema:
    """The shape of a list's answer; the same one wherever the same things are listed."""
    shape = item if isinstance(item, type) else type(item)
    if shape not in _pages:
        members: Mapping[str, Any] = {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
        }
        _pages[shape] = Shape.from_dict(dict(members), name=f"{shape.__name__}Page")()
    return _pages[shape]
