"""Notices, receipts seen, call tasks of any subject instead of errands alone, and who takes no text messages."""
from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Notice(Base):
        id = CharField(primary_key=True, max_length=36)
        template = CharField(max_length=48)
        dedupe = CharField(max_length=160, unique=True)
        state = CharField(max_length=16)
        audience = CharField(max_length=16)
        recipient_id = CharField(max_length=36)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=64)
        subject_number = CharField(max_length=64, null=True)
        unit_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        address_sealed = BlobField(null=True)
        values_sealed = BlobField(null=True)
        at_most_once = BooleanField()
        not_before_at = BigIntegerField()
        not_after_at = BigIntegerField(null=True)
        next_at = BigIntegerField()
        first_at = BigIntegerField(null=True)
        failures = IntegerField(default=0)
        trouble = CharField(max_length=64, null=True)
        channel = CharField(max_length=16, null=True)
        provider_id = CharField(max_length=80, null=True)
        made_at = BigIntegerField()
        sent_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        read_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("audience", "state", "next_at", "id"), False),
                (("district_code", "state", "id"), False),
                (("unit_code", "state", "id"), False),
                (("recipient_id", "id"), False),
                (("recipient_id", "read_at", "id"), False),
                (("subject_type", "subject_id", "id"), False),
                (("provider_id",), False),
            )

    class ReceiptNonce(Base):
        nonce = CharField(primary_key=True, max_length=64)
        seen_at = BigIntegerField(index=True)

    class CallTask(Base):
        id = CharField(primary_key=True, max_length=36)
        dedupe = CharField(max_length=200, unique=True)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=64)
        subject_number = CharField(max_length=64, null=True)
        resident_id = CharField(max_length=36, null=True)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        reason = CharField(max_length=48)
        state = CharField(max_length=16)
        reached = BooleanField(null=True)
        note = TextField(null=True)
        account_id = CharField(max_length=36, null=True)
        made_at = BigIntegerField()
        called_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
                (("subject_type", "subject_id", "id"), False),
            )

    db.execute_sql(
        "CREATE TABLE call_task_before AS SELECT c.*, e.number, e.resident_id, e.township_code, e.district_code "
        "FROM call_task c JOIN errand e ON e.id = c.errand_id"
    )
    db.execute_sql("DROP TABLE call_task")
    db.create_tables([Notice, ReceiptNonce, CallTask], safe=False)
    db.execute_sql(
        "INSERT INTO call_task (id, dedupe, subject_type, subject_id, subject_number, resident_id, unit_code, "
        "township_code, district_code, reason, state, reached, note, account_id, made_at, called_at, version) "
        "SELECT id, 'before:' || id, 'errand', errand_id, number, resident_id, unit_code, township_code, "
        "district_code, reason, state, reached, note, account_id, made_at, called_at, version FROM call_task_before"
    )
    db.execute_sql("DROP TABLE call_task_before")
    flag = "BOOLEAN NOT NULL DEFAULT TRUE" if isinstance(db, PostgresqlDatabase) else "INTEGER NOT NULL DEFAULT 1"
    db.execute_sql(f"ALTER TABLE resident ADD COLUMN takes_sms {flag}")
