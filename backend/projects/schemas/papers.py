"""Papers of projects on the wire."""
from marshmallow import fields

from backend.core.shapes import Code, Instant, Shape, Text, one_of
from backend.files.schemas import MEDIA
from backend.projects.schemas.projects import IDENTIFIER
from backend.projects.schemas.templates import codes


class NewPaper(Shape):
    """A paper, handed in at POST /files before, and the procedures that need it."""

    name = Text(200, required=True)
    file_id = Code(IDENTIFIER, required=True)
    procedure_codes = codes(load_default=list)


class Sharing(Shape):
    """All the procedures that need the paper."""

    procedure_codes = codes(required=True)


class PaperWithdrawal(Shape):
    reason = Text(500, lines=True, required=True)


class PaperShape(Shape):
    """A paper of a project; its content stands at ``content`` below it."""

    id = fields.String(required=True)
    project_id = fields.String(required=True)
    name = fields.String(required=True)
    file_id = fields.String(required=True)
    sha256 = fields.String(required=True)
    media_type = fields.String(required=True, validate=one_of(MEDIA))
    size = fields.Integer(required=True)
    procedure_codes = fields.List(fields.String(), required=True)
    made_at = Instant(required=True)
    withdrawn_at = Instant(required=True, allow_none=True)
    version = fields.Integer(required=True)
