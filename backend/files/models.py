"""Tables of files: what is kept (encrypted on disk, known by its hash), what arrives in parts, what was announced."""
from peewee import SQL, BlobField, CharField, Check, CompositeKey, IntegerField, ModelIndex

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


class Upload(Row):
    """A file that arrives in parts (tus 1.0); its id, made by the phone, becomes the file's."""

    id = CharField(primary_key=True, max_length=36)
    account_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    length = IntegerField()
    received = IntegerField(default=0)
    parts = IntegerField(default=0)
    state = CharField(max_length=16)
    refusal = CharField(max_length=64, null=True)
    made_at = InstantField()
    expires_at = InstantField()

    class Meta:
        constraints = [Check("length > 0 AND received >= 0 AND received <= length AND parts >= 0")]
        indexes = (
            (("account_id", "state"), False),
            (("account_id", "made_at", "id"), False),
            (("state", "expires_at"), False),
        )


class UploadChunk(Row):
    """One part of an upload, sealed; its id is the upload's and where it begins."""

    id = CharField(primary_key=True, max_length=48)
    upload_id = CharField(max_length=36)
    start = IntegerField()
    size = IntegerField()
    sealed = BlobField()

    class Meta:
        indexes = ((("upload_id", "start"), True),)


class ExpectedFile(Row):
    """A file that a phone has spoken of and sends when it can; text first, photos later."""

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    media_type = CharField(max_length=64, null=True)
    size = IntegerField(null=True)
    state = CharField(max_length=16)
    announced_at = InstantField()
    arrived_at = InstantField(null=True)

    class Meta:
        indexes = (
            (("unit_code", "state", "announced_at", "id"), False),
            (("township_code", "state", "announced_at", "id"), False),
            (("district_code", "state", "announced_at", "id"), False),
            (("arrived_at",), False),
        )


class ExpectedUse(Row):
    """What refers to an announced file: an errand, a visit, a problem."""

    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=64)
    file_id = CharField(max_length=36, index=True)

    class Meta:
        primary_key = CompositeKey("subject_type", "subject_id", "file_id")
