"""Errands, their papers, notes, trips, payments, call tasks and numbers."""
from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Errand(Base):
        id = CharField(primary_key=True, max_length=36)
        number = CharField(max_length=32, unique=True)
        state = CharField(max_length=32)
        outcome = CharField(max_length=16, null=True)
        item_code = CharField(max_length=32)
        item_number = IntegerField()
        quantity = IntegerField(default=1)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        resident_id = CharField(max_length=36)
        channel = CharField(max_length=16)
        first_receiver_id = CharField(max_length=36)
        agent_id = CharField(max_length=36)
        mandate_given_by = CharField(max_length=16)
        mandate_expires_on = CharField(max_length=10)
        mandate_powers = CharField(max_length=500, null=True)
        mandate_file_id = CharField(max_length=36, null=True)
        received_at = BigIntegerField()
        claimed_at = BigIntegerField(null=True)
        accepted_at = BigIntegerField(null=True)
        due_at = BigIntegerField(null=True)
        order_at = BigIntegerField()
        reminder_at = BigIntegerField(null=True)
        yellow_at = BigIntegerField(null=True)
        provisional = BooleanField(default=False)
        finished_at = BigIntegerField(null=True)
        delivered_at = BigIntegerField(null=True)
        told_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        result = TextField(null=True)
        reason = TextField(null=True)
        referral = TextField(null=True)
        delivery_method = CharField(max_length=16, null=True)
        received_by = CharField(max_length=60, null=True)
        trips = IntegerField(default=0)
        paid_fen = IntegerField(default=0)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "order_at", "id"), False),
                (("township_code", "state", "order_at", "id"), False),
                (("district_code", "state", "order_at", "id"), False),
                (("agent_id", "state", "order_at", "id"), False),
                (("resident_id", "id"), False),
            )
            constraints = [Check("paid_fen >= 0"), Check("trips >= 0")]

    class ErrandMaterial(Base):
        errand_id = CharField(max_length=36)
        position = IntegerField()
        name = CharField(max_length=100)
        required = BooleanField()
        may_defer = BooleanField()
        received_at = BigIntegerField(null=True)
        deferred_until_on = CharField(max_length=10, null=True)
        undertaking_file_id = CharField(max_length=36, null=True)

        class Meta:
            primary_key = CompositeKey("errand_id", "position")

    class ErrandNote(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        text = TextField()
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "id"), False),)

    class ErrandTrip(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        made_on = CharField(max_length=10)
        place = CharField(max_length=100)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "id"), False),)

    class ErrandPayment(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        amount_fen = IntegerField()
        receipt_number = CharField(max_length=64)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "id"), False), (("receipt_number",), False))
            constraints = [Check("amount_fen > 0")]

    class CallTask(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        reason = CharField(max_length=32)
        state = CharField(max_length=16)
        reached = BooleanField(null=True)
        note = TextField(null=True)
        account_id = CharField(max_length=36, null=True)
        made_at = BigIntegerField()
        called_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("unit_code", "state", "id"), False), (("errand_id", "id"), False))

    class ErrandCalendar(Base):
        id = IntegerField(primary_key=True)
        stamp = IntegerField()

    class NumberSeries(Base):
        tail = CharField(max_length=6)
        day_on = CharField(max_length=10)
        last = IntegerField()

        class Meta:
            primary_key = CompositeKey("tail", "day_on")

    db.create_tables(
        [Errand, ErrandMaterial, ErrandNote, ErrandTrip, ErrandPayment, CallTask, ErrandCalendar, NumberSeries],
        safe=False,
    )
    ErrandCalendar.insert(id=1, stamp=0).execute()
