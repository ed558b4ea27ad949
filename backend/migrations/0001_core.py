"""The ledger, idempotency keys, denials, the jobs' lease; triggers that keep the book append-only."""
import hashlib

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

APPEND_ONLY = ("ledger_entry", "ledger_checkpoint")


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class LedgerHead(Base):
        id = IntegerField(primary_key=True)
        seq = BigIntegerField()
        hash = BlobField()

    class LedgerEntry(Base):
        seq = BigIntegerField(primary_key=True)
        recorded_at = BigIntegerField()
        happened_at = BigIntegerField()
        actor = CharField(max_length=64)
        role = CharField(max_length=16)
        unit = CharField(max_length=12)
        device = CharField(max_length=64)
        action = CharField(max_length=48)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=64)
        scope = CharField(max_length=12)
        outcome = CharField(max_length=16)
        fields = CharField(max_length=500)
        commitment = BlobField()
        prev_hash = BlobField()
        hash = BlobField()

        class Meta:
            indexes = ((("subject_type", "subject_id", "seq"), False),)

    class LedgerDetail(Base):
        seq = BigIntegerField(primary_key=True)
        salt = BlobField(null=True)
        sealed = BlobField(null=True)
        erased_by = BigIntegerField(null=True)

    class LedgerCheckpoint(Base):
        seq = BigIntegerField(primary_key=True)
        hash = BlobField()
        made_at = BigIntegerField()
        signature = BlobField()

    class IdempotencyKey(Base):
        scope = CharField(max_length=64)
        key = CharField(max_length=128)
        route = CharField(max_length=300)
        digest = BlobField()
        ref = TextField(null=True)
        receipt = CharField(max_length=90, null=True)
        made_at = BigIntegerField(index=True)

        class Meta:
            primary_key = CompositeKey("scope", "key")

    class Denial(Base):
        account_id = CharField(max_length=64)
        hour_at = BigIntegerField()
        times = IntegerField()

        class Meta:
            primary_key = CompositeKey("account_id", "hour_at")

    class Lease(Base):
        name = CharField(primary_key=True, max_length=32)
        holder = CharField(max_length=64)
        token = BigIntegerField()
        expires = BigIntegerField()

    class JobRun(Base):
        job = CharField(max_length=48)
        scheduled_at = BigIntegerField()
        finished_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("job", "scheduled_at")

    db.create_tables(
        [LedgerHead, LedgerEntry, LedgerDetail, LedgerCheckpoint, IdempotencyKey, Denial, Lease, JobRun],
        safe=False,
    )
    genesis = hashlib.sha256(b"daiban ledger").digest()
    LedgerHead.insert(id=1, seq=0, hash=genesis).execute()
    Lease.insert(name="jobs", holder="", token=0, expires=0).execute()
    if isinstance(db, PostgresqlDatabase):
        _guard_postgresql(db)
    else:
        _guard_sqlite(db)


def _guard_sqlite(db):
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
    db.execute_sql(
        "CREATE TRIGGER ledger_detail_no_delete BEFORE DELETE ON ledger_detail "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
    db.execute_sql(
        "CREATE TRIGGER ledger_detail_erase_or_reseal BEFORE UPDATE ON ledger_detail "
        "WHEN NEW.seq <> OLD.seq OR NOT ("
        "(NEW.salt IS NULL AND NEW.sealed IS NULL AND NEW.erased_by IS NOT NULL) OR "
        "(NEW.salt = OLD.salt AND NEW.sealed IS NOT NULL AND NEW.erased_by IS NULL)) "
        "BEGIN SELECT RAISE(ABORT, 'a detail may only be erased or sealed anew'); END"
    )


def _guard_postgresql(db):
    db.execute_sql(
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''the ledger is append-only''; END'"
    )
    db.execute_sql(
        "CREATE FUNCTION ledger_detail_guard() RETURNS trigger LANGUAGE plpgsql AS '"
        "BEGIN IF NEW.seq = OLD.seq AND ("
        "(NEW.salt IS NULL AND NEW.sealed IS NULL AND NEW.erased_by IS NOT NULL) OR "
        "(NEW.salt = OLD.salt AND NEW.sealed IS NOT NULL AND NEW.erased_by IS NULL)) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION ''a detail may only be erased or sealed anew''; END'"
    )
    for table in (*APPEND_ONLY, "ledger_detail"):
        acts = "DELETE" if table == "ledger_detail" else "UPDATE OR DELETE"
        db.execute_sql(
            f"CREATE TRIGGER {table}_append_only BEFORE {acts} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        )
        db.execute_sql(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
        rights = "DELETE, TRUNCATE" if table == "ledger_detail" else "UPDATE, DELETE, TRUNCATE"
        db.execute_sql(f"REVOKE {rights} ON {table} FROM CURRENT_USER")
    db.execute_sql(
        "CREATE TRIGGER ledger_detail_erase_or_reseal BEFORE UPDATE ON ledger_detail "
        "FOR EACH ROW EXECUTE FUNCTION ledger_detail_guard()"
    )
