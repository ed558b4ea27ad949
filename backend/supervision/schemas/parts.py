"""Shapes that all of supervision shares: bodies, accounts, lists by state, reasons."""
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.core.shapes import Code, ListQuery, Shape, Text, one_of

IDENTIFIER = r"[A-Za-z0-9-]{1,36}"
UNIT_CODE, DEPARTMENT = r"[0-9]{12}", r"[A-Za-z0-9_-]{1,16}"
MOST = 20


class BodyIn(Shape):
    """The one body that it is about: ``unit_code`` or ``department_code``."""

    unit_code = Code(UNIT_CODE)
    department_code = Code(DEPARTMENT)

    @validates_schema
    def exactly_one(self, data: dict[str, Any], **_: Any) -> None:
        """Both, or neither, is refused."""
        if ("unit_code" in data) == ("department_code" in data):
            raise ValidationError("Give either unit_code or department_code.", "unit_code")


class GivenReason(Shape):
    """Why."""

    reason = Text(1000, lines=True, required=True)


class GivenText(Shape):
    """What is said."""

    text = Text(4000, lines=True, required=True)


class SupervisionActor(Shape):
    """An account, by name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class BodyShape(Shape):
    """A body as rows about it show it: one of the codes is null; the name is that of the time."""

    unit_code = fields.String(required=True, allow_none=True)
    department_code = fields.String(required=True, allow_none=True)
    target_name = fields.String(required=True)


def listed(values: tuple[str, ...]) -> fields.List:
    """A filter by these words, repeated = or."""
    return fields.List(fields.String(validate=one_of(values)), load_default=list, validate=validate.Length(max=MOST))


class BodiesQuery(ListQuery):
    """Of these bodies, repeated = or."""

    unit_code = fields.List(Code(UNIT_CODE), load_default=list, validate=validate.Length(max=MOST))
    department_code = fields.List(Code(DEPARTMENT), load_default=list, validate=validate.Length(max=MOST))
