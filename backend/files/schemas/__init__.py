"""The wire shapes of files: kept, arriving, announced."""
from marshmallow import fields, validate

from backend.core.shapes import Code, ListQuery, Shape, Whole, nullable, one_of
from backend.files import rules
from backend.files.rules import announced, resumable

UNIT_CODE = r"[0-9]{12}"
MEDIA = (*rules.PICTURES, rules.PDF)


class FileShape(Shape):
    """A kept file; its content is at ``/files/{sha256}``."""

    id = fields.String(required=True)
    sha256 = fields.String(required=True)
    media_type = fields.String(required=True, validate=one_of(MEDIA))
    size = fields.Integer(required=True)
    version = fields.Integer(required=True)


class UploadShape(Shape):
    """A file that arrives in parts; ``offset`` is how much of ``length`` is there, ``refusal`` a problem's slug."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=one_of(resumable.STATES))
    unit_code = fields.String(required=True)
    offset = fields.Integer(required=True)
    length = fields.Integer(required=True)
    made_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)
    file = nullable(FileShape(), required=True)


class UploadQuery(ListQuery):
    """Which uploads; all states unless named."""

    state = fields.List(fields.String(validate=one_of((*resumable.STATES, "all"))), load_default=[])


class ExpectedFileShape(Shape):
    """A file that a phone will send, with the id that it will have."""

    id = Code(announced.IDENTIFIER, required=True)
    media_type = fields.String(validate=one_of(MEDIA))
    size = Whole(1, resumable.MOST_BYTES)


class Announce(Shape):
    """Files to come."""

    files = fields.List(
        fields.Nested(ExpectedFileShape()), required=True, validate=validate.Length(1, announced.MOST)
    )


class Uploader(Shape):
    id = fields.String(required=True)
    name = fields.String(required=True)


class FileSubject(Shape):
    type = fields.String(required=True)
    id = fields.String(required=True)


class PendingFile(Shape):
    """A file that is still on its way; ``length`` is null where nobody has said it yet."""

    id = fields.String(required=True)
    announced_at = fields.DateTime(required=True)
    offset = fields.Integer(required=True)
    length = fields.Integer(required=True, allow_none=True)


class AnnouncementShape(PendingFile):
    """An announced file: from whom, for what, whether it came or is overdue, why it was refused."""

    unit_code = fields.String(required=True)
    account = fields.Nested(Uploader(), required=True)
    state = fields.String(required=True, validate=one_of((announced.PENDING, announced.ARRIVED)))
    overdue = fields.Boolean(required=True)
    media_type = fields.String(required=True, allow_none=True)
    arrived_at = fields.DateTime(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)
    subjects = fields.List(fields.Nested(FileSubject()), required=True)


class Announced(Shape):
    """What was announced, in its order."""

    items = fields.List(fields.Nested(AnnouncementShape()), required=True)


class AnnouncementQuery(ListQuery):
    """Which announcements; what is still to come unless named."""

    state = fields.List(fields.String(validate=one_of((*announced.STATES, "all"))), load_default=[])
    unit_code = fields.List(Code(UNIT_CODE), load_default=[])
