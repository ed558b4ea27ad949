"""Clocks, suspensions, cards, settings; notices, findings, hand-overs and forwardings of errands."""
from peewee import BigIntegerField, BooleanField, CharField, Check, IntegerField, Model, SqliteDatabase, TextField

NEVER = 253402128000000000
COLUMNS = (
    "duty_at {instant}", "duty_days INTEGER", "stops INTEGER NOT NULL DEFAULT 0", "silence_at {instant}",
    "handed_in_at {instant}", "previous_state VARCHAR(32)", "last_move VARCHAR(24)",
    "acted_at {instant} NOT NULL DEFAULT {never}",
)
FILL = (
    """
    UPDATE errand SET duty_at = accepted_at, duty_days = (
        SELECT CASE v.kind WHEN 'report' THEN 3 WHEN 'instant' THEN 0 ELSE COALESCE(v.promised_days, 0) END
        FROM item_version v WHERE v.item_code = errand.item_code AND v.number = errand.item_number
    ) WHERE accepted_at IS NOT NULL
    """,
    """
    UPDATE errand SET acted_at = COALESCE(delivered_at, finished_at, accepted_at, received_at)
    WHERE state NOT IN ('closed', 'declined', 'withdrawn')
    """,
    """
    UPDATE errand SET last_move = CASE state
        WHEN 'accepted' THEN 'accept' WHEN 'completed' THEN 'complete' WHEN 'declined' THEN 'decline'
        ELSE 'withdraw' END,
        previous_state = CASE
            WHEN state = 'completed' OR state = 'withdrawn' AND accepted_at IS NOT NULL THEN 'accepted'
            ELSE 'registered' END
    WHERE state IN ('accepted', 'completed', 'declined', 'withdrawn')
    """,
    "UPDATE errand_calendar SET stamp = 0",
)
"""The job that follows the calendar then lays the clocks of open errands, and their silence."""


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Setting(Base):
        id = CharField(primary_key=True, max_length=60)
        name = CharField(max_length=40)
        valid_from_on = CharField(max_length=10)
        value = TextField()
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("name", "valid_from_on"), True),)

    class Clock(Base):
        id = CharField(primary_key=True, max_length=36)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=36)
        kind = CharField(max_length=24)
        part = IntegerField(default=0)
        unit_code = CharField(max_length=12)
        department_code = CharField(max_length=16, null=True)
        account_id = CharField(max_length=36, null=True)
        budget_days = IntegerField()
        extended_days = IntegerField(default=0)
        legal_days = IntegerField(null=True)
        started_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        due_at = BigIntegerField(null=True)
        provisional = BooleanField(default=False)
        moments = TextField()
        next_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("next_at", "id"), False), (("subject_type", "subject_id", "id"), False))
            constraints = [Check("budget_days >= 0"), Check("extended_days >= 0")]

    class Suspension(Base):
        id = CharField(primary_key=True, max_length=36)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=36)
        n = IntegerField()
        reason = CharField(max_length=16)
        notice = TextField()
        account_id = CharField(max_length=36)
        from_at = BigIntegerField()
        to_at = BigIntegerField(null=True)
        restart = BooleanField(default=False)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("subject_type", "subject_id", "n"), True),)

    class Card(Base):
        id = CharField(primary_key=True, max_length=36)
        clock_id = CharField(max_length=36)
        rung = CharField(max_length=16)
        subject_type = CharField(max_length=24)
        subject_id = CharField(max_length=36)
        kind = CharField(max_length=24)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        department_code = CharField(max_length=16, null=True)
        effective_at = BigIntegerField()
        detected_at = BigIntegerField()
        delivered_at = BigIntegerField()
        post_code = CharField(max_length=16)
        post = CharField(max_length=16)
        account_id = CharField(max_length=36, null=True)
        state = CharField(max_length=16)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("clock_id", "rung"), True),
                (("subject_type", "subject_id", "id"), False),
                (("unit_code", "effective_at", "id"), False),
                (("township_code", "effective_at", "id"), False),
                (("district_code", "effective_at", "id"), False),
                (("account_id", "effective_at", "id"), False),
            )

    class CardAppeal(Base):
        id = CharField(primary_key=True, max_length=36)
        card_id = CharField(max_length=36)
        n = IntegerField()
        account_id = CharField(max_length=36)
        reason = TextField()
        made_at = BigIntegerField()
        state = CharField(max_length=16)
        answer = TextField(null=True)
        answered_by = CharField(max_length=36, null=True)
        answered_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("card_id", "n"), True),)

    class SupplementNotice(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        n = IntegerField()
        number = CharField(max_length=40)
        missing = TextField()
        legal_basis = CharField(max_length=500, null=True)
        account_id = CharField(max_length=36)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "n"), True),)

    class Finding(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        account_id = CharField(max_length=36)
        kind = CharField(max_length=24)
        basis = TextField(null=True)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "id"), False), (("township_code", "id"), False), (("district_code", "id"), False),
                (("errand_id", "id"), False),
            )

    class Handover(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        n = IntegerField()
        from_account_id = CharField(max_length=36)
        to_account_id = CharField(max_length=36)
        reason = CharField(max_length=500, null=True)
        state = CharField(max_length=16)
        made_at = BigIntegerField()
        answered_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "n"), True), (("to_account_id", "state", "id"), False))

    class Forwarding(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        n = IntegerField()
        department_code = CharField(max_length=16)
        step = CharField(max_length=100, null=True)
        note = TextField(null=True)
        limit_days = IntegerField()
        forwarded_by = CharField(max_length=36)
        made_at = BigIntegerField()
        due_at = BigIntegerField(null=True)
        order_at = BigIntegerField()
        state = CharField(max_length=16)
        decision = CharField(max_length=16, null=True)
        reasons = TextField(null=True)
        answered_by = CharField(max_length=36, null=True)
        answered_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "n"), True), (("department_code", "state", "order_at", "id"), False))

    db.create_tables(
        [Setting, Clock, Suspension, Card, CardAppeal, SupplementNotice, Finding, Handover, Forwarding], safe=False
    )
    instant = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    for column in COLUMNS:
        told = column.format(instant=instant, never=NEVER)
        db.execute_sql(f"ALTER TABLE errand ADD COLUMN {told}")
    for statement in FILL:
        db.execute_sql(statement)
    for columns in (("township_code", "acted_at", "id"), ("district_code", "acted_at", "id"), ("silence_at", "id")):
        db.execute_sql(f"CREATE INDEX errand_{'_'.join(columns)} ON errand ({', '.join(columns)})")
