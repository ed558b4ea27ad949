"""Posts of units and departments; disabled accounts found at once."""
from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, Model


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Post(Base):
        district_code = CharField(max_length=12)
        code = CharField(max_length=16)
        post = CharField(max_length=8)
        account_id = CharField(max_length=36, null=True, index=True)
        since_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            primary_key = CompositeKey("district_code", "code", "post")

    db.create_tables([Post], safe=False)
    db.execute_sql("CREATE INDEX account_disabled_at ON account (disabled_at)")
