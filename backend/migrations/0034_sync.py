"""Devices, what they pushed, conflicts that a person decides; problems that staff report to the township."""
from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

INBOX = "state IS NOT NULL"


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class SyncDevice(Base):
        id = CharField(primary_key=True, max_length=36)
        account_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        name = CharField(max_length=100)
        made_at = BigIntegerField()
        next_n = IntegerField(default=1)
        forgotten_n = IntegerField(default=0)
        last_push_at = BigIntegerField(null=True)
        outbox_size = IntegerField(null=True)
        held_rows = IntegerField(null=True)
        rejected = IntegerField(default=0)
        conflicts = IntegerField(default=0)
        clock_skew_seconds = IntegerField(null=True)
        revoked_at = BigIntegerField(null=True)
        revoked_by = CharField(max_length=36, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("account_id", "id"), False),
                (("township_code", "id"), False),
                (("district_code", "id"), False),
            )

    class SyncSession(Base):
        session_id = CharField(max_length=36)
        device_id = CharField(max_length=36, index=True)

        class Meta:
            primary_key = CompositeKey("session_id", "device_id")

    class SyncResult(Base):
        id = CharField(primary_key=True, max_length=36)
        device_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        n = IntegerField()
        mutation_id = CharField(max_length=64, null=True)
        digest = BlobField()
        type = CharField(max_length=48)
        entity_id = CharField(max_length=64, null=True)
        status = CharField(max_length=16)
        data = TextField(null=True)
        problem = TextField(null=True)
        receipt = CharField(max_length=90, null=True)
        occurred_at = BigIntegerField(null=True)
        received_at = BigIntegerField(index=True)
        skewed = BooleanField(default=False)
        payload_sealed = BlobField(null=True)
        resident_id = CharField(max_length=36, null=True)
        kind = CharField(max_length=16, null=True)
        state = CharField(max_length=16, null=True)
        settled_by = CharField(max_length=36, null=True)
        settled_at = BigIntegerField(null=True)
        note = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("account_id", "mutation_id", "digest"), True),
                (("device_id", "n"), False),
            )

    class SyncConflict(Base):
        id = CharField(primary_key=True, max_length=36)
        result_id = CharField(max_length=36)
        device_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=36)
        resident_id = CharField(max_length=36)
        fields = TextField()
        values_sealed = BlobField(null=True)
        opened_at = BigIntegerField()
        state = CharField(max_length=16)
        choice = CharField(max_length=16, null=True)
        resolved_by = CharField(max_length=36, null=True)
        resolved_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("account_id", "state", "id"), False),
                (("unit_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
                (("resident_id", "id"), False),
                (("resolved_at",), False),
            )

    class FieldProblem(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        account_id = CharField(max_length=36)
        errand_id = CharField(max_length=36, null=True)
        resident_id = CharField(max_length=36, null=True)
        text = TextField()
        asked_of = CharField(max_length=200, null=True)
        file_ids = TextField()
        raised_at = BigIntegerField()
        due_on = CharField(max_length=10)
        answer = TextField(null=True)
        answered_by = CharField(max_length=36, null=True)
        answered_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
                (("resident_id", "id"), False),
            )

    db.create_tables([SyncDevice, SyncSession, SyncResult, SyncConflict, FieldProblem], safe=False)
    for name, columns, where in (
        ("sync_result_own", "account_id, state, id", INBOX),
        ("sync_result_unit", "unit_code, state, id", INBOX),
        ("sync_result_township", "township_code, state, id", INBOX),
        ("sync_result_district", "district_code, state, id", INBOX),
        ("sync_result_resident", "resident_id", "resident_id IS NOT NULL"),
    ):
        db.execute_sql(f"CREATE INDEX {name} ON sync_result ({columns}) WHERE {where}")
