"""Tables of what supervision puts on paper: notices, accountability cases, public promises; and their numbers."""
from peewee import BooleanField, CharField, Check, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row

ONE_BODY = "(unit_code IS NULL) <> (department_code IS NULL)"


class DocumentSeries(Row):
    """The last serial of a kind of document in a district's year; undone with the act that drew it: no gaps."""

    district_code = CharField(max_length=12)
    kind = CharField(max_length=16)
    year = IntegerField()
    last = IntegerField()

    class Meta:
        primary_key = CompositeKey("district_code", "kind", "year")


class SupervisionNotice(Row):
    """A notice of praise, criticism or exposure. Issued, ``body`` is the one text that was hashed.

    Triggers refuse every change of an issued one. ``about`` and ``late`` are what a draft holds; year, serial and
    number are drawn on issue.
    """

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    kind = CharField(max_length=16)
    public = BooleanField(default=False)
    title = CharField(max_length=200)
    text = TextField()
    about = JsonField()
    late = JsonField(null=True)
    corrects_id = CharField(max_length=36, null=True)
    year = IntegerField(null=True)
    serial = IntegerField(null=True)
    number = CharField(max_length=40, null=True)
    body = TextField(null=True)
    content_sha256 = CharField(max_length=64, null=True)
    made_by = CharField(max_length=64)
    made_at = InstantField()
    issued_by = CharField(max_length=64, null=True)
    issued_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("district_code", "year", "serial"), True),
            (("district_code", "state", "id"), False),
            (("district_code", "public", "state", "id"), False),
        )


class NoticeAbout(Row):
    """Whom an issued notice is about: a body, or an account at its body."""

    notice_id = CharField(max_length=36)
    n = IntegerField()
    kind = CharField(max_length=16)
    district_code = CharField(max_length=12)
    unit_code = CharField(max_length=12, null=True)
    department_code = CharField(max_length=16, null=True)
    account_id = CharField(max_length=36, null=True)
    name = CharField(max_length=100)
    issued_at = InstantField()

    class Meta:
        primary_key = CompositeKey("notice_id", "n")
        indexes = (
            (("unit_code", "issued_at", "notice_id"), False),
            (("department_code", "district_code", "issued_at", "notice_id"), False),
            (("account_id", "issued_at", "notice_id"), False),
            (("district_code", "issued_at", "notice_id"), False),
        )


class AccountabilityCase(Row):
    """Who answers for what went wrong: person, leader, category, severity, outcome (rules 10.7).

    What proposed it (``source_type``, ``source_id``) proposes it once; a number is drawn when it is opened.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=40, null=True)
    district_code = CharField(max_length=12)
    unit_code = CharField(max_length=12, null=True)
    township_code = CharField(max_length=12, null=True)
    department_code = CharField(max_length=16, null=True)
    target_code = CharField(max_length=16)
    target_name = CharField(max_length=100)
    state = CharField(max_length=16)
    person_id = CharField(max_length=36, null=True)
    person_name = CharField(max_length=60, null=True)
    person_post = CharField(max_length=60, null=True)
    leader_id = CharField(max_length=36, null=True)
    leader_name = CharField(max_length=60, null=True)
    leader_post = CharField(max_length=60, null=True)
    category = CharField(max_length=24, null=True)
    severity = CharField(max_length=16, null=True)
    outcome = CharField(max_length=24, null=True)
    facts = TextField()
    source_type = CharField(max_length=24, null=True)
    source_id = CharField(max_length=64, null=True)
    made_by = CharField(max_length=64)
    made_at = InstantField()
    opened_by = CharField(max_length=36, null=True)
    opened_at = InstantField(null=True)
    reminder = TextField(null=True)
    reminded_by = CharField(max_length=36, null=True)
    reminded_at = InstantField(null=True)
    remedy_due_on = DayField(null=True)
    statement = TextField(null=True)
    stated_by = CharField(max_length=36, null=True)
    stated_at = InstantField(null=True)
    ended_by = CharField(max_length=36, null=True)
    ended_at = InstantField(null=True)
    ended_for = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("district_code", "number"), True),
            (("source_type", "source_id"), True),
            (("district_code", "state", "id"), False),
            (("person_id", "state", "id"), False),
            (("target_code", "district_code", "id"), False),
        )
        constraints = [Check(ONE_BODY)]


class Commitment(Row):
    """What a body promised the public, word for word. Without ``due_on`` it holds until it is withdrawn.

    ``look_at`` is when the clock asks whether it was kept.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=40)
    district_code = CharField(max_length=12)
    unit_code = CharField(max_length=12, null=True)
    township_code = CharField(max_length=12, null=True)
    department_code = CharField(max_length=16, null=True)
    target_code = CharField(max_length=16)
    target_name = CharField(max_length=100)
    text = TextField()
    quality = TextField(null=True)
    made_on = DayField()
    due_on = DayField(null=True)
    due_at = InstantField(null=True)
    look_at = InstantField()
    state = CharField(max_length=16)
    made_by = CharField(max_length=36)
    made_at = InstantField()
    ended_by = CharField(max_length=36, null=True)
    ended_at = InstantField(null=True)
    ended_for = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("district_code", "number"), True),
            (("district_code", "state", "id"), False),
            (("target_code", "district_code", "state", "id"), False),
            (("look_at", "id"), False),
        )
        constraints = [Check(ONE_BODY)]


class CommitmentEvidence(Row):
    """What shows that a promise is kept; added to, never changed."""

    commitment_id = CharField(max_length=36)
    n = IntegerField()
    text = TextField()
    made_by = CharField(max_length=36)
    made_at = InstantField()

    class Meta:
        primary_key = CompositeKey("commitment_id", "n")


class CommitmentBreach(Row):
    """That a promise was not kept: its date passed in silence (``missed``), or somebody found it so (``found``)."""

    commitment_id = CharField(max_length=36)
    n = IntegerField()
    kind = CharField(max_length=16)
    what = TextField()
    effective_at = InstantField()
    detected_at = InstantField()
    made_by = CharField(max_length=64)
    case_id = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("commitment_id", "n")
