"""Files."""
from peewee import BigIntegerField, CharField, IntegerField, Model


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class File(Base):
        id = CharField(primary_key=True, max_length=36)
        sha256 = CharField(max_length=64)
        media_type = CharField(max_length=64)
        size = IntegerField()
        unit_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("sha256", "unit_code"), False),)

    db.create_tables([File], safe=False)
