"""The phones' change feed: its reading of the ledger, whom an entry reaches besides, the epoch, full reads."""
import uuid

from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, Model

FED = "subject_type IN ('errand', 'resident', 'visit', 'appointment', 'file') AND outcome <> 'read'"
OVER = "state || '' IN ('closed', 'declined', 'withdrawn')"


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class LedgerReach(Base):
        reader_id = CharField(max_length=36)
        seq = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("reader_id", "seq")

    class SyncState(Base):
        id = IntegerField(primary_key=True)
        epoch = CharField(max_length=36)

    class SyncRead(Base):
        account_id = CharField(max_length=36)
        resident_id = CharField(max_length=36)
        read_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("account_id", "resident_id")

    db.create_tables([LedgerReach, SyncState, SyncRead], safe=False)
    SyncState.insert(id=1, epoch=str(uuid.uuid4())).execute()
    db.execute_sql(f"CREATE INDEX ledger_entry_fed ON ledger_entry (substr(scope, 1, 9), seq) WHERE {FED}")
    for scope in ("unit_code", "township_code"):
        db.execute_sql(
            f"CREATE INDEX errand_over_{scope} ON errand ({scope}, COALESCE(closed_at, finished_at), id) WHERE {OVER}"
        )
    for whose in ("unit_code", "township_code", "agent_id"):
        db.execute_sql(f"CREATE INDEX visit_over_{whose} ON visit ({whose}, ended_at, id) WHERE ended_at IS NOT NULL")
    db.execute_sql("CREATE INDEX file_of_township ON file (substr(unit_code, 1, 9), made_at, id)")
