"""Months told to the public, which never change; corrections; indexes of the ledger for who read and who granted."""
from peewee import (
    BigIntegerField,
    BlobField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

READ = "outcome = 'read' OR action IN ('resident.full_view', 'appointment.full_view', 'register.export')"
GRANT = (
    "action IN ('account.create', 'account.edit', 'account.enable', 'account.disable', 'account.approve', "
    "'account.password_reset', 'post.change')"
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class OpenFigures(Base):
        district_code = CharField(max_length=12)
        month = CharField(max_length=7)
        body = TextField()
        content_sha256 = CharField(max_length=64)
        summary = TextField()
        issued_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("district_code", "month")

    class Correction(Base):
        id = CharField(primary_key=True, max_length=36)
        resident_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        fields = CharField(max_length=100)
        asked_sealed = BlobField(null=True)
        asked_by = CharField(max_length=36)
        asked_at = BigIntegerField()
        due_on = CharField(max_length=10)
        answer = TextField(null=True)
        decided_by = CharField(max_length=36, null=True)
        decided_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
                (("resident_id", "id"), False),
            )

    db.create_tables([OpenFigures, Correction], safe=False)
    db.execute_sql(f"CREATE INDEX ledger_entry_read ON ledger_entry (seq) WHERE {READ}")
    db.execute_sql(f"CREATE INDEX ledger_entry_reader ON ledger_entry (actor, seq) WHERE {READ}")
    db.execute_sql(f"CREATE INDEX ledger_entry_grant ON ledger_entry (seq) WHERE {GRANT}")
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE FUNCTION open_figures_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''what the public was told never changes''; END'"
        )
        db.execute_sql(
            "CREATE TRIGGER open_figures_told BEFORE UPDATE OR DELETE ON open_figures "
            "FOR EACH ROW EXECUTE FUNCTION open_figures_refuse()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER open_figures_no_{act.lower()} BEFORE {act} ON open_figures "
            "BEGIN SELECT RAISE(ABORT, 'what the public was told never changes'); END"
        )
