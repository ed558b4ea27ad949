"""Assessment: schemes, half-years, standings, evidence lines and settled scores, appeals."""
from peewee import (
    BigIntegerField,
    CharField,
    CompositeKey,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

NEVER_CHANGED = ("evidence_line", "assessment_score")


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class AssessmentScheme(Base):
        district_code = CharField(max_length=12)
        number = IntegerField()
        from_period = CharField(max_length=7)
        body = TextField()
        made_by = CharField(max_length=64)
        made_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("district_code", "number")

    class AssessmentMark(Base):
        id = IntegerField(primary_key=True)
        seq = BigIntegerField()
        begun_at = BigIntegerField(null=True)

    class AssessmentPeriod(Base):
        district_code = CharField(max_length=12)
        period = CharField(max_length=7)
        state = CharField(max_length=16)
        scheme_number = IntegerField()
        begun_at = BigIntegerField()
        settled_at = BigIntegerField(null=True)
        summary = TextField(null=True)
        content_sha256 = CharField(max_length=64, null=True)
        version = IntegerField(default=1)

        class Meta:
            primary_key = CompositeKey("district_code", "period")
            indexes = ((("state", "period", "district_code"), False),)

    class Standing(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        period = CharField(max_length=7)
        subject_type = CharField(max_length=12)
        subject_id = CharField(max_length=36)
        name = CharField(max_length=100)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        total_tenths = IntegerField()
        sums = TextField()
        lines = IntegerField(default=0)
        revision = IntegerField(default=0)
        settled_tenths = IntegerField(null=True)
        place = IntegerField(null=True)
        tell_at = BigIntegerField(null=True, index=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("period", "subject_type", "subject_id", "district_code"), True),
                (("district_code", "period", "subject_type", "total_tenths", "id"), False),
                (("township_code", "period", "subject_type", "total_tenths", "id"), False),
                (("unit_code", "period", "subject_type", "total_tenths", "id"), False),
            )

    class EvidenceLine(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        period = CharField(max_length=7)
        standing_id = CharField(max_length=36)
        source_type = CharField(max_length=16)
        source_id = CharField(max_length=64)
        kind = CharField(max_length=24)
        n = IntegerField()
        indicator = CharField(max_length=24)
        tenths = IntegerField()
        effective_at = BigIntegerField()
        made_at = BigIntegerField()
        made_by = CharField(max_length=64)
        cause = CharField(max_length=16)
        note = CharField(max_length=200, null=True)
        revision = IntegerField(default=0)

        class Meta:
            indexes = (
                (("source_type", "source_id", "kind", "standing_id", "n"), True),
                (("district_code", "period", "standing_id", "id"), False),
            )

    class AssessmentScore(Base):
        standing_id = CharField(max_length=36)
        revision = IntegerField()
        district_code = CharField(max_length=12)
        period = CharField(max_length=7)
        name = CharField(max_length=100)
        total_tenths = IntegerField()
        sums = TextField()
        lines = IntegerField()
        lines_sha256 = CharField(max_length=64)
        place = IntegerField(null=True)
        made_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("standing_id", "revision")
            indexes = ((("district_code", "period", "revision"), False),)

    class AssessmentAppeal(Base):
        id = CharField(primary_key=True, max_length=36)
        line_id = CharField(max_length=36, unique=True)
        standing_id = CharField(max_length=36)
        district_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        reason = TextField()
        made_at = BigIntegerField()
        state = CharField(max_length=16)
        answer = TextField(null=True)
        answered_by = CharField(max_length=36, null=True)
        answered_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("district_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("account_id", "state", "id"), False),
            )

    db.create_tables(
        [
            AssessmentScheme, AssessmentMark, AssessmentPeriod, Standing, EvidenceLine, AssessmentScore,
            AssessmentAppeal,
        ],
        safe=False,
    )
    db.execute_sql(
        "INSERT INTO assessment_mark (id, seq, begun_at) SELECT 1, 0, max(recorded_at) FROM ledger_entry"
    )
    _refuse_changes(db)


def _refuse_changes(db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE FUNCTION assessment_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''lines and scores of the assessment never change''; END'"
        )
    for table in NEVER_CHANGED:
        if isinstance(db, PostgresqlDatabase):
            db.execute_sql(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION assessment_refuse()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'lines and scores of the assessment never change'); END"
            )
