"""Residents' voice: slips, ratings, rectifications, appeals, complaints, lapses."""
from peewee import BigIntegerField, BlobField, BooleanField, CharField, Check, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class RatingSlip(Base):
        id = CharField(primary_key=True, max_length=36)
        errand_id = CharField(max_length=36)
        round = IntegerField()
        state = CharField(max_length=16)
        channel = CharField(max_length=16)
        token_hash = CharField(max_length=64, unique=True)
        resident_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        agent_id = CharField(max_length=36)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        expires_at = BigIntegerField()
        used_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("errand_id", "round", "state"), False), (("resident_id", "id"), False))

    class Rating(Base):
        id = CharField(primary_key=True, max_length=36)
        slip_id = CharField(max_length=36, unique=True)
        errand_id = CharField(max_length=36)
        round = IntegerField()
        level = IntegerField()
        comment_sealed = BlobField(null=True)
        channel = CharField(max_length=16)
        taken_by = CharField(max_length=36, null=True)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        agent_id = CharField(max_length=36)
        place = IntegerField()
        bundle = IntegerField()
        rated_at = BigIntegerField()
        excluded_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("errand_id", "round"), True),
                (("unit_code", "round", "bundle", "rated_at"), False),
                (("unit_code", "round", "rated_at", "level"), False),
                (("township_code", "round", "rated_at", "level"), False),
                (("district_code", "round", "rated_at", "level"), False),
                (("agent_id", "round", "rated_at", "level"), False),
            )
            constraints = [Check("level BETWEEN 1 AND 5"), Check("round IN (1, 2)")]

    class RatingTally(Base):
        unit_code = CharField(primary_key=True, max_length=12)
        last = IntegerField()

    class Rectification(Base):
        id = CharField(primary_key=True, max_length=36)
        rating_id = CharField(max_length=36, unique=True)
        errand_id = CharField(max_length=36)
        resident_id = CharField(max_length=36)
        agent_id = CharField(max_length=36)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        order_at = BigIntegerField()
        began_at = BigIntegerField()
        callback_due_at = BigIntegerField()
        calls = IntegerField(default=0)
        called_at = BigIntegerField(null=True)
        called_by = CharField(max_length=36, null=True)
        callback_note_sealed = BlobField(null=True)
        due_at = BigIntegerField()
        provisional = BooleanField(default=False)
        stamp = IntegerField()
        goal = TextField(null=True)
        person = CharField(max_length=60, null=True)
        promised_on = CharField(max_length=10, null=True)
        quality = TextField(null=True)
        planned_by = CharField(max_length=36, null=True)
        done_at = BigIntegerField(null=True)
        done_by = CharField(max_length=36, null=True)
        result = TextField(null=True)
        follow_up_level = IntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("township_code", "state", "order_at", "id"), False),
                (("district_code", "state", "order_at", "id"), False),
                (("errand_id", "state", "order_at", "id"), False),
                (("state", "order_at", "id"), False),
                (("resident_id", "id"), False),
            )

    class RatingAppeal(Base):
        id = CharField(primary_key=True, max_length=36)
        rectification_id = CharField(max_length=36, unique=True)
        rating_id = CharField(max_length=36)
        agent_id = CharField(max_length=36)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        reason = TextField()
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        answer = TextField(null=True)
        decided_by = CharField(max_length=36, null=True)
        decided_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("township_code", "state", "id"), False), (("district_code", "state", "id"), False))

    class Complaint(Base):
        id = CharField(primary_key=True, max_length=36)
        number = CharField(max_length=32, unique=True)
        state = CharField(max_length=16)
        channel = CharField(max_length=16)
        unit_code = CharField(max_length=12)
        township_code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        handler_code = CharField(max_length=12)
        account_id = CharField(max_length=36, null=True)
        agent_id = CharField(max_length=36, null=True)
        errand_number = CharField(max_length=32, null=True)
        errand_id = CharField(max_length=36, null=True)
        resident_id = CharField(max_length=36, null=True)
        text_sealed = BlobField(null=True)
        contact_sealed = BlobField(null=True)
        phone_key = BlobField(null=True)
        recorded_by = CharField(max_length=36, null=True)
        received_at = BigIntegerField()
        round = IntegerField(default=1)
        began_at = BigIntegerField()
        answer_due_at = BigIntegerField()
        finish_due_at = BigIntegerField()
        order_at = BigIntegerField()
        provisional = BooleanField(default=False)
        stamp = IntegerField()
        answered_at = BigIntegerField(null=True)
        refusal = TextField(null=True)
        referral = TextField(null=True)
        finding = CharField(max_length=16, null=True)
        upheld = BooleanField(null=True)
        handling = TextField(null=True)
        concluded_at = BigIntegerField(null=True)
        concluded_by = CharField(max_length=36, null=True)
        told_at = BigIntegerField(null=True)
        told_how = CharField(max_length=16, null=True)
        told_by = CharField(max_length=36, null=True)
        closed_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("handler_code", "state", "order_at", "id"), False),
                (("district_code", "state", "order_at", "id"), False),
                (("recorded_by", "state", "order_at", "id"), False),
                (("unit_code", "state", "order_at", "id"), False),
                (("state", "order_at", "id"), False),
                (("resident_id", "id"), False),
                (("phone_key", "id"), False),
                (("errand_id", "id"), False),
            )

    class VoiceLapse(Base):
        id = CharField(primary_key=True, max_length=36)
        subject_type = CharField(max_length=16)
        subject_id = CharField(max_length=36)
        kind = CharField(max_length=16)
        round = IntegerField()
        code = CharField(max_length=12)
        district_code = CharField(max_length=12)
        effective_at = BigIntegerField()
        detected_at = BigIntegerField()

        class Meta:
            indexes = (
                (("subject_type", "subject_id", "kind", "round"), True),
                (("code", "effective_at", "id"), False),
                (("district_code", "effective_at", "id"), False),
            )

    db.create_tables([RatingSlip, Rating, RatingTally, Rectification, RatingAppeal, Complaint, VoiceLapse], safe=False)
