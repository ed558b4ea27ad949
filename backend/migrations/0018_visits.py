"""Home visits, the errands they serve, and the time that they take of their agents."""
from peewee import BigIntegerField, BlobField, BooleanField, CharField, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Visit(Base):
        id = CharField(primary_key=True, max_length=36)
        number = CharField(max_length=32, unique=True)
        state = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        resident_id = CharField(max_length=36)
        reason = CharField(max_length=16)
        note = TextField(null=True)
        word_by = CharField(max_length=36, null=True)
        word = TextField(null=True)
        very_old = BooleanField()
        day_on = CharField(max_length=10)
        from_minute = IntegerField()
        to_minute = IntegerField()
        place_sealed = BlobField(null=True)
        agent_id = CharField(max_length=36, null=True)
        start_at = BigIntegerField(null=True)
        minutes = IntegerField(null=True)
        travel_minutes = IntegerField(null=True)
        buffer_minutes = IntegerField(null=True)
        order_at = BigIntegerField()
        requested_by = CharField(max_length=36)
        requested_at = BigIntegerField()
        departed_at = BigIntegerField(null=True)
        arrived_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        late = BooleanField(default=False)
        ended_for = TextField(null=True)
        signed_by = CharField(max_length=16, null=True)
        signed_file_id = CharField(max_length=36, null=True)
        signed_at = BigIntegerField(null=True)
        present = TextField(null=True)
        companion_id = CharField(max_length=36, null=True)
        witness = CharField(max_length=60, null=True)
        chase_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "order_at", "id"), False),
                (("township_code", "state", "order_at", "id"), False),
                (("district_code", "state", "order_at", "id"), False),
                (("agent_id", "state", "order_at", "id"), False),
                (("resident_id", "state", "order_at", "id"), False),
                (("chase_at", "id"), False),
            )

    class VisitErrand(Base):
        visit_id = CharField(max_length=36)
        errand_id = CharField(max_length=36)
        taken_at = BigIntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("visit_id", "errand_id")
            indexes = ((("errand_id", "visit_id"), False),)

    class VisitTick(Base):
        agent_id = CharField(max_length=36)
        tick = BigIntegerField()
        visit_id = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("agent_id", "tick")
            indexes = ((("visit_id", "tick"), False), (("tick",), False))

    db.create_tables([Visit, VisitErrand, VisitTick], safe=False)
