"""Leases of seats: what a phone may promise without a signal."""
from peewee import BigIntegerField, CharField, IntegerField, Model


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class SeatLease(Base):
        id = CharField(primary_key=True, max_length=36)
        device_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        state = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        service = CharField(max_length=32)
        service_name = CharField(max_length=60)
        day_on = CharField(max_length=10)
        start_minute = IntegerField()
        end_minute = IntegerField()
        desk = CharField(max_length=16)
        order_at = BigIntegerField()
        expires_at = BigIntegerField()
        made_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        appointment_id = CharField(max_length=36, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("device_id", "state", "expires_at", "id"), False),
                (("account_id", "state"), False),
                (("state", "expires_at"), False),
                (("unit_code", "day_on", "state"), False),
            )

    db.create_tables([SeatLease], safe=False)
