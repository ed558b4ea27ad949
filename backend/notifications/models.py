"""Tables of notices: the outbox, receipts' nonces, call tasks."""
from peewee import BlobField, BooleanField, CharField, IntegerField, TextField

from backend.core.db import InstantField, Row


class Notice(Row):
    """One message to one recipient, written in the transaction that it tells of.

    ``next_at`` is when the row is looked at next: the next try while it waits, the lease's end while it
    is being sent, later the moment a missing receipt is chased or what is sealed here is forgotten.
    ``version`` fences a sender that was overtaken. ``trouble`` is the code of the last failure.
    """

    id = CharField(primary_key=True, max_length=36)
    template = CharField(max_length=48)
    dedupe = CharField(max_length=160, unique=True)
    state = CharField(max_length=16)
    audience = CharField(max_length=16)
    recipient_id = CharField(max_length=36)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=64)
    subject_number = CharField(max_length=64, null=True)
    unit_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    address_sealed = BlobField(null=True)
    values_sealed = BlobField(null=True)
    at_most_once = BooleanField()
    not_before_at = InstantField()
    not_after_at = InstantField(null=True)
    next_at = InstantField()
    first_at = InstantField(null=True)
    failures = IntegerField(default=0)
    trouble = CharField(max_length=64, null=True)
    channel = CharField(max_length=16, null=True)
    provider_id = CharField(max_length=80, null=True)
    made_at = InstantField()
    sent_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    read_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("audience", "state", "next_at", "id"), False),
            (("district_code", "state", "id"), False),
            (("unit_code", "state", "id"), False),
            (("recipient_id", "id"), False),
            (("recipient_id", "read_at", "id"), False),
            (("subject_type", "subject_id", "id"), False),
            (("provider_id",), False),
        )


class ReceiptNonce(Row):
    """A delivery receipt that was seen, so that a copy of it has no effect."""

    nonce = CharField(primary_key=True, max_length=64)
    seen_at = InstantField(index=True)


class CallTask(Row):
    """Somebody must ring a resident, whatever the matter; the three codes root the three scopes."""

    id = CharField(primary_key=True, max_length=36)
    dedupe = CharField(max_length=200, unique=True)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=64)
    subject_number = CharField(max_length=64, null=True)
    resident_id = CharField(max_length=36, null=True)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    reason = CharField(max_length=48)
    state = CharField(max_length=16)
    reached = BooleanField(null=True)
    note = TextField(null=True)
    account_id = CharField(max_length=36, null=True)
    made_at = InstantField()
    called_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
            (("subject_type", "subject_id", "id"), False),
        )
