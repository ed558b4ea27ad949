"""The standing weekly meeting of key projects, its open issues, and what was said after an absence was deemed."""
from peewee import BigIntegerField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class StandingMeeting(Base):
        district_code = CharField(primary_key=True, max_length=12)
        weekday = IntegerField()
        time = CharField(max_length=5)
        place = CharField(max_length=200, null=True)
        leader = CharField(max_length=60, null=True)
        version = IntegerField(default=1)

    class WeeklyMeeting(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        week = CharField(max_length=8)
        held_on = CharField(max_length=10)
        leader = CharField(max_length=60)
        present = TextField()
        text = TextField()
        issues = TextField()
        account_id = CharField(max_length=36)
        recorded_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("district_code", "week"), True),)

    class ProjectIssue(Base):
        id = CharField(primary_key=True, max_length=36)
        project_id = CharField(max_length=36)
        district_code = CharField(max_length=12)
        n = IntegerField()
        text = TextField()
        department_code = CharField(max_length=16, null=True)
        due_on = CharField(max_length=10, null=True)
        state = CharField(max_length=16)
        raised_by = CharField(max_length=36)
        raised_at = BigIntegerField()
        settlement = TextField(null=True)
        settled_by = CharField(max_length=36, null=True)
        settled_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("project_id", "n"), True),
                (("district_code", "state", "raised_at", "id"), False),
            )

    db.create_tables([StandingMeeting, WeeklyMeeting, ProjectIssue], safe=False)
    db.execute_sql("ALTER TABLE summons ADD COLUMN late_answers TEXT NOT NULL DEFAULT '[]'")
    db.execute_sql(
        "CREATE INDEX review_assignment_district_code_state_due_on_id "
        "ON review_assignment (district_code, state, due_on, id)"
    )
