"""Tables of joint reviews, what they charge whom with, and interviews about projects that are late."""
from peewee import BooleanField, CharField, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row


class JointReview(Row):
    """A meeting at which departments decide together; ``n``: its number within the project."""

    id = CharField(primary_key=True, max_length=36)
    project_id = CharField(max_length=36)
    n = IntegerField()
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    meet_at = InstantField()
    place = CharField(max_length=200, null=True)
    agenda = TextField(null=True)
    leader = CharField(max_length=60, null=True)
    weekly = BooleanField(default=False)
    called_by = CharField(max_length=36)
    called_at = InstantField()
    concluded_at = InstantField(null=True)
    minutes_due_on = DayField()
    minutes_number = CharField(max_length=40, null=True)
    minutes = TextField(null=True)
    minutes_by = CharField(max_length=36, null=True)
    minutes_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("project_id", "n"), True),
            (("district_code", "state", "meet_at", "id"), False),
            (("minutes_at", "minutes_due_on", "id"), False),
        )


class ReviewProcedure(Row):
    """That a procedure is on the agenda of a joint review."""

    review_id = CharField(max_length=36)
    procedure_id = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("review_id", "procedure_id")
        indexes = ((("procedure_id", "review_id"), False),)


class Summons(Row):
    """What a department was called to a joint review with, and what became of it."""

    id = CharField(primary_key=True, max_length=36)
    review_id = CharField(max_length=36)
    project_id = CharField(max_length=36)
    department_code = CharField(max_length=16)
    department_name = CharField(max_length=100)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    times_served = IntegerField(default=1)
    served_at = InstantField()
    signed_by = CharField(max_length=60, null=True)
    signed_at = InstantField(null=True)
    excuse = TextField(null=True)
    excused_at = InstantField(null=True)
    attended = BooleanField(null=True)
    decision = CharField(max_length=16, null=True)
    reasons = TextField(null=True)
    outcome = CharField(max_length=32, null=True)
    counts_as = CharField(max_length=16, null=True)
    answer_due_at = InstantField(null=True)
    answered_at = InstantField(null=True)
    answered_by = CharField(max_length=36, null=True)
    late_answers = JsonField(default=[])
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("review_id", "department_code"), True),
            (("department_code", "district_code", "state", "id"), False),
            (("outcome", "answer_due_at", "id"), False),
        )


class ReviewAssignment(Row):
    """What the minutes charge one lead with, until when."""

    id = CharField(primary_key=True, max_length=36)
    review_id = CharField(max_length=36)
    project_id = CharField(max_length=36)
    n = IntegerField()
    what = TextField()
    lead_department = CharField(max_length=16)
    participants = JsonField()
    district_code = CharField(max_length=12)
    due_on = DayField()
    state = CharField(max_length=16)
    report = TextField(null=True)
    done_by = CharField(max_length=36, null=True)
    done_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("review_id", "n"), True),
            (("project_id", "state", "due_on", "id"), False),
            (("lead_department", "district_code", "state", "due_on", "id"), False),
            (("district_code", "state", "due_on", "id"), False),
        )


class Interview(Row):
    """Owner, builder and helping unit asked together why a project is late; whose fault, and who pursues it."""

    id = CharField(primary_key=True, max_length=36)
    project_id = CharField(max_length=36)
    n = IntegerField()
    procedure_id = CharField(max_length=36, null=True)
    district_code = CharField(max_length=12)
    held_on = DayField()
    present = JsonField()
    account = TextField()
    fault = CharField(max_length=16)
    body = CharField(max_length=100)
    account_id = CharField(max_length=36)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("project_id", "n"), True), (("district_code", "fault", "held_on", "id"), False))
