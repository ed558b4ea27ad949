"""Shapes of units and departments on the wire."""
from marshmallow import fields, validate

from backend.core.daytime import TIME
from backend.core.shapes import Code, Day, Flag, ListQuery, Real, Shape, Text, Whole, nullable, one_of
from backend.org.rules.words import Level, SiteType, Status

UNIT_CODE = r"[0-9]{12}"
STANDING = ("true", "false", "all")
LEVELS = [level.value for level in Level]
SITE_TYPES = [kind.value for kind in SiteType]
STATUSES = [status.value for status in Status]


def _most(count: int) -> validate.Length:
    return validate.Length(0, count)


class PeriodShape(Shape):
    """From one time of the day to another."""

    _from = Code(TIME, required=True, data_key="from", attribute="from")
    to = Code(TIME, required=True)


class OfficeHoursShape(Shape):
    """Hours of working days (make-up days too) and of days off; null: the installation's hours."""

    weekdays = fields.List(fields.Nested(PeriodShape()), required=True, validate=_most(6))
    weekends = fields.List(fields.Nested(PeriodShape()), validate=_most(6))
    note = Text(200)


class UnitShape(Shape):
    """A node of the tree."""

    code = Code(UNIT_CODE, required=True)
    name = fields.String(required=True)
    level = fields.String(required=True, validate=one_of(LEVELS))
    parent_code = Code(UNIT_CODE, required=True, allow_none=True)
    site_type = fields.String(required=True, allow_none=True, validate=one_of([*SITE_TYPES, None]))
    status = fields.String(required=True, validate=one_of(STATUSES))
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    latitude = Real(-90, 90, required=True, allow_none=True)
    longitude = Real(-180, 180, required=True, allow_none=True)
    office_hours = nullable(OfficeHoursShape(), required=True)
    valid_from = Day(required=True, allow_none=True)
    valid_to = Day(required=True, allow_none=True)
    successor_code = Code(UNIT_CODE, required=True, allow_none=True)
    in_office = Flag(required=True)
    version = Whole(1, required=True)


class UnitPatch(Shape):
    """What may be changed of a unit; what is not named stays."""

    name = Text(100)
    site_type = fields.String(allow_none=True, validate=one_of(SITE_TYPES))
    status = fields.String(validate=one_of(STATUSES))
    phone = Text(32, allow_none=True)
    address = Text(200, allow_none=True)
    latitude = Real(-90, 90, allow_none=True)
    longitude = Real(-180, 180, allow_none=True)
    office_hours = nullable(OfficeHoursShape())
    valid_to_on = Day(allow_none=True, data_key="valid_to")
    successor_code = Code(UNIT_CODE, allow_none=True)


class UnitQuery(ListQuery):
    """Which units: by level, parent, beginning of name, pinyin or initials; in office unless told otherwise."""

    level = fields.List(fields.String(validate=one_of(LEVELS)), load_default=list, validate=_most(5))
    parent_code = fields.List(Code(UNIT_CODE), load_default=list, validate=_most(20))
    q = Text(100, load_default=None)
    in_office = fields.String(validate=one_of(STANDING), load_default="true")


class DepartmentShape(Shape):
    """A department."""

    code = Code(required=True)
    name = fields.String(required=True)
    valid_to = Day(required=True, allow_none=True)
    successor_code = Code(required=True, allow_none=True)
    in_office = Flag(required=True)
    version = Whole(1, required=True)


class DepartmentQuery(ListQuery):
    """Which departments: those in office unless told otherwise."""

    in_office = fields.String(validate=one_of(STANDING), load_default="true")
