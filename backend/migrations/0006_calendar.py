"""Announced years, calendar days, closures."""
from peewee import BigIntegerField, BooleanField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class CalendarYear(Base):
        year = IntegerField(primary_key=True)
        papers = TextField()
        days = TextField()
        imported_at = BigIntegerField()
        version = IntegerField(default=1)

    class CalendarDay(Base):
        day_on = CharField(max_length=10, primary_key=True)
        kind = CharField(max_length=32)
        name = CharField(max_length=60, null=True)
        provisional = BooleanField()

    class Closure(Base):
        id = CharField(primary_key=True, max_length=36)
        day_on = CharField(max_length=10)
        unit_code = CharField(max_length=12)
        reason = CharField(max_length=200)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("day_on", "unit_code"), True), (("unit_code", "day_on"), False))

    class CalendarStamp(Base):
        id = IntegerField(primary_key=True)
        version = IntegerField()

    db.create_tables([CalendarYear, CalendarDay, Closure, CalendarStamp], safe=False)
    CalendarStamp.insert(id=1, version=1).execute()
