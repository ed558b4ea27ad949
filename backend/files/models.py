"""Table of files: content-addressed, encrypted on disk, known by the hash of what is kept."""
from peewee import SQL, CharField, IntegerField, ModelIndex

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


File.add_index(ModelIndex(File, [SQL("substr(unit_code, 1, 9)"), File.made_at, File.id], name="file_of_township"))
"""Those of a township's units by when they came: what phones keep of them."""
