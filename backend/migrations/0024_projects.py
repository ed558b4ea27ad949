"""Key projects: templates, projects, procedures, papers, consents, joint reviews, interviews."""
from peewee import BigIntegerField, BooleanField, CharField, Check, CompositeKey, IntegerField, Model, TextField


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class ProjectTemplate(Base):
        id = CharField(primary_key=True, max_length=36)
        code = CharField(max_length=32)
        edition = IntegerField()
        name = CharField(max_length=100)
        state = CharField(max_length=16)
        body = TextField()
        critical_path = TextField()
        critical_days = IntegerField()
        sample = BooleanField(default=False)
        made_by = CharField(max_length=64)
        made_at = BigIntegerField()
        published_at = BigIntegerField(null=True)
        published_code = CharField(max_length=32, null=True, unique=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("code", "edition"), True), (("state", "code", "edition"), False))

    class Project(Base):
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
        stages = TextField()
        started_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        ended_for = TextField(null=True)
        forecast_on = CharField(max_length=10)
        provisional = BooleanField(default=False)
        critical_path = TextField()
        critical_days = IntegerField()
        plan = TextField()
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

    class ProjectDepartment(Base):
        project_id = CharField(max_length=36)
        department_code = CharField(max_length=16)
        district_code = CharField(max_length=12)

        class Meta:
            primary_key = CompositeKey("project_id", "department_code")
            indexes = ((("department_code", "district_code", "project_id"), False),)

    class Procedure(Base):
        id = CharField(primary_key=True, max_length=36)
        project_id = CharField(max_length=36)
        code = CharField(max_length=32)
        place = IntegerField()
        name = CharField(max_length=100)
        stage = CharField(max_length=32)
        district_code = CharField(max_length=12)
        lead_department = CharField(max_length=16)
        lead_name = CharField(max_length=100)
        joining_departments = TextField()
        limit_working_days = IntegerField()
        legal_days = IntegerField(null=True)
        predecessors = TextField()
        timeout_consent = BooleanField()
        absence_consent = BooleanField()
        joint_review = BooleanField(default=False)
        note = CharField(max_length=500, null=True)
        added_at = BigIntegerField()
        state = CharField(max_length=16)
        outcome = CharField(max_length=24, null=True)
        round = IntegerField(default=0)
        opened_at = BigIntegerField(null=True)
        served_at = BigIntegerField(null=True)
        signed_by = CharField(max_length=60, null=True)
        service_by = CharField(max_length=36, null=True)
        due_at = BigIntegerField(null=True)
        finished_at = BigIntegerField(null=True)
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

    class DeemedConsent(Base):
        id = CharField(primary_key=True, max_length=36)
        procedure_id = CharField(max_length=36)
        project_id = CharField(max_length=36)
        n = IntegerField()
        kind = CharField(max_length=24)
        department_code = CharField(max_length=16)
        district_code = CharField(max_length=12)
        effective_at = BigIntegerField()
        detected_at = BigIntegerField()
        notice_number = CharField(max_length=40, unique=True)
        notice_on = CharField(max_length=10)
        noticed_at = BigIntegerField(null=True)
        opinion_due_at = BigIntegerField()
        opinion = TextField(null=True)
        opinion_by = CharField(max_length=36, null=True)
        opinion_at = BigIntegerField(null=True)
        revoked_at = BigIntegerField(null=True)
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

    class LateAnswer(Base):
        id = CharField(primary_key=True, max_length=36)
        procedure_id = CharField(max_length=36)
        n = IntegerField()
        decision = CharField(max_length=16)
        reasons = TextField(null=True)
        account_id = CharField(max_length=36)
        received_at = BigIntegerField()

        class Meta:
            indexes = ((("procedure_id", "n"), True),)

    class ProjectPaper(Base):
        id = CharField(primary_key=True, max_length=36)
        project_id = CharField(max_length=36)
        name = CharField(max_length=200)
        file_id = CharField(max_length=36)
        account_id = CharField(max_length=36)
        made_at = BigIntegerField()
        withdrawn_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("project_id", "file_id"), True),)

    class ProcedurePaper(Base):
        procedure_id = CharField(max_length=36)
        paper_id = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("procedure_id", "paper_id")
            indexes = ((("paper_id", "procedure_id"), False),)

    class JointReview(Base):
        id = CharField(primary_key=True, max_length=36)
        project_id = CharField(max_length=36)
        n = IntegerField()
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        meet_at = BigIntegerField()
        place = CharField(max_length=200, null=True)
        agenda = TextField(null=True)
        leader = CharField(max_length=60, null=True)
        weekly = BooleanField(default=False)
        called_by = CharField(max_length=36)
        called_at = BigIntegerField()
        concluded_at = BigIntegerField(null=True)
        minutes_due_on = CharField(max_length=10)
        minutes_number = CharField(max_length=40, null=True)
        minutes = TextField(null=True)
        minutes_by = CharField(max_length=36, null=True)
        minutes_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("project_id", "n"), True),
                (("district_code", "state", "meet_at", "id"), False),
                (("minutes_at", "minutes_due_on", "id"), False),
            )

    class ReviewProcedure(Base):
        review_id = CharField(max_length=36)
        procedure_id = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("review_id", "procedure_id")
            indexes = ((("procedure_id", "review_id"), False),)

    class Summons(Base):
        id = CharField(primary_key=True, max_length=36)
        review_id = CharField(max_length=36)
        project_id = CharField(max_length=36)
        department_code = CharField(max_length=16)
        department_name = CharField(max_length=100)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        times_served = IntegerField(default=1)
        served_at = BigIntegerField()
        signed_by = CharField(max_length=60, null=True)
        signed_at = BigIntegerField(null=True)
        excuse = TextField(null=True)
        excused_at = BigIntegerField(null=True)
        attended = BooleanField(null=True)
        decision = CharField(max_length=16, null=True)
        reasons = TextField(null=True)
        outcome = CharField(max_length=32, null=True)
        counts_as = CharField(max_length=16, null=True)
        answer_due_at = BigIntegerField(null=True)
        answered_at = BigIntegerField(null=True)
        answered_by = CharField(max_length=36, null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("review_id", "department_code"), True),
                (("department_code", "district_code", "state", "id"), False),
                (("outcome", "answer_due_at", "id"), False),
            )

    class ReviewAssignment(Base):
        id = CharField(primary_key=True, max_length=36)
        review_id = CharField(max_length=36)
        project_id = CharField(max_length=36)
        n = IntegerField()
        what = TextField()
        lead_department = CharField(max_length=16)
        participants = TextField()
        district_code = CharField(max_length=12)
        due_on = CharField(max_length=10)
        state = CharField(max_length=16)
        report = TextField(null=True)
        done_by = CharField(max_length=36, null=True)
        done_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("review_id", "n"), True),
                (("project_id", "state", "due_on", "id"), False),
                (("lead_department", "district_code", "state", "due_on", "id"), False),
            )

    class Interview(Base):
        id = CharField(primary_key=True, max_length=36)
        project_id = CharField(max_length=36)
        n = IntegerField()
        procedure_id = CharField(max_length=36, null=True)
        district_code = CharField(max_length=12)
        held_on = CharField(max_length=10)
        present = TextField()
        account = TextField()
        fault = CharField(max_length=16)
        body = CharField(max_length=100)
        account_id = CharField(max_length=36)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("project_id", "n"), True), (("district_code", "fault", "held_on", "id"), False))

    db.create_tables(
        [
            ProjectTemplate, Project, ProjectDepartment, Procedure, DeemedConsent, LateAnswer,
            ProjectPaper, ProcedurePaper, JointReview, ReviewProcedure, Summons, ReviewAssignment, Interview,
        ],
        safe=False,
    )
