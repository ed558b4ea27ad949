"""Tables of key projects: templates, projects, their procedures, consents and papers; reviews stand beside."""
from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row
from backend.projects.models.meetings import ProjectIssue, StandingMeeting, WeeklyMeeting
from backend.projects.models.reviews import Interview, JointReview, ReviewAssignment, ReviewProcedure, Summons

__all__ = [
    "DeemedConsent", "Interview", "JoiningAnswer", "JointReview", "LateAnswer", "Procedure", "ProcedurePaper",
    "Project", "ProjectCalendar", "ProjectDepartment", "ProjectIssue", "ProjectPaper", "ProjectTemplate",
    "ReviewAssignment", "ReviewProcedure", "StandingMeeting", "Summons", "WeeklyMeeting",
]


class ProjectTemplate(Row):
    """An edition of a graph of procedures, ``body`` as on the wire; a published one never changes.

    ``published_code`` is the code of the one edition that is published, so that there are never two.
    """

    id = CharField(primary_key=True, max_length=36)
    code = CharField(max_length=32)
    edition = IntegerField()
    name = CharField(max_length=100)
    state = CharField(max_length=16)
    body = JsonField()
    critical_path = JsonField()
    critical_days = IntegerField()
    sample = BooleanField(default=False)
    made_by = CharField(max_length=64)
    made_at = InstantField()
    published_at = InstantField(null=True)
    published_code = CharField(max_length=32, null=True, unique=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("code", "edition"), True), (("state", "code", "edition"), False))


