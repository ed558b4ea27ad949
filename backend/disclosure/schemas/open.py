"""Shapes of open government."""
from marshmallow import fields

from backend.clocks.schemas.calendar import UNIT_CODE
from backend.core.shapes import Code, Instant, ListQuery, Shape


class OpenEntryShape(Shape):
    """Something that is open to everybody: where a machine reads it, and where people do."""

    name = fields.String(required=True)
    what = fields.String(required=True)
    href = fields.String(required=True)
    page = fields.String(required=True, allow_none=True)


class OpenDirectoryShape(Shape):
    """What is open."""

    items = fields.List(fields.Nested(OpenEntryShape), required=True)


class OpenQuery(Shape):
    """Of which district: any unit of it; else the caller's own, else the installation's first."""

    unit_code = Code(UNIT_CODE, load_default=None)


class PageQuery(ListQuery):
    """Of which district or township, a page at a time."""

    unit_code = Code(UNIT_CODE, load_default=None)


class OpenOfficeShape(Shape):
    """A service point: where, its telephone, its card."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent_code = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    card = fields.String(required=True)


class MonthFiguresShape(Shape):
    """A group's figures; null where fewer than five persons stand on a side of one, alone or by subtraction."""

    finished = fields.Integer(required=True, allow_none=True)
    average_working_days = fields.Float(required=True, allow_none=True)
    speed_up_percent = fields.Float(required=True, allow_none=True)
    overdue = fields.Integer(required=True, allow_none=True)
    trips_per_errand = fields.Float(required=True, allow_none=True)
    rated = fields.Integer(required=True, allow_none=True)
    content_percent = fields.Float(required=True, allow_none=True)


class OpenLineShape(MonthFiguresShape):
    """A township or department; ``code`` is null where several small ones are told together."""

    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)


class OpenPromisedShape(Shape):
    """What the catalogue promised when the month was over."""

    items = fields.Integer(required=True)
    by_kind = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    items_with_legal_limit = fields.Integer(required=True)
    legal_days = fields.Integer(required=True)
    promised_days = fields.Integer(required=True)
    speed_up_percent = fields.Float(required=True, allow_none=True)
    speed_up_mean_of_items_percent = fields.Float(required=True, allow_none=True)


class DeemedDepartmentShape(Shape):
    """How often a department's silence or absence counted as consent."""

    department_code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    times = fields.Integer(required=True)


class OpenDeemedShape(Shape):
    """Consents by silence or absence; never approvals."""

    total = fields.Integer(required=True)
    revoked = fields.Integer(required=True)
    departments = fields.List(fields.Nested(DeemedDepartmentShape), required=True)


class OpenDistrictShape(Shape):
    """The district by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class OpenMonthShape(Shape):
    """A month as it was told."""

    month = fields.String(required=True)
    district = fields.Nested(OpenDistrictShape, required=True)
    smallest = fields.Integer(required=True)
    total = fields.Nested(MonthFiguresShape, required=True)
    townships = fields.List(fields.Nested(OpenLineShape), required=True)
    departments = fields.List(fields.Nested(OpenLineShape), required=True)
    promised = fields.Nested(OpenPromisedShape, required=True)
    deemed_consents = fields.Nested(OpenDeemedShape, required=True)
    content_sha256 = fields.String(required=True)
    version = fields.Integer(required=True)


class ListedMonthShape(Shape):
    """A told month in the list."""

    month = fields.String(required=True)
    content_sha256 = fields.String(required=True)
    total = fields.Nested(MonthFiguresShape, required=True)
    issued_at = Instant(required=True)
