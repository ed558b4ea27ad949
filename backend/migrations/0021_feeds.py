"""Calendar feeds and the hashes of their secrets."""
from peewee import BigIntegerField, CharField, IntegerField, Model


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Feed(Base):
        id = CharField(primary_key=True, max_length=36)
        account_id = CharField(max_length=36)
        kind = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        generation = IntegerField()
        secret_hash = CharField(max_length=64, unique=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("account_id", "kind", "unit_code"), True),)

    db.create_tables([Feed], safe=False)
