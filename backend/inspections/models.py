"""Tables of mystery visits. Whoever is not of the supervising office reads published rows only.

The three codes root the three scopes; each list of theirs walks an index from ``state`` = published, so that hidden
rows cost it nothing. The number is given at publication, in the order of publication: no gap tells of a hidden one.
"""
from peewee import BooleanField, CharField, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row


class Inspection(Row):
    """One visit. ``points`` is the sum of its findings'; ``inspectors`` the accounts that went, shown to no others."""

    id = CharField(primary_key=True, max_length=36)
    state = CharField(max_length=16)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    visited_at = InstantField()
    summary = TextField(null=True)
    points = IntegerField()
    inspectors = JsonField()
    plan_id = CharField(max_length=36, null=True)
    recorded_by = CharField(max_length=36)
    recorded_at = InstantField()
    year = IntegerField(null=True)
    number = IntegerField(null=True)
    published_at = InstantField(null=True)
    published_by = CharField(max_length=36, null=True)
    ended_for = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "visited_at", "id"), False),
            (("township_code", "state", "visited_at", "id"), False),
            (("district_code", "state", "visited_at", "id"), False),
            (("district_code", "year", "number"), True),
        )


class InspectionFinding(Row):
    """What was found: ``points`` as they count in a score, −5 for five off. ``account_id``: of whom, if anybody."""

    inspection_id = CharField(max_length=36)
    n = IntegerField()
    kind = CharField(max_length=24)
    text = TextField()
    points = IntegerField()
    account_id = CharField(max_length=36, null=True)

    class Meta:
        primary_key = CompositeKey("inspection_id", "n")
        indexes = ((("account_id", "inspection_id"), False),)


class InspectionPhoto(Row):
    """A photo of a finding; it is read through its inspection alone."""

    inspection_id = CharField(max_length=36)
    n = IntegerField()
    place = IntegerField()
    file_id = CharField(max_length=36)
    sha256 = CharField(max_length=64)
    media_type = CharField(max_length=64)

    class Meta:
        primary_key = CompositeKey("inspection_id", "n", "place")
        indexes = ((("inspection_id", "sha256"), False),)


class InspectionPlan(Row):
    """Where somebody is to go, until when; the supervising office's own, at no time anybody else's."""

    id = CharField(primary_key=True, max_length=36)
    state = CharField(max_length=16)
    district_code = CharField(max_length=12)
    unit_code = CharField(max_length=12)
    planned_on = DayField()
    inspector_id = CharField(max_length=36)
    purpose = TextField(null=True)
    inspection_id = CharField(max_length=36, null=True)
    made_by = CharField(max_length=36)
    made_at = InstantField()
    ended_for = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("district_code", "state", "planned_on", "id"), False),)


class InspectionMonth(Row):
    """What became of a district's duty in a month; ``least`` None: nothing was owed yet, or nothing is judged yet.

    ``effective_at`` is when it was over, ``detected_at`` when that was seen; ``short``: the supervising office itself
    is flagged. ``reminded_at``: it was reminded while there was time.
    """

    district_code = CharField(max_length=12)
    month = CharField(max_length=7)
    least = IntegerField(null=True)
    made = IntegerField(null=True)
    short = BooleanField(null=True)
    effective_at = InstantField(null=True)
    detected_at = InstantField(null=True)
    reminded_at = InstantField(null=True)

    class Meta:
        primary_key = CompositeKey("district_code", "month")
