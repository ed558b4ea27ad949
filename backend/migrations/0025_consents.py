"""Answers of the departments that join a procedure, and up to which calendar the clocks of procedures were laid."""
from peewee import BigIntegerField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class JoiningAnswer(Base):
        id = CharField(primary_key=True, max_length=36)
        procedure_id = CharField(max_length=36)
        round = IntegerField()
        department_code = CharField(max_length=16)
        decision = CharField(max_length=16)
        reasons = TextField(null=True)
        account_id = CharField(max_length=36)
        answered_at = BigIntegerField()

        class Meta:
            indexes = ((("procedure_id", "round", "department_code"), True),)

    class ProjectCalendar(Base):
        id = IntegerField(primary_key=True)
        stamp = IntegerField()

    db.create_tables([JoiningAnswer, ProjectCalendar], safe=False)
    ProjectCalendar.insert(id=1, stamp=0).execute()
