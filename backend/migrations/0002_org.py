"""The tree of units and the departments."""
from peewee import (
    BooleanField,
    CharField,
    Check,
    DoubleField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

BYTEWISE = {"code": 12, "name": 100, "pinyin": 300, "initials": 100}


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Base):
        code = CharField(primary_key=True, max_length=12)
        name = CharField(max_length=100)
        level = CharField(max_length=32)
        parent_code = CharField(max_length=12, null=True)
        pinyin = CharField(max_length=300)
        initials = CharField(max_length=100)
        site_type = CharField(max_length=32, null=True)
        status = CharField(max_length=32, default="planned")
        phone = CharField(max_length=32, null=True)
        address = CharField(max_length=200, null=True)
        latitude = DoubleField(null=True)
        longitude = DoubleField(null=True)
        office_hours = TextField(null=True)
        valid_from_on = CharField(max_length=10, null=True)
        valid_to_on = CharField(max_length=10, null=True)
        successor_code = CharField(max_length=12, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("parent_code", "code"), False),
                (("level", "code"), False),
                (("level", "name", "code"), False),
                (("level", "pinyin", "code"), False),
                (("level", "initials", "code"), False),
            )
            constraints = [Check("length(code) = 12")]

    class Department(Base):
        code = CharField(primary_key=True, max_length=16)
        name = CharField(max_length=100)
        valid_to_on = CharField(max_length=10, null=True)
        successor_code = CharField(max_length=16, null=True)
        version = IntegerField(default=1)
        sample = BooleanField(default=False)

    db.create_tables([Unit, Department], safe=False)
    if isinstance(db, PostgresqlDatabase):
        for column, length in BYTEWISE.items():
            db.execute_sql(f'ALTER TABLE unit ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')
