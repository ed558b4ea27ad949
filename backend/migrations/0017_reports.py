"""Coverage and weekly reports: targets, checklists, sites, reports, obligations, problems."""
from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class UnitBuilt(Base):
        unit_code = CharField(max_length=12)
        from_on = CharField(max_length=10)
        to_on = CharField(max_length=10, null=True)

        class Meta:
            primary_key = CompositeKey("unit_code", "from_on")

    class CoverageTargets(Base):
        district_code = CharField(primary_key=True, max_length=12)
        items = TextField()
        version = IntegerField(default=1)

    class Checklist(Base):
        level = CharField(max_length=16)
        number = IntegerField()
        valid_from_on = CharField(max_length=10)
        items = TextField()
        sample = BooleanField(default=False)
        made_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("level", "number")

    class Site(Base):
        unit_code = CharField(primary_key=True, max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        stage = CharField(max_length=40)
        percent = IntegerField(default=0)
        readiness = TextField()
        place = CharField(max_length=200, null=True)
        staff = IntegerField(default=0)
        equipment = CharField(max_length=200, null=True)
        agents_in_place = IntegerField(default=0)
        agents_trained = IntegerField(default=0)
        planned_fen = BigIntegerField(default=0)
        spent_fen = BigIntegerField(default=0)
        onboarded = TextField()
        checklist_number = IntegerField(default=0)
        changed_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("district_code", "unit_code"), False),)
            constraints = [Check("percent BETWEEN 0 AND 100")]

    class Report(Base):
        id = CharField(primary_key=True, max_length=24)
        week = CharField(max_length=8)
        unit_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        state = CharField(max_length=32)
        body = TextField()
        due_at = BigIntegerField(null=True)
        filed_at = BigIntegerField(null=True)
        filed_by = CharField(max_length=36, null=True)
        on_time = BooleanField(null=True)
        receipt_number = CharField(max_length=32, null=True, unique=True)
        returned_reason = CharField(max_length=1000, null=True)
        revisions = IntegerField(default=0)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("week", "unit_code"), True),
                (("unit_code", "week"), False),
                (("district_code", "week", "unit_code"), False),
            )

    class ReportRevision(Base):
        report_id = CharField(max_length=24)
        n = IntegerField()
        week = CharField(max_length=8)
        unit_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        kind = CharField(max_length=16)
        reason = CharField(max_length=1000, null=True)
        body = TextField()
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("report_id", "n")
            indexes = ((("district_code", "kind", "made_at"), False),)

    class ReportMoment(Base):
        district_code = CharField(max_length=12)
        week = CharField(max_length=8)
        kind = CharField(max_length=16)
        effective_at = BigIntegerField(null=True)
        detected_at = BigIntegerField()
        owed = IntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("district_code", "week", "kind")

    class Obligation(Base):
        week = CharField(max_length=8)
        unit_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        name = CharField(max_length=100)
        due_at = BigIntegerField()
        frozen_at = BigIntegerField()
        missing = BooleanField()
        climb_at = BigIntegerField(null=True, index=True)
        climbed_at = BigIntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("week", "unit_code")
            indexes = ((("district_code", "week", "unit_code"), False),)

    class ReportProblem(Base):
        id = CharField(primary_key=True, max_length=36)
        report_id = CharField(max_length=24)
        n = IntegerField()
        week = CharField(max_length=8)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        text = CharField(max_length=1000)
        department_code = CharField(max_length=16)
        due_on = CharField(max_length=10)
        state = CharField(max_length=16)
        answer = CharField(max_length=2000, null=True)
        answered_at = BigIntegerField(null=True)
        answered_by = CharField(max_length=36, null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("report_id", "n"), True),
                (("district_code", "state", "due_on", "id"), False),
                (("district_code", "department_code", "state", "due_on", "id"), False),
                (("unit_code", "state", "due_on", "id"), False),
            )

    made = [
        UnitBuilt, CoverageTargets, Checklist, Site, Report, ReportRevision, ReportMoment, Obligation, ReportProblem,
    ]
    db.create_tables(made, safe=False)
    db.execute_sql(
        "INSERT INTO unit_built (unit_code, from_on) "
        "SELECT code, COALESCE(valid_from_on, '1900-01-01') FROM unit WHERE status = 'built'"
    )
