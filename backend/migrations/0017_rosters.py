"""Rosters: shifts, on-call contacts, leave, swaps, and the stamp of who is on duty."""
from peewee import BigIntegerField, CharField, Check, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Roster(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        month = CharField(max_length=7)
        changed_at = BigIntegerField()
        published_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("unit_code", "month"), True), (("month", "unit_code"), False))

    class Shift(Base):
        id = CharField(primary_key=True, max_length=36)
        roster_id = CharField(max_length=36)
        place = IntegerField(default=0)
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        account_id = CharField(max_length=36)
        desk = CharField(max_length=16)
        from_minute = IntegerField()
        to_minute = IntegerField()
        services = TextField()
        kind = CharField(max_length=16)
        stand_in_id = CharField(max_length=36, null=True)

        class Meta:
            constraints = (Check("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440"),)
            indexes = (
                (("roster_id", "place"), False), (("unit_code", "day_on"), False),
                (("account_id", "day_on"), False), (("stand_in_id", "day_on"), False),
            )

    class OnCall(Base):
        unit_code = CharField(max_length=12)
        day_on = CharField(max_length=10)
        account_id = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("unit_code", "day_on")

    class Leave(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        from_on = CharField(max_length=10)
        to_on = CharField(max_length=10)
        reason = CharField(max_length=200)
        state = CharField(max_length=16)
        asked_by = CharField(max_length=36)
        asked_at = BigIntegerField()
        decided_by = CharField(max_length=36, null=True)
        decided_at = BigIntegerField(null=True)
        note = CharField(max_length=200, null=True)
        version = IntegerField(default=1)

        class Meta:
            constraints = (Check("from_on <= to_on"),)
            indexes = (
                (("account_id", "state", "to_on"), False), (("account_id", "id"), False),
                (("unit_code", "state", "id"), False), (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
            )

    class Swap(Base):
        id = CharField(primary_key=True, max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        day_on = CharField(max_length=10)
        with_account_id = CharField(max_length=36)
        with_day_on = CharField(max_length=10, null=True)
        reason = CharField(max_length=200)
        state = CharField(max_length=16)
        asked_by = CharField(max_length=36)
        asked_at = BigIntegerField()
        agreed_at = BigIntegerField(null=True)
        decided_by = CharField(max_length=36, null=True)
        decided_at = BigIntegerField(null=True)
        note = CharField(max_length=200, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("account_id", "id"), False), (("with_account_id", "id"), False),
                (("unit_code", "state", "id"), False), (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
            )

    class RosterStamp(Base):
        unit_code = CharField(primary_key=True, max_length=12)
        version = IntegerField()

    db.create_tables([Roster, Shift, OnCall, Leave, Swap, RosterStamp], safe=False)
