"""Accounts, sessions, failed tries, residents, full views."""
from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    PostgresqlDatabase,
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Base):
        id = CharField(primary_key=True, max_length=36)
        username = CharField(max_length=64, unique=True)
        name = CharField(max_length=60)
        role = CharField(max_length=16)
        unit_code = CharField(max_length=12, null=True)
        department_code = CharField(max_length=16, null=True)
        phone = CharField(max_length=32, null=True)
        password_hash = CharField(max_length=200)
        password_until_at = BigIntegerField(null=True)
        password_generation = IntegerField(default=0)
        totp_sealed = BlobField(null=True)
        totp_step = BigIntegerField(default=0)
        totp_confirmed_at = BigIntegerField(null=True)
        disabled_at = BigIntegerField(null=True)
        proposed_by = CharField(max_length=64, null=True)
        approval_by = CharField(max_length=64, null=True)
        sample = BooleanField(default=False)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "role", "id"), False),
                (("department_code", "id"), False),
                (("role", "id"), False),
            )

    class Session(Base):
        id = CharField(primary_key=True, max_length=36)
        token_hash = CharField(max_length=64, unique=True)
        account_id = CharField(max_length=36, index=True)
        device_name = CharField(max_length=100, null=True)
        made_at = BigIntegerField()
        expires_at = BigIntegerField(index=True)
        version = IntegerField(default=1)

    class FailedTry(Base):
        subject = CharField(max_length=80)
        kind = CharField(max_length=16)
        times = IntegerField()
        since_at = BigIntegerField()
        until_at = BigIntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("kind", "subject")

    class Resident(Base):
        id = CharField(primary_key=True, max_length=36)
        township_code = CharField(max_length=12)
        name = CharField(max_length=60)
        pinyin = CharField(max_length=200)
        initials = CharField(max_length=60)
        id_number_sealed = BlobField(null=True)
        id_number_index = BlobField(null=True)
        phone_sealed = BlobField(null=True)
        phone_index = BlobField(null=True)
        address_sealed = BlobField(null=True)
        made_at = BigIntegerField()
        erased_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("township_code", "id_number_index"), True),
                (("phone_index", "township_code"), False),
                (("id_number_index",), False),
                (("township_code", "name", "id"), False),
                (("township_code", "pinyin", "id"), False),
                (("township_code", "initials", "id"), False),
                (("name", "id"), False),
                (("pinyin", "id"), False),
                (("initials", "id"), False),
            )

    class ResidentReader(Base):
        resident_id = CharField(max_length=36)
        reader_code = CharField(max_length=16)
        name = CharField(max_length=60)
        pinyin = CharField(max_length=200)
        initials = CharField(max_length=60)

        class Meta:
            primary_key = CompositeKey("resident_id", "reader_code")
            indexes = (
                (("reader_code", "name", "resident_id"), False),
                (("reader_code", "pinyin", "resident_id"), False),
                (("reader_code", "initials", "resident_id"), False),
            )

    class FullView(Base):
        id = CharField(primary_key=True, max_length=36)
        account_id = CharField(max_length=36)
        resident_id = CharField(max_length=36)
        viewed_at = BigIntegerField()

        class Meta:
            indexes = ((("account_id", "viewed_at"), False),)

    db.create_tables([Account, Session, FailedTry, Resident, ResidentReader, FullView], safe=False)
    if isinstance(db, PostgresqlDatabase):
        _compare_bytewise(db)


def _compare_bytewise(db):
    """Have PostgreSQL order and range over names as SQLite does, so that prefixes use the index."""
    for table in ("resident", "resident_reader"):
        for column, length in (("name", 60), ("pinyin", 200), ("initials", 60)):
            db.execute_sql(
                f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"'
            )
