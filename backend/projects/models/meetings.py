"""Tables of the standing weekly meeting, and of the issues that stay open on it until they are settled."""
from peewee import CharField, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row


class StandingMeeting(Row):
    """When a district meets about its key projects every week, and who presides."""

    district_code = CharField(primary_key=True, max_length=12)
    weekday = IntegerField()
    time = CharField(max_length=5)
    place = CharField(max_length=200, null=True)
    leader = CharField(max_length=60, null=True)
    version = IntegerField(default=1)


class WeeklyMeeting(Row):
    """What was said at a week's meeting; ``issues`` are those that stood open then, as they stood."""

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    week = CharField(max_length=8)
    held_on = DayField()
    leader = CharField(max_length=60)
    present = JsonField()
    text = TextField()
    issues = JsonField()
    account_id = CharField(max_length=36)
    recorded_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("district_code", "week"), True),)


class ProjectIssue(Row):
    """What holds a project up, whose it is to solve, and until when; open until it is settled."""

    id = CharField(primary_key=True, max_length=36)
    project_id = CharField(max_length=36)
    district_code = CharField(max_length=12)
    n = IntegerField()
    text = TextField()
    department_code = CharField(max_length=16, null=True)
    due_on = DayField(null=True)
    state = CharField(max_length=16)
    raised_by = CharField(max_length=36)
    raised_at = InstantField()
    settlement = TextField(null=True)
    settled_by = CharField(max_length=36, null=True)
    settled_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("project_id", "n"), True),
            (("district_code", "state", "raised_at", "id"), False),
        )
