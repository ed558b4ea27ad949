"""Tables of supervision: orders and their rounds, cycles, findings, the watch-list; papers and people stand beside.

A body is a unit or a department of a district: ``target_code`` is its code, of ``unit_code`` and ``department_code``
one is set. ``target_name`` is its name at that time.
"""
from peewee import CharField, Check, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row
from backend.supervision.models.documents import (
    AccountabilityCase,
    Commitment,
    CommitmentBreach,
    CommitmentEvidence,
    DocumentSeries,
    NoticeAbout,
    SupervisionNotice,
)

__all__ = [
    "AccountabilityCase", "Commitment", "CommitmentBreach", "CommitmentEvidence", "DocumentSeries", "NoticeAbout",
    "OrderRound", "StandingMatter", "SupervisionCycle", "SupervisionFinding", "SupervisionNotice", "SupervisionOrder",
    "WatchEntry",
]
ONE_BODY = "(unit_code IS NULL) <> (department_code IS NULL)"


class SupervisionOrder(Row):
    """Do ``what`` by ``due_on`` to ``quality``, and reply. ``due_at`` and ``owed_code`` are the present round's.

    ``owed_code`` is who owes the reply: the target, or the body above it to which it was passed up.
    ``look_at`` is when the clock looks at it next: to remind, then to find it unanswered; then never. Orders made
    by a cycle name their matter and period, so that none is made twice.
    """

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
    due_on = DayField()
    due_at = InstantField()
    look_at = InstantField()
    matter_id = CharField(max_length=36, null=True)
    period = CharField(max_length=12, null=True)
    passed_up_at = InstantField(null=True)
    passed_up_by = CharField(max_length=36, null=True)
    passed_up_to = CharField(max_length=12, null=True)
    passed_up_for = TextField(null=True)
    issued_by = CharField(max_length=64)
    issued_at = InstantField()
    ended_at = InstantField(null=True)
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


class OrderRound(Row):
    """One time that an order asked for a reply: by when, what was replied, and what became of it.

    Each returned reply begins the next round. ``ended_at``: it was passed up or the order withdrawn before a reply.
    """

    order_id = CharField(max_length=36)
    n = IntegerField()
    district_code = CharField(max_length=12)
    owed_code = CharField(max_length=16)
    owed_name = CharField(max_length=100)
    due_on = DayField()
    due_at = InstantField()
    opened_at = InstantField()
    reply = TextField(null=True)
    replied_at = InstantField(null=True)
    replied_by = CharField(max_length=36, null=True)
    verdict = CharField(max_length=16, null=True)
    reason = TextField(null=True)
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    ended_at = InstantField(null=True)

    class Meta:
        primary_key = CompositeKey("order_id", "n")
        indexes = ((("district_code", "due_at", "order_id"), False),)


class StandingMatter(Row):
    """A matter that each cycle of its kind asks anew of its targets (codes of units and departments)."""

    id = CharField(primary_key=True, max_length=36)
    district_code = CharField(max_length=12)
    cycle = CharField(max_length=16)
    source = CharField(max_length=16)
    what = TextField()
    quality = TextField()
    targets = JsonField()
    from_on = DayField()
    state = CharField(max_length=16)
    ended_at = InstantField(null=True)
    ended_for = TextField(null=True)
    made_by = CharField(max_length=36)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("district_code", "state", "id"), False), (("district_code", "cycle", "state", "id"), False))


class SupervisionCycle(Row):
    """A period of a cycle in a district: begun, when its orders are made; closed, when the late ones are named.

    Its figures (``asked``, ``on_time``, ``late``, ``missing``) are those of its close and never change.
    """

    district_code = CharField(max_length=12)
    kind = CharField(max_length=16)
    period = CharField(max_length=12)
    due_at = InstantField()
    begun_at = InstantField(null=True)
    orders = IntegerField(default=0)
    closed_at = InstantField(null=True)
    asked = IntegerField(null=True)
    on_time = IntegerField(null=True)
    late = IntegerField(null=True)
    missing = IntegerField(null=True)
    notice_id = CharField(max_length=36, null=True)

    class Meta:
        primary_key = CompositeKey("district_code", "kind", "period")


class SupervisionFinding(Row):
    """What a body has to answer for: unanswered and not passed up by its date, or a promise not kept (rules 10.9).

    One thing is found once. A reversal adds its reason and takes nothing away.
    """

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
    effective_at = InstantField()
    detected_at = InstantField()
    state = CharField(max_length=16)
    reversed_at = InstantField(null=True)
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


class WatchEntry(Row):
    """A body is on the watch-list from a moment until it is taken off. ``watched`` (district/code) while it is on."""

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
    from_at = InstantField()
    ended_by = CharField(max_length=36, null=True)
    ended_at = InstantField(null=True)
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
