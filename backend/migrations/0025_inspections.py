"""Surveys, of which no answer is kept but in counts, and mystery visits."""
from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Survey(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        title = CharField(max_length=100)
        introduction = TextField(null=True)
        sections = TextField()
        unit_codes = TextField()
        least_answers = IntegerField()
        closes_at = BigIntegerField()
        issued = IntegerField(default=0)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        opened_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        published_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("district_code", "state", "id"), False), (("state", "closes_at"), False))

    class SurveyGroup(Base):
        survey_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        issued = IntegerField(default=0)
        answers = IntegerField(default=0)

        class Meta:
            primary_key = CompositeKey("survey_id", "unit_code")
            constraints = [Check("answers <= issued")]

    class SurveyTally(Base):
        survey_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        question = CharField(max_length=16)
        choice = IntegerField()
        times = IntegerField(default=0)

        class Meta:
            primary_key = CompositeKey("survey_id", "unit_code", "question", "choice")

    class SurveySlip(Base):
        survey_id = CharField(max_length=36)
        n = IntegerField()
        unit_code = CharField(max_length=12)

        class Meta:
            primary_key = CompositeKey("survey_id", "n")

    class Inspection(Base):
        id = CharField(primary_key=True, max_length=36)
        state = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        visited_at = BigIntegerField()
        summary = TextField(null=True)
        points = IntegerField()
        inspectors = TextField()
        plan_id = CharField(max_length=36, null=True)
        recorded_by = CharField(max_length=36)
        recorded_at = BigIntegerField()
        year = IntegerField(null=True)
        number = IntegerField(null=True)
        published_at = BigIntegerField(null=True)
        published_by = CharField(max_length=36, null=True)
        ended_for = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "visited_at", "id"), False),
                (("township_code", "state", "visited_at", "id"), False),
                (("district_code", "state", "visited_at", "id"), False),
                (("district_code", "year", "number"), True),
            )

    class InspectionFinding(Base):
        inspection_id = CharField(max_length=36)
        n = IntegerField()
        kind = CharField(max_length=24)
        text = TextField()
        points = IntegerField()
        account_id = CharField(max_length=36, null=True)

        class Meta:
            primary_key = CompositeKey("inspection_id", "n")
            indexes = ((("account_id", "inspection_id"), False),)

    class InspectionPhoto(Base):
        inspection_id = CharField(max_length=36)
        n = IntegerField()
        place = IntegerField()
        file_id = CharField(max_length=36)
        sha256 = CharField(max_length=64)
        media_type = CharField(max_length=64)

        class Meta:
            primary_key = CompositeKey("inspection_id", "n", "place")
            indexes = ((("inspection_id", "sha256"), False),)

    class InspectionPlan(Base):
        id = CharField(primary_key=True, max_length=36)
        state = CharField(max_length=16)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12)
        planned_on = CharField(max_length=10)
        inspector_id = CharField(max_length=36)
        purpose = TextField(null=True)
        inspection_id = CharField(max_length=36, null=True)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        ended_for = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("district_code", "state", "planned_on", "id"), False),)

    class InspectionMonth(Base):
        district_code = CharField(max_length=12)
        month = CharField(max_length=7)
        least = IntegerField(null=True)
        made = IntegerField(null=True)
        short = BooleanField(null=True)
        effective_at = BigIntegerField(null=True)
        detected_at = BigIntegerField(null=True)
        reminded_at = BigIntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("district_code", "month")

    db.create_tables([
        Survey, SurveyGroup, SurveyTally, SurveySlip, Inspection, InspectionFinding, InspectionPhoto, InspectionPlan,
        InspectionMonth,
    ], safe=False)
