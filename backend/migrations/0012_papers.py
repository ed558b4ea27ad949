"""The zero-refusal register, acts outside office hours, findings by officer."""
from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, Model, TextField

REFUSALS = """
INSERT INTO refusal (
    id, errand_id, unit_code, township_code, district_code, account_id, kind, reason, referral, made_at, version
)
SELECT e.id, e.id, e.unit_code, e.township_code, e.district_code, COALESCE((
    SELECT l.actor FROM ledger_entry l
    WHERE l.subject_type = 'errand' AND l.subject_id = e.id AND l.action IN ('errand.decline', 'errand.complete')
    ORDER BY l.seq DESC LIMIT 1
), e.agent_id), COALESCE(e.outcome, 'declined'), e.reason, e.referral, e.finished_at, 1
FROM errand e
WHERE e.finished_at IS NOT NULL AND (e.state = 'declined' OR e.outcome IN ('refused', 'returned'))
"""


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Refusal(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        kind = CharField(max_length=16)
        reason = TextField(null=True)
        referral = TextField(null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "made_at", "id"), False), (("township_code", "made_at", "id"), False),
                (("district_code", "made_at", "id"), False),
            )

    class OffHours(Base):
        account_id = CharField(max_length=36)
        day_on = CharField(max_length=10)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        acts = IntegerField()

        class Meta:
            primary_key = CompositeKey("account_id", "day_on", "unit_code")
            indexes = (
                (("unit_code", "day_on"), False), (("township_code", "day_on"), False),
                (("district_code", "day_on"), False),
            )

    class OffHoursMark(Base):
        id = IntegerField(primary_key=True)
        seq = BigIntegerField()

    db.create_tables([Refusal, OffHours, OffHoursMark], safe=False)
    OffHoursMark.insert(id=1, seq=0).execute()
    db.execute_sql(REFUSALS)
    db.execute_sql("CREATE INDEX finding_account_id_id ON finding (account_id, id)")
