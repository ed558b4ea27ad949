"""Tables of residents' voice. Nothing here is written into an errand, nor into its history: the rated would see it."""
from peewee import BlobField, BooleanField, CharField, Check, IntegerField, TextField

from backend.core.db import DayField, InstantField, Row


class RatingSlip(Row):
    """A token by which a resident rates one errand once; of the token only the hash is kept.

    ``round`` 1 is the rating, 2 the one that follows a rectification. ``agent_id`` is who is rated: he who answered
    for the errand when the slip was made. A later slip of the same round replaces the one before.
    """

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
    made_at = InstantField()
    expires_at = InstantField()
    used_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("errand_id", "round", "state"), False), (("resident_id", "id"), False))


class Rating(Row):
    """What a resident says of how her errand was carried: 5 very content … 1 not at all.

    ``place`` numbers the ratings of a unit; every five of them are a ``bundle``, the least that the rated unit is
    told of. ``taken_by`` is who entered it on the telephone. ``excluded_at``: an appeal was upheld, it counts in no
    score from then on; it is not deleted.
    """

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
    rated_at = InstantField()
    excluded_at = InstantField(null=True)
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


class RatingTally(Row):
    """How many ratings a unit has had."""

    unit_code = CharField(primary_key=True, max_length=12)
    last = IntegerField()


class Rectification(Row):
    """What one of the two lowest levels starts: a call-back at once, and four things put right (rules 10.3, 10.5).

    ``goal``, ``person``, ``promised_on``, ``quality`` are the four things. ``stamp`` is the calendar by which the two
    due moments were laid. ``order_at`` is the next of them, or when it ended.
    """

    id = CharField(primary_key=True, max_length=36)
    rating_id = CharField(max_length=36, unique=True)
    errand_id = CharField(max_length=36)
    resident_id = CharField(max_length=36)
    agent_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    order_at = InstantField()
    began_at = InstantField()
    callback_due_at = InstantField()
    calls = IntegerField(default=0)
    called_at = InstantField(null=True)
    called_by = CharField(max_length=36, null=True)
    callback_note_sealed = BlobField(null=True)
    due_at = InstantField()
    provisional = BooleanField(default=False)
    stamp = IntegerField()
    goal = TextField(null=True)
    person = CharField(max_length=60, null=True)
    promised_on = DayField(null=True)
    quality = TextField(null=True)
    planned_by = CharField(max_length=36, null=True)
    done_at = InstantField(null=True)
    done_by = CharField(max_length=36, null=True)
    result = TextField(null=True)
    follow_up_level = IntegerField(null=True)
    ended_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("township_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False),
            (("errand_id", "state", "order_at", "id"), False),
            (("state", "order_at", "id"), False),
            (("resident_id", "id"), False),
        )


class RatingAppeal(Row):
    """That the rated unit's township holds a low rating to be unfounded; one for each, decided by the supervisor."""

    id = CharField(primary_key=True, max_length=36)
    rectification_id = CharField(max_length=36, unique=True)
    rating_id = CharField(max_length=36)
    agent_id = CharField(max_length=36)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    reason = TextField()
    made_by = CharField(max_length=36)
    made_at = InstantField()
    answer = TextField(null=True)
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("township_code", "state", "id"), False), (("district_code", "state", "id"), False))


class Complaint(Row):
    """A resident's complaint about a unit or somebody in it; known to who handles it and to those above, to no other.

    ``handler_code`` is the body that handles it: the township over the unit, or the district. ``account_id`` is the
    person complained about, as named; ``agent_id`` who answered for the errand that was named. ``round`` grows with
    each reopening. ``order_at`` is what is due next, or when it was over. ``stamp`` is as in Rectification.
    """

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
    received_at = InstantField()
    round = IntegerField(default=1)
    began_at = InstantField()
    answer_due_at = InstantField()
    finish_due_at = InstantField()
    order_at = InstantField()
    provisional = BooleanField(default=False)
    stamp = IntegerField()
    answered_at = InstantField(null=True)
    refusal = TextField(null=True)
    referral = TextField(null=True)
    finding = CharField(max_length=16, null=True)
    upheld = BooleanField(null=True)
    handling = TextField(null=True)
    concluded_at = InstantField(null=True)
    concluded_by = CharField(max_length=36, null=True)
    told_at = InstantField(null=True)
    told_how = CharField(max_length=16, null=True)
    told_by = CharField(max_length=36, null=True)
    closed_at = InstantField(null=True)
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


class VoiceLapse(Row):
    """That somebody let a due moment of a complaint or a rectification pass: a finding of its own (rules 10.9).

    ``code`` is the body that had to act. ``effective_at`` is the due moment, ``detected_at`` when it was seen.
    """

    id = CharField(primary_key=True, max_length=36)
    subject_type = CharField(max_length=16)
    subject_id = CharField(max_length=36)
    kind = CharField(max_length=16)
    round = IntegerField()
    code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    effective_at = InstantField()
    detected_at = InstantField()

    class Meta:
        indexes = (
            (("subject_type", "subject_id", "kind", "round"), True),
            (("code", "effective_at", "id"), False),
            (("district_code", "effective_at", "id"), False),
        )
