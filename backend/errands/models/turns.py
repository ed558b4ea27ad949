"""Tables of an errand's turns: notices, findings, hand-overs, forwardings."""
from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row
from backend.errands.models.states import State


class SupplementNotice(Row):
    """The one-time notice of everything that is missing (Administrative Licensing Law art. 32)."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    n = IntegerField()
    number = CharField(max_length=40)
    missing = JsonField()
    legal_basis = CharField(max_length=500, null=True)
    account_id = CharField(max_length=36)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("errand_id", "n"), True),)


class Finding(Row):
    """What an officer has to answer for: a second notice, a limit passed over in silence."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    kind = CharField(max_length=24)
    basis = TextField(null=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = tuple(
            ((code, "id"), False) for code in ("unit_code", "township_code", "district_code", "errand_id", "account_id")
        )


class Refusal(Row):
    """An entry of the zero-refusal register: a no, with its reason and the way on. Nothing takes it back."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    kind = CharField(max_length=16)
    reason = TextField(null=True)
    referral = JsonField(null=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = tuple(((code, "made_at", "id"), False) for code in ("unit_code", "township_code", "district_code"))


class OffHours(Row):
    """How often an account acted outside office hours on a day, in which unit."""

    account_id = CharField(max_length=36)
    day_on = DayField()
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    acts = IntegerField()

    class Meta:
        primary_key = CompositeKey("account_id", "day_on", "unit_code")
        indexes = tuple(((code, "day_on"), False) for code in ("unit_code", "township_code", "district_code"))


class OffHoursMark(Row):
    """One row: up to which entry of the ledger acts outside office hours are counted."""

    id = IntegerField(primary_key=True)
    seq = BigIntegerField()


class Handover(Row):
    """An agent gives an errand to another, who has to take it."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    n = IntegerField()
    from_account_id = CharField(max_length=36)
    to_account_id = CharField(max_length=36)
    reason = CharField(max_length=500, null=True)
    state = CharField(max_length=16)
    made_at = InstantField()
    answered_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("errand_id", "n"), True), (("to_account_id", "state", "id"), False),
            (("from_account_id", "state", "id"), False),
        )


class Forwarding(Row):
    """A step of an errand at a department's handler, with a limit of its own inside the promise."""

    id = CharField(primary_key=True, max_length=36)
    errand_id = CharField(max_length=36)
    n = IntegerField()
    district_code = CharField(max_length=12)
    department_code = CharField(max_length=16)
    department_name = CharField(max_length=100)
    step = CharField(max_length=100, null=True)
    note = TextField(null=True)
    limit_days = IntegerField()
    forwarded_by = CharField(max_length=36)
    made_at = InstantField()
    due_at = InstantField(null=True)
    order_at = InstantField()
    state = CharField(max_length=16)
    decision = CharField(max_length=16, null=True)
    reasons = TextField(null=True)
    answered_by = CharField(max_length=36, null=True)
    answered_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("errand_id", "n"), True), (("district_code", "department_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False),
        )


class ErrandReader(Row):
    """A department (``code``) to which an errand was ever forwarded, and whose handlers read it (rules 12).

    State and order are the errand's own, repeated here so that a department's work list has an index.
    """

    errand_id = CharField(max_length=36)
    code = CharField(max_length=16)
    district_code = CharField(max_length=12)
    state = EnumField(State)
    order_at = InstantField()

    class Meta:
        primary_key = CompositeKey("errand_id", "code")
        indexes = ((("district_code", "code", "state", "order_at", "errand_id"), False),)
