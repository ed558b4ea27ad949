"""Tables of devices: the phone, and the sessions it speaks with."""
from peewee import CharField, CompositeKey, IntegerField

from backend.core.db import InstantField, Row


class SyncDevice(Row):
    """One phone of one account; held while anything of it is written, so that its work has one order.

    ``next_n`` is the number expected next, up to ``forgotten_n`` answers are no longer kept. The codes are those of
    its account when it was last heard of. ``rejected`` and ``conflicts`` count what is not settled yet.
    ``outbox_size`` and ``held_rows`` are as the phone says; ``clock_skew_seconds`` is how far its clock is ahead.
    """

    id = CharField(primary_key=True, max_length=36)
    account_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    name = CharField(max_length=100)
    made_at = InstantField()
    next_n = IntegerField(default=1)
    forgotten_n = IntegerField(default=0)
    last_push_at = InstantField(null=True)
    outbox_size = IntegerField(null=True)
    held_rows = IntegerField(null=True)
    rejected = IntegerField(default=0)
    conflicts = IntegerField(default=0)
    clock_skew_seconds = IntegerField(null=True)
    revoked_at = InstantField(null=True)
    revoked_by = CharField(max_length=36, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("account_id", "id"), False),
            (("township_code", "id"), False),
            (("district_code", "id"), False),
        )


class SyncSession(Row):
    """That a session is a device's; it ends with the first of its devices that is revoked."""

    session_id = CharField(max_length=36)
    device_id = CharField(max_length=36, index=True)

    class Meta:
        primary_key = CompositeKey("session_id", "device_id")
