"""The wire shape of a file's entry."""
from marshmallow import fields

from backend.core.shapes import Shape, one_of
from backend.files import rules

MEDIA = (*rules.PICTURES, rules.PDF)


class FileShape(Shape):
    """A kept file; its content is at ``/files/{sha256}``."""

    id = fields.String(required=True)
    sha256 = fields.String(required=True)
    media_type = fields.String(required=True, validate=one_of(MEDIA))
    size = fields.Integer(required=True)
    version = fields.Integer(required=True)
