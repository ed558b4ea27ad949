"""Table of files: content-addressed, encrypted on disk, known by the hash of what is kept."""
from peewee import CharField, IntegerField

from backend.core.db import InstantField, Row


class File(Row):
    """A stored file as its uploader's unit may see it; bytes stand in the data folder."""

    id = CharField(primary_key=True, max_length=36)
    sha256 = CharField(max_length=64)
    media_type = CharField(max_length=64)
    size = IntegerField()
    unit_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("sha256", "unit_code"), False),)
