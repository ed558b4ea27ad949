"""Tables of surveys. There is no row of an answer: what somebody answered is added to counts, and nothing else is kept.

No column here tells when an answer came, which slip it came with or in what order; a slip is deleted when it is used.
"""
from peewee import CharField, Check, CompositeKey, IntegerField, TextField

from backend.core.db import InstantField, JsonField, Row


class Survey(Row):
    """A survey: ``sections`` are lists of questions, ``unit_codes`` those it is about (none: the district).

    ``least_answers``: below so many answers nothing is told. ``closes_at``: from then on none is taken.
    """

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    title = CharField(max_length=100)
    introduction = TextField(null=True)
    sections = JsonField()
    unit_codes = JsonField()
    least_answers = IntegerField()
    closes_at = InstantField()
    issued = IntegerField(default=0)
    made_by = CharField(max_length=36)
    made_at = InstantField()
    opened_at = InstantField(null=True)
    closed_at = InstantField(null=True)
    published_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("district_code", "state", "id"), False), (("state", "closes_at"), False))


class SurveyGroup(Row):
    """How many slips were given out for a unit (``""``: of no unit in particular), and how many came back."""

    survey_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    issued = IntegerField(default=0)
    answers = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("survey_id", "unit_code")
        constraints = [Check("answers <= issued")]


class SurveyTally(Row):
    """How often a choice was taken (``choice`` counts from 1); laid out at 0 before the first answer."""

    survey_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    question = CharField(max_length=16)
    choice = IntegerField()
    times = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("survey_id", "unit_code", "question", "choice")


class SurveySlip(Row):
    """A slip that has not been used. Its token is derived from the keys and stands nowhere."""

    survey_id = CharField(max_length=36)
    n = IntegerField()
    unit_code = CharField(max_length=12)

    class Meta:
        primary_key = CompositeKey("survey_id", "n")
