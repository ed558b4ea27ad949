"""Files that arrive in parts, and files announced before they arrive."""
from peewee import BigIntegerField, BlobField, CharField, Check, CompositeKey, IntegerField, Model


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Upload(Base):
        id = CharField(primary_key=True, max_length=36)
        account_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        length = IntegerField()
        received = IntegerField(default=0)
        parts = IntegerField(default=0)
        state = CharField(max_length=16)
        refusal = CharField(max_length=64, null=True)
        made_at = BigIntegerField()
        expires_at = BigIntegerField()

        class Meta:
            constraints = [Check("length > 0 AND received >= 0 AND received <= length AND parts >= 0")]
            indexes = (
                (("account_id", "state"), False),
                (("account_id", "made_at", "id"), False),
                    (("state", "expires_at"), False),
            )

    class UploadChunk(Base):
        id = CharField(primary_key=True, max_length=48)
        upload_id = CharField(max_length=36)
        start = IntegerField()
        size = IntegerField()
        sealed = BlobField()

        class Meta:
            indexes = ((("upload_id", "start"), True),)

    class ExpectedFile(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        media_type = CharField(max_length=64, null=True)
        size = IntegerField(null=True)
        state = CharField(max_length=16)
        announced_at = BigIntegerField()
        arrived_at = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (("unit_code", "state", "announced_at", "id"), False),
                (("township_code", "state", "announced_at", "id"), False),
                (("district_code", "state", "announced_at", "id"), False),
                (("arrived_at",), False),
            )

    class ExpectedUse(Base):
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=64)
        file_id = CharField(max_length=36, index=True)

        class Meta:
            primary_key = CompositeKey("subject_type", "subject_id", "file_id")

    db.create_tables([Upload, UploadChunk, ExpectedFile, ExpectedUse], safe=False)
