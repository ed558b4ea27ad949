"""Tables of the change feed: the life of this database, and whom an account has read in full through it."""
from peewee import CharField, CompositeKey, IntegerField

from backend.core.db import InstantField, Row


class SyncState(Row):
    """One row: the epoch, which a restore renews, since the ledger's numbers may be given again after it."""

    id = IntegerField(primary_key=True)
    epoch = CharField(max_length=36)


class SyncRead(Row):
    """That an account's phone was given a resident's phone and address in full; logged the first time."""

    account_id = CharField(max_length=36)
    resident_id = CharField(max_length=36)
    read_at = InstantField()

    class Meta:
        primary_key = CompositeKey("account_id", "resident_id")
