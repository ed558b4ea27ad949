"""Tables of the assessment. Points are whole tenths; lines and scores are never changed, triggers see to that."""
from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, TextField

from backend.core.db import InstantField, JsonField, Row


class AssessmentScheme(Row):
    """A version of a district's scheme, in force from a half-year on; none: the product's own."""

    district_code = CharField(max_length=12)
    number = IntegerField()
    from_period = CharField(max_length=7)
    body = JsonField()
    made_by = CharField(max_length=64)
    made_at = InstantField()

    class Meta:
        primary_key = CompositeKey("district_code", "number")


class AssessmentMark(Row):
    """One row: up to which entry of the ledger evidence was taken, and when the first half-year began to count."""

    id = IntegerField(primary_key=True)
    seq = BigIntegerField()
    begun_at = InstantField(null=True)


class AssessmentPeriod(Row):
    """A half-year of a district. ``version`` grows with every line; whoever writes lines holds this row.

    ``summary`` and ``content_sha256`` are those of the settlement and never change.
    """

    district_code = CharField(max_length=12)
    period = CharField(max_length=7)
    state = CharField(max_length=16)
    scheme_number = IntegerField()
    begun_at = InstantField()
    settled_at = InstantField(null=True)
    summary = JsonField(null=True)
    content_sha256 = CharField(max_length=64, null=True)
    version = IntegerField(default=1)

    class Meta:
        primary_key = CompositeKey("district_code", "period")
        indexes = ((("state", "period", "district_code"), False),)


class Standing(Row):
    """How somebody stands in a half-year: a projection of the lines, written by ``actions/adding.py`` only.

    ``sums`` are the lines' tenths by indicator; ``revision`` 0 until it is settled, then that of the last score.
    ``tell_at`` is set while the subject is still to be told.
    """

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    period = CharField(max_length=7)
    subject_type = CharField(max_length=12)
    subject_id = CharField(max_length=36)
    name = CharField(max_length=100)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    total_tenths = IntegerField()
    sums = JsonField()
    lines = IntegerField(default=0)
    revision = IntegerField(default=0)
    settled_tenths = IntegerField(null=True)
    place = IntegerField(null=True)
    tell_at = InstantField(null=True, index=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("period", "subject_type", "subject_id", "district_code"), True),
            (("district_code", "period", "subject_type", "total_tenths", "id"), False),
            (("township_code", "period", "subject_type", "total_tenths", "id"), False),
            (("unit_code", "period", "subject_type", "total_tenths", "id"), False),
        )


class EvidenceLine(Row):
    """So many points for somebody, with what shows it. A reversing line has ``n`` below zero.

    ``revision`` is that of the score when it was written: the settlement is made of the lines with 0.
    """

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    period = CharField(max_length=7)
    standing_id = CharField(max_length=36)
    source_type = CharField(max_length=16)
    source_id = CharField(max_length=64)
    kind = CharField(max_length=24)
    n = IntegerField()
    indicator = CharField(max_length=24)
    tenths = IntegerField()
    effective_at = InstantField()
    made_at = InstantField()
    made_by = CharField(max_length=64)
    cause = CharField(max_length=16)
    note = CharField(max_length=200, null=True)
    revision = IntegerField(default=0)

    class Meta:
        indexes = (
            (("source_type", "source_id", "kind", "standing_id", "n"), True),
            (("district_code", "period", "standing_id", "id"), False),
        )


class AssessmentScore(Row):
    """A score as it was settled (revision 1), and after each reversing line since."""

    standing_id = CharField(max_length=36)
    revision = IntegerField()
    district_code = CharField(max_length=12)
    period = CharField(max_length=7)
    name = CharField(max_length=100)
    total_tenths = IntegerField()
    sums = JsonField()
    lines = IntegerField()
    lines_sha256 = CharField(max_length=64)
    place = IntegerField(null=True)
    made_at = InstantField()

    class Meta:
        primary_key = CompositeKey("standing_id", "revision")
        indexes = ((("district_code", "period", "revision"), False),)


class AssessmentAppeal(Row):
    """An appeal against a line, one for each; an upheld one writes a reversing line and removes nothing."""

    id = CharField(primary_key=True, max_length=36)
    line_id = CharField(max_length=36, unique=True)
    standing_id = CharField(max_length=36)
    district_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    reason = TextField()
    made_at = InstantField()
    state = CharField(max_length=16)
    answer = TextField(null=True)
    answered_by = CharField(max_length=36, null=True)
    answered_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("district_code", "state", "id"), False),
            (("township_code", "state", "id"), False),
            (("account_id", "state", "id"), False),
        )
