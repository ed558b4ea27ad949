"""Service items, their versions and categories."""
from peewee import BigIntegerField, CharField, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Category(Base):
        code = CharField(primary_key=True, max_length=32)
        name = CharField(max_length=100)

    class Item(Base):
        code = CharField(primary_key=True, max_length=32)
        made_at = BigIntegerField()

    class ItemVersion(Base):
        id = CharField(primary_key=True, max_length=48)
        item_code = CharField(max_length=32)
        number = IntegerField()
        state = CharField(max_length=32)
        department_code = CharField(max_length=16, null=True)
        name = CharField(max_length=100, null=True)
        pinyin = CharField(max_length=700)
        initials = CharField(max_length=200)
        kind = CharField(max_length=32, null=True)
        levels = CharField(max_length=64)
        legal_days = IntegerField(null=True)
        promised_days = IntegerField(null=True)
        body = TextField()
        valid_from_on = CharField(max_length=10, null=True)
        valid_to_on = CharField(max_length=10, null=True)
        published_at = BigIntegerField(null=True)
        withdrawal_reason = CharField(max_length=500, null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("item_code", "number"), True),)

    db.create_tables([Category, Item, ItemVersion], safe=False)