class Project(Row):
    """An investment project and the one agent who carries it. Its row is the lock of all its procedures.

    ``plan`` holds what the graph says of each procedure (code → start, finish, float), ``critical_path`` and
    ``forecast_on`` with it: projections, written by ``actions.recomputing`` only. ``township_code``: its place.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=32, unique=True)
    state = CharField(max_length=16)
    name = CharField(max_length=200)
    pinyin = CharField(max_length=1400)
    initials = CharField(max_length=400)
    investor = CharField(max_length=200)
    amount_fen = BigIntegerField()
    agent_id = CharField(max_length=36)
    leader = CharField(max_length=60)
    district_code = CharField(max_length=12)
    township_code = CharField(max_length=12, null=True)
    template_id = CharField(max_length=36)
    promised_days = IntegerField()
    stages = JsonField()
    started_at = InstantField()
    ended_at = InstantField(null=True)
    ended_for = TextField(null=True)
    forecast_on = DayField()
    provisional = BooleanField(default=False)
    critical_path = JsonField()
    critical_days = IntegerField()
    plan = JsonField()
    procedures = IntegerField()
    finished = IntegerField(default=0)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("district_code", "state", "forecast_on", "id"), False),
            (("agent_id", "state", "forecast_on", "id"), False),
            (("township_code", "state", "forecast_on", "id"), False),
            (("state", "id"), False),
        )
        constraints = [Check("amount_fen >= 0")]


class ProjectDepartment(Row):
    """That a department leads or joins a procedure of a project, or was summoned: its handlers read the project."""

    project_id = CharField(max_length=36)
    department_code = CharField(max_length=16)
    district_code = CharField(max_length=12)

    class Meta:
        primary_key = CompositeKey("project_id", "department_code")
        indexes = ((("department_code", "district_code", "project_id"), False),)


class Procedure(Row):
    """One approval of a project. Its clock (``clocks``, subject ``procedure``) starts when its papers are signed for.

    ``place``: its order among its project's. ``round``: how often its papers were served. ``due_at`` repeats its
    running clock's. ``answered_by``, ``reasons``: of the department's decision; ``outcome`` with ``finished_at``.
    """

    id = CharField(primary_key=True, max_length=36)
    project_id = CharField(max_length=36)
    code = CharField(max_length=32)
    place = IntegerField()
    name = CharField(max_length=100)
    stage = CharField(max_length=32)
    district_code = CharField(max_length=12)
    lead_department = CharField(max_length=16)
    lead_name = CharField(max_length=100)
    joining_departments = JsonField()
    limit_working_days = IntegerField()
    legal_days = IntegerField(null=True)
    predecessors = JsonField()
    timeout_consent = BooleanField()
    absence_consent = BooleanField()
    joint_review = BooleanField(default=False)
    note = CharField(max_length=500, null=True)
    added_at = InstantField()
    state = CharField(max_length=16)
    outcome = CharField(max_length=24, null=True)
    round = IntegerField(default=0)
    opened_at = InstantField(null=True)
    served_at = InstantField(null=True)
    signed_by = CharField(max_length=60, null=True)
    service_by = CharField(max_length=36, null=True)
    due_at = InstantField(null=True)
    finished_at = InstantField(null=True)
    answered_by = CharField(max_length=36, null=True)
    reasons = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("project_id", "code"), True),
            (("state", "due_at", "id"), False),
            (("lead_department", "district_code", "state", "due_at", "id"), False),
        )
        constraints = [Check("limit_working_days > 0")]


class DeemedConsent(Row):
    """A consent by silence or by absence, its numbered notice, and the opinion that the department still owes.

    It is never an approval. A wrong one is revoked with reasons; its row stays.
    """

    id = CharField(primary_key=True, max_length=36)
    procedure_id = CharField(max_length=36)
    project_id = CharField(max_length=36)
    n = IntegerField()
    kind = CharField(max_length=24)
    department_code = CharField(max_length=16)
    district_code = CharField(max_length=12)
    effective_at = InstantField()
    detected_at = InstantField()
    notice_number = CharField(max_length=40, unique=True)
    notice_on = DayField()
    noticed_at = InstantField(null=True)
    opinion_due_at = InstantField()
    opinion = TextField(null=True)
    opinion_by = CharField(max_length=36, null=True)
    opinion_at = InstantField(null=True)
    revoked_at = InstantField(null=True)
    revoked_by = CharField(max_length=36, null=True)
    revoked_for = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("procedure_id", "n"), True),
            (("district_code", "effective_at", "id"), False),
            (("department_code", "district_code", "effective_at", "id"), False),
            (("noticed_at", "notice_on", "id"), False),
            (("project_id", "id"), False),
        )


class LateAnswer(Row):
    """What a department said after its consent was deemed: kept, without effect."""

    id = CharField(primary_key=True, max_length=36)
    procedure_id = CharField(max_length=36)
    n = IntegerField()
    decision = CharField(max_length=16)
    reasons = TextField(null=True)
    account_id = CharField(max_length=36)
    received_at = InstantField()

    class Meta:
        indexes = ((("procedure_id", "n"), True),)


class JoiningAnswer(Row):
    """What a department that joins a procedure says of its papers; the lead decides. ``round``: of which service."""

    id = CharField(primary_key=True, max_length=36)
    procedure_id = CharField(max_length=36)
    round = IntegerField()
    department_code = CharField(max_length=16)
    decision = CharField(max_length=16)
    reasons = TextField(null=True)
    account_id = CharField(max_length=36)
    answered_at = InstantField()

    class Meta:
        indexes = ((("procedure_id", "round", "department_code"), True),)


class ProjectCalendar(Row):
    """One row: up to which change of the calendar the clocks of procedures were laid."""

    id = IntegerField(primary_key=True)
    stamp = IntegerField()


class ProjectPaper(Row):
    """A paper that the investor handed in once, for all procedures that need it."""

    id = CharField(primary_key=True, max_length=36)
    project_id = CharField(max_length=36)
    name = CharField(max_length=200)
    file_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    made_at = InstantField()
    withdrawn_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("project_id", "file_id"), True),)


class ProcedurePaper(Row):
    """That a procedure needs a paper of its project: whose procedure it is may read it."""

    procedure_id = CharField(max_length=36)
    paper_id = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("procedure_id", "paper_id")
        indexes = ((("paper_id", "procedure_id"), False),)
