"""Tables of people: accounts and their sessions, residents with sealed numbers; rosters."""
from peewee import BigIntegerField, BlobField, BooleanField, CharField, CompositeKey, IntegerField

from backend.core.db import InstantField, Row
from backend.people.models.rosters import Leave, OnCall, Roster, RosterStamp, Shift, Swap

__all__ = [
    "Account", "FailedTry", "FullView", "Leave", "OnCall", "Resident", "ResidentReader", "Roster", "RosterStamp",
    "Session", "Shift", "Swap",
]


class Account(Row):
    """One person of the staff, with one role; ``unit_code`` roots the scope.

    ``password_until_at`` is set while the password is a one-time one; ``proposed_by`` made or
    promoted a supervisor or admin, who cannot sign in until ``approval_by`` is set.
    """

    id = CharField(primary_key=True, max_length=36)
    username = CharField(max_length=64, unique=True)
    name = CharField(max_length=60)
    role = CharField(max_length=16)
    unit_code = CharField(max_length=12, null=True)
    department_code = CharField(max_length=16, null=True)
    phone = CharField(max_length=32, null=True)
    password_hash = CharField(max_length=200)
    password_until_at = InstantField(null=True)
    password_generation = IntegerField(default=0)
    totp_sealed = BlobField(null=True)
    totp_step = BigIntegerField(default=0)
    totp_confirmed_at = InstantField(null=True)
    disabled_at = InstantField(null=True, index=True)
    proposed_by = CharField(max_length=64, null=True)
    approval_by = CharField(max_length=64, null=True)
    sample = BooleanField(default=False)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "role", "id"), False),
            (("department_code", "id"), False),
            (("role", "id"), False),
        )


class Session(Row):
    """A signed-in device; the token is stored hashed only."""

    id = CharField(primary_key=True, max_length=36)
    token_hash = CharField(max_length=64, unique=True)
    account_id = CharField(max_length=36, index=True)
    device_name = CharField(max_length=100, null=True)
    made_at = InstantField()
    expires_at = InstantField(index=True)
    version = IntegerField(default=1)


class FailedTry(Row):
    """Failed attempts by account or source within a window, for lockout and rate limits."""

    subject = CharField(max_length=80)
    kind = CharField(max_length=16)
    times = IntegerField()
    since_at = InstantField()
    until_at = InstantField(null=True)

    class Meta:
        primary_key = CompositeKey("kind", "subject")


class Resident(Row):
    """A resident, unique per township and ID number; numbers sealed, found by blind index."""

    id = CharField(primary_key=True, max_length=36)
    township_code = CharField(max_length=12)
    name = CharField(max_length=60)
    pinyin = CharField(max_length=200)
    initials = CharField(max_length=60)
    id_number_sealed = BlobField(null=True)
    id_number_index = BlobField(null=True)
    phone_sealed = BlobField(null=True)
    phone_index = BlobField(null=True)
    address_sealed = BlobField(null=True)
    takes_sms = BooleanField(default=True)
    made_at = InstantField()
    erased_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("township_code", "id_number_index"), True),
            (("phone_index", "township_code"), False),
            (("id_number_index",), False),
            (("township_code", "name", "id"), False),
            (("township_code", "pinyin", "id"), False),
            (("township_code", "initials", "id"), False),
            (("name", "id"), False),
            (("pinyin", "id"), False),
            (("initials", "id"), False),
        )


class ResidentReader(Row):
    """Whose desk a resident's errands lie on: a unit's code, or a department's.

    The names are the resident's own, repeated here so that a unit's search has an index.
    """

    resident_id = CharField(max_length=36)
    reader_code = CharField(max_length=16)
    name = CharField(max_length=60)
    pinyin = CharField(max_length=200)
    initials = CharField(max_length=60)

    class Meta:
        primary_key = CompositeKey("resident_id", "reader_code")
        indexes = (
            (("reader_code", "name", "resident_id"), False),
            (("reader_code", "pinyin", "resident_id"), False),
            (("reader_code", "initials", "resident_id"), False),
        )


class FullView(Row):
    """That somebody saw a resident's full numbers; also his budget per hour and day."""

    id = CharField(primary_key=True, max_length=36)
    account_id = CharField(max_length=36)
    resident_id = CharField(max_length=36)
    viewed_at = InstantField()

    class Meta:
        indexes = ((("account_id", "viewed_at"), False),)
