"""What an import of a paper register is shown as."""
from marshmallow import fields

from backend.core.shapes import Code, ListQuery, Shape, one_of
from backend.errands.rules import register
from backend.errands.schemas.shown import Person
from backend.errands.schemas.taken import UNIT_CODE


class ImportQuery(ListQuery):
    state = fields.List(fields.String(validate=one_of((*register.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])


class LineFault(Shape):
    """What is wrong, or only noteworthy, in one line of the sheet."""

    line = fields.Integer(required=True)
    column = fields.String(required=True)
    message = fields.String(required=True)


class ListedImport(Shape):
    """An import of a paper register as lists show it."""

    id = fields.String(required=True)
    unit_code = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(register.STATES))
    line_count = fields.Integer(required=True)
    error_count = fields.Integer(required=True)
    warning_count = fields.Integer(required=True)
    by = fields.Nested(Person(), required=True)
    made_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    confirmed_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class ShownImport(ListedImport):
    """An import with its report, line by line; the counts are whole where the lists are cut."""

    errors = fields.List(fields.Nested(LineFault()), required=True)
    warnings = fields.List(fields.Nested(LineFault()), required=True)
