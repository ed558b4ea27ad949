"""Appointments: booking rules, cells, seats, waiting list."""
from peewee import (
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class BookingRules(Base):
        unit_code = CharField(primary_key=True, max_length=12)
        body = TextField()
        number = IntegerField()
        changed_at = BigIntegerField()
        version = IntegerField(default=1)

    class CellDay(Base):
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        rules_number = IntegerField()
        roster_stamp = IntegerField()
        calendar_stamp = IntegerField()

        class Meta:
            primary_key = CompositeKey("unit_code", "day_on")

    class Cell(Base):
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        minute = IntegerField()
        desk = CharField(max_length=16)
        wanted = IntegerField()
        wanted_self = IntegerField()
        capacity = IntegerField()
        self_capacity = IntegerField()
        booked = IntegerField(default=0)
        booked_self = IntegerField(default=0)
        services = TextField()
        staff = TextField(null=True)

        class Meta:
            primary_key = CompositeKey("unit_code", "day_on", "desk", "minute")
            constraints = (
                Check("booked >= 0 AND booked <= capacity"),
                Check("booked_self >= 0 AND booked_self <= self_capacity AND booked_self <= booked"),
                Check("wanted >= 0 AND wanted_self >= 0 AND minute >= 0 AND minute < 1440"),
            )

    class CellOverride(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        desk = CharField(max_length=16)
        from_minute = IntegerField()
        to_minute = IntegerField()
        seats = IntegerField()
        reason = CharField(max_length=500)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()

        class Meta:
            indexes = ((("unit_code", "day_on"), False),)

    class Appointment(Base):
        id = CharField(primary_key=True, max_length=36)
        number = CharField(max_length=32, unique=True)
        state = CharField(max_length=32)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        service = CharField(max_length=32)
        service_name = CharField(max_length=60)
        day_on = CharField(max_length=10)
        start_minute = IntegerField()
        end_minute = IntegerField()
        desk = CharField(max_length=16)
        order_at = BigIntegerField()
        channel = CharField(max_length=16)
        protected = BooleanField(default=False)
        resident_id = CharField(max_length=36, null=True, index=True)
        person_sealed = BlobField(null=True)
        caller_sealed = BlobField(null=True)
        surname = CharField(max_length=12)
        initials = CharField(max_length=60)
        person_key = CharField(max_length=64, index=True)
        phone_key = CharField(max_length=64, index=True)
        active_key = CharField(max_length=64, null=True, unique=True)
        hold_until_at = BigIntegerField(null=True)
        made_by = CharField(max_length=36, null=True)
        made_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        reason = CharField(max_length=500, null=True)
        moves = IntegerField(default=0)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "order_at", "id"), False), (("township_code", "order_at", "id"), False),
                (("district_code", "order_at", "id"), False), (("state", "hold_until_at"), False),
                (("unit_code", "day_on"), False),
            )

    class Allocation(Base):
        appointment_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        desk = CharField(max_length=16)
        minute = IntegerField()

        class Meta:
            primary_key = CompositeKey("appointment_id", "minute")
            indexes = ((("unit_code", "day_on", "desk", "minute"), False),)

    class BookingConflict(Base):
        id = CharField(primary_key=True, max_length=36)
        appointment_id = CharField(max_length=36, unique=True)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        minute = IntegerField()
        cause = CharField(max_length=16)
        state = CharField(max_length=16)
        order_at = BigIntegerField()
        found_at = BigIntegerField()
        settled_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "order_at", "id"), False),
                (("township_code", "state", "order_at", "id"), False),
                (("district_code", "state", "order_at", "id"), False),
            )

    class Waiting(Base):
        id = CharField(primary_key=True, max_length=36)
        state = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        service = CharField(max_length=32)
        day_on = CharField(max_length=10)
        from_minute = IntegerField()
        to_minute = IntegerField()
        rank = IntegerField()
        asked_at = BigIntegerField()
        channel = CharField(max_length=16)
        resident_id = CharField(max_length=36, null=True)
        person_sealed = BlobField(null=True)
        caller_sealed = BlobField(null=True)
        person_key = CharField(max_length=64, index=True)
        active_key = CharField(max_length=64, null=True, unique=True)
        offered_id = CharField(max_length=36, null=True, unique=True)
        offer_until_at = BigIntegerField(null=True)
        made_by = CharField(max_length=36, null=True)
        ended_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "day_on", "state", "rank", "asked_at", "id"), False),
                (("state", "offer_until_at"), False),
                (("township_code", "asked_at", "id"), False), (("district_code", "asked_at", "id"), False),
            )

    class BookingBlock(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12)
        person_key = CharField(max_length=64)
        until_at = BigIntegerField()
        no_shows = IntegerField()
        state = CharField(max_length=16)
        appeal = CharField(max_length=500, null=True)
        appealed_at = BigIntegerField(null=True)
        decided_by = CharField(max_length=36, null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("person_key", "state", "until_at"), False),
                (("district_code", "state", "made_at", "id"), False),
            )

    tables = [
        BookingRules, CellDay, Cell, CellOverride, Appointment, Allocation, BookingConflict, Waiting, BookingBlock,
    ]
    db.create_tables(tables, safe=False)
