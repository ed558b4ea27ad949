"""Tables of the core: the ledger, idempotency keys, denials, the jobs' lease and runs."""
from peewee import SQL, BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, ModelIndex, TextField

from backend.core.db import DayField, InstantField, JsonField, Row


class LedgerHead(Row):
    """The one row that every writing transaction takes last; its number orders all changes."""

    id = IntegerField(primary_key=True)
    seq = BigIntegerField()
    hash = BlobField()


class LedgerEntry(Row):
    """One changed subject of one action; the chain holds the commitment, never the values."""

    seq = BigIntegerField(primary_key=True)
    recorded_at = InstantField()
    happened_at = InstantField()
    actor = CharField(max_length=64)
    role = CharField(max_length=16)
    unit = CharField(max_length=12)
    device = CharField(max_length=64)
    action = CharField(max_length=48)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=64)
    scope = CharField(max_length=12)
    outcome = CharField(max_length=16)
    fields = CharField(max_length=500)
    commitment = BlobField()
    prev_hash = BlobField()
    hash = BlobField()

    class Meta:
        indexes = ((("subject_type", "subject_id", "seq"), False),)


READ = "outcome = 'read' OR action IN ('resident.full_view', 'appointment.full_view', 'register.export')"
"""Entries of somebody reading personal data in full: those since have the outcome ``read``."""
GRANT = (
    "action IN ('account.create', 'account.edit', 'account.enable', 'account.disable', 'account.approve', "
    "'account.password_reset', 'post.change')"
)
"""Entries of somebody giving or taking rights."""

for _name, _fields, _where in (
    ("ledger_entry_read", [LedgerEntry.seq], READ),
    ("ledger_entry_reader", [LedgerEntry.actor, LedgerEntry.seq], READ),
    ("ledger_entry_grant", [LedgerEntry.seq], GRANT),
):
    LedgerEntry.add_index(ModelIndex(LedgerEntry, _fields, where=SQL(_where), name=_name))


FED = "subject_type IN ('errand', 'resident', 'visit', 'appointment', 'file') AND outcome <> 'read'"
"""Entries of which the phones' change feed is made."""
TOWNSHIP = "substr(scope, 1, 9)"
"""The digits that all units of an entry's township share."""
LedgerEntry.add_index(ModelIndex(
    LedgerEntry, [SQL(TOWNSHIP), LedgerEntry.seq], where=SQL(FED), name="ledger_entry_fed"
))


class LedgerReach(Row):
    """That an entry concerns an account besides those who read its scope; no part of the chain."""

    reader_id = CharField(max_length=36)
    seq = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("reader_id", "seq")


class LedgerDetail(Row):
    """Values, reasons and texts of an entry, sealed; erasing one leaves the chain whole."""

    seq = BigIntegerField(primary_key=True)
    salt = BlobField(null=True)
    sealed = BlobField(null=True)
    erased_by = BigIntegerField(null=True)


class LedgerCheckpoint(Row):
    """A signed statement of the head at some moment."""

    seq = BigIntegerField(primary_key=True)
    hash = BlobField()
    made_at = InstantField()
    signature = BlobField()


class IdempotencyKey(Row):
    """What a call with a key did, kept as long as an offline queue can be old."""

    scope = CharField(max_length=64)
    key = CharField(max_length=128)
    route = CharField(max_length=300)
    digest = BlobField()
    ref = TextField(null=True)
    receipt = CharField(max_length=90, null=True)
    made_at = InstantField(index=True)

    class Meta:
        primary_key = CompositeKey("scope", "key")


class Denial(Row):
    """How often an account was refused in an hour; a job turns each into one ledger entry."""

    account_id = CharField(max_length=64)
    hour_at = InstantField()
    times = IntegerField()

    class Meta:
        primary_key = CompositeKey("account_id", "hour_at")


class Lease(Row):
    """Who acts for all processes; ``token`` fences a holder that was paused."""

    name = CharField(primary_key=True, max_length=32)
    holder = CharField(max_length=64)
    token = BigIntegerField()
    expires = BigIntegerField()


class JobRun(Row):
    """That a job was done for a slot of its timetable; the row is part of the job's own work."""

    job = CharField(max_length=48)
    scheduled_at = InstantField()
    finished_at = InstantField()

    class Meta:
        primary_key = CompositeKey("job", "scheduled_at")


class Setting(Row):
    """What a district decided differently from the product's default, from a day on."""

    id = CharField(primary_key=True, max_length=60)
    name = CharField(max_length=40)
    valid_from_on = DayField()
    value = JsonField()
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("name", "valid_from_on"), True),)
