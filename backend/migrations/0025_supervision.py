"""Supervision: orders and cycles, findings, the watch-list, notices that never change, accountability, promises."""
from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

ONE_BODY = "(unit_code IS NULL) <> (department_code IS NULL)"


def up(migrator, db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class SupervisionOrder(Base):
        id = CharField(primary_key=True, max_length=36)
        number = CharField(max_length=40)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12, null=True)
        township_code = CharField(max_length=12, null=True)
        department_code = CharField(max_length=16, null=True)
        target_code = CharField(max_length=16)
        target_name = CharField(max_length=100)
        source = CharField(max_length=16)
        source_ref = CharField(max_length=64, null=True)
        what = TextField()
        quality = TextField()
        state = CharField(max_length=16)
        round = IntegerField(default=1)
        owed_code = CharField(max_length=16)
        owed_name = CharField(max_length=100)
        due_on = CharField(max_length=10)
        due_at = BigIntegerField()
        look_at = BigIntegerField()
        matter_id = CharField(max_length=36, null=True)
        period = CharField(max_length=12, null=True)
        passed_up_at = BigIntegerField(null=True)
        passed_up_by = CharField(max_length=36, null=True)
        passed_up_to = CharField(max_length=12, null=True)
        passed_up_for = TextField(null=True)
        issued_by = CharField(max_length=64)
        issued_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        ended_for = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("district_code", "number"), True),
                (("matter_id", "period", "target_code"), True),
                (("unit_code", "state", "due_at", "id"), False),
                (("township_code", "state", "due_at", "id"), False),
                (("district_code", "state", "due_at", "id"), False),
                (("department_code", "district_code", "state", "due_at", "id"), False),
                (("look_at", "id"), False),
            )
            constraints = [Check(ONE_BODY)]

    class OrderRound(Base):
        order_id = CharField(max_length=36)
        n = IntegerField()
        district_code = CharField(max_length=12)
        owed_code = CharField(max_length=16)
        owed_name = CharField(max_length=100)
        due_on = CharField(max_length=10)
        due_at = BigIntegerField()
        opened_at = BigIntegerField()
        reply = TextField(null=True)
        replied_at = BigIntegerField(null=True)
        replied_by = CharField(max_length=36, null=True)
        verdict = CharField(max_length=16, null=True)
        reason = TextField(null=True)
        decided_by = CharField(max_length=36, null=True)
        decided_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)

        class Meta:
            primary_key = CompositeKey("order_id", "n")
            indexes = ((("district_code", "due_at", "order_id"), False),)

    class StandingMatter(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        cycle = CharField(max_length=16)
        source = CharField(max_length=16)
        what = TextField()
        quality = TextField()
        targets = TextField()
        from_on = CharField(max_length=10)
        state = CharField(max_length=16)
        ended_at = BigIntegerField(null=True)
        ended_for = TextField(null=True)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        version = IntegerField(default=1)

        class Meta:
            indexes = ((("district_code", "state", "id"), False), (("district_code", "cycle", "state", "id"), False))

    class SupervisionCycle(Base):
        district_code = CharField(max_length=12)
        kind = CharField(max_length=16)
        period = CharField(max_length=12)
        due_at = BigIntegerField()
        begun_at = BigIntegerField(null=True)
        orders = IntegerField(default=0)
        closed_at = BigIntegerField(null=True)
        asked = IntegerField(null=True)
        on_time = IntegerField(null=True)
        late = IntegerField(null=True)
        missing = IntegerField(null=True)
        notice_id = CharField(max_length=36, null=True)

        class Meta:
            primary_key = CompositeKey("district_code", "kind", "period")

    class SupervisionFinding(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12, null=True)
        township_code = CharField(max_length=12, null=True)
        department_code = CharField(max_length=16, null=True)
        target_code = CharField(max_length=16)
        target_name = CharField(max_length=100)
        kind = CharField(max_length=24)
        source_type = CharField(max_length=24)
        source_id = CharField(max_length=64)
        what = TextField()
        effective_at = BigIntegerField()
        detected_at = BigIntegerField()
        state = CharField(max_length=16)
        reversed_at = BigIntegerField(null=True)
        reversed_by = CharField(max_length=36, null=True)
        reversed_for = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("source_type", "source_id", "kind"), True),
                (("unit_code", "id"), False),
                (("township_code", "id"), False),
                (("district_code", "id"), False),
                (("department_code", "district_code", "id"), False),
                (("district_code", "target_code", "effective_at"), False),
            )
            constraints = [Check(ONE_BODY)]

    class WatchEntry(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12, null=True)
        township_code = CharField(max_length=12, null=True)
        department_code = CharField(max_length=16, null=True)
        target_code = CharField(max_length=16)
        target_name = CharField(max_length=100)
        watched = CharField(max_length=32, null=True, unique=True)
        kind = CharField(max_length=16)
        reason = TextField()
        source_type = CharField(max_length=24, null=True)
        source_id = CharField(max_length=64, null=True)
        state = CharField(max_length=16)
        put_by = CharField(max_length=64)
        from_at = BigIntegerField()
        ended_by = CharField(max_length=36, null=True)
        ended_at = BigIntegerField(null=True)
        ended_for = TextField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("unit_code", "state", "id"), False),
                (("township_code", "state", "id"), False),
                (("district_code", "state", "id"), False),
                (("department_code", "district_code", "state", "id"), False),
            )
            constraints = [Check(ONE_BODY)]

    class DocumentSeries(Base):
        district_code = CharField(max_length=12)
        kind = CharField(max_length=16)
        year = IntegerField()
        last = IntegerField()

        class Meta:
            primary_key = CompositeKey("district_code", "kind", "year")

    class SupervisionNotice(Base):
        id = CharField(primary_key=True, max_length=36)
        district_code = CharField(max_length=12)
        state = CharField(max_length=16)
        kind = CharField(max_length=16)
        public = BooleanField(default=False)
        title = CharField(max_length=200)
        text = TextField()
        about = TextField()
        late = TextField(null=True)
        corrects_id = CharField(max_length=36, null=True)
        year = IntegerField(null=True)
        serial = IntegerField(null=True)
        number = CharField(max_length=40, null=True)
        body = TextField(null=True)
        content_sha256 = CharField(max_length=64, null=True)
        made_by = CharField(max_length=64)
        made_at = BigIntegerField()
        issued_by = CharField(max_length=64, null=True)
        issued_at = BigIntegerField(null=True)
        version = IntegerField(default=1)

        class Meta:
            indexes = (
                (("district_code", "year", "serial"), True),
                (("district_code", "state", "id"), False),
                (("district_code", "public", "state", "id"), False),
            )

    class NoticeAbout(Base):
        notice_id = CharField(max_length=36)
        n = IntegerField()
        kind = CharField(max_length=16)
        district_code = CharField(max_length=12)
        unit_code = CharField(max_length=12, null=True)
        department_code = CharField(max_length=16, null=True)
        account_id = CharField(max_length=36, null=True)
        name = CharField(max_length=100)
        issued_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("notice_id", "n")
            indexes = (
                (("unit_code", "issued_at", "notice_id"), False),
                (("department_code", "district_code", "issued_at", "notice_id"), False),
                (("account_id", "issued_at", "notice_id"), False),
                (("district_code", "issued_at", "notice_id"), False),
            )

    class AccountabilityCase(Base):
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
        made_at = BigIntegerField()
        opened_by = CharField(max_length=36, null=True)
        opened_at = BigIntegerField(null=True)
        reminder = TextField(null=True)
        reminded_by = CharField(max_length=36, null=True)
        reminded_at = BigIntegerField(null=True)
        remedy_due_on = CharField(max_length=10, null=True)
        statement = TextField(null=True)
        stated_by = CharField(max_length=36, null=True)
        stated_at = BigIntegerField(null=True)
        ended_by = CharField(max_length=36, null=True)
        ended_at = BigIntegerField(null=True)
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

    class Commitment(Base):
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
        made_on = CharField(max_length=10)
        due_on = CharField(max_length=10, null=True)
        due_at = BigIntegerField(null=True)
        look_at = BigIntegerField()
        state = CharField(max_length=16)
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()
        ended_by = CharField(max_length=36, null=True)
        ended_at = BigIntegerField(null=True)
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

    class CommitmentEvidence(Base):
        commitment_id = CharField(max_length=36)
        n = IntegerField()
        text = TextField()
        made_by = CharField(max_length=36)
        made_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey("commitment_id", "n")

    class CommitmentBreach(Base):
        commitment_id = CharField(max_length=36)
        n = IntegerField()
        kind = CharField(max_length=16)
        what = TextField()
        effective_at = BigIntegerField()
        detected_at = BigIntegerField()
        made_by = CharField(max_length=64)
        case_id = CharField(max_length=36)

        class Meta:
            primary_key = CompositeKey("commitment_id", "n")

    db.create_tables(
        [
            SupervisionOrder, OrderRound, StandingMatter, SupervisionCycle, SupervisionFinding,
            WatchEntry, DocumentSeries, SupervisionNotice, NoticeAbout,
            AccountabilityCase, Commitment, CommitmentEvidence, CommitmentBreach,
        ],
        safe=False,
    )
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE FUNCTION supervision_notice_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RAISE EXCEPTION ''an issued notice never changes''; END'"
        )
        db.execute_sql(
            "CREATE TRIGGER supervision_notice_issued BEFORE UPDATE OR DELETE ON supervision_notice FOR EACH ROW "
            "WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION supervision_notice_refuse()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        db.execute_sql(
            f"CREATE TRIGGER supervision_notice_no_{act.lower()} BEFORE {act} ON supervision_notice "
            "WHEN OLD.issued_at IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'an issued notice never changes'); END"
        )
