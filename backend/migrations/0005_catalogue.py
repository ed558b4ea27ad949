"""Service items and their versions."""
from peewee import BigIntegerField, BooleanField, CharField, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Item(Base):
        code = CharField(primary_key=True, max_length=32)
        department_code = CharField(max_length=16, index=True)
        category = CharField(max_length=32, null=True)
        sample = BooleanField(default=False)

    class ItemVersion(Base):
        item_code = CharField(max_length=32)
        number = IntegerField()
        state = CharField(max_length=32)
        name = CharField(max_length=100)
        pinyin = CharField(max_length=300)
        initials = CharField(max_length=100)
        kind = CharField(max_length=32)
        legal_days = IntegerField(null=True)
        promised_days = IntegerField()
        body = TextField()
        valid_from_on = CharField(max_length=10, null=True)
        valid_to_on = CharField(max_length=10, null=True)
        published_at = BigIntegerField(null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            primary_key = CompositeKey("item_code", "number")
            indexes = ((("state", "item_code"), False),)

    db.create_tables([Item, ItemVersion], safe=False)
