"""Tables of what phones pushed: what became of each mutation, and conflicts that a person decides."""
from peewee import SQL, BlobField, BooleanField, CharField, IntegerField, ModelIndex, TextField

from backend.core.db import InstantField, JsonField, Row


class SyncResult(Row):
    """What became of one mutation, as it was answered; ``data`` and ``problem`` say nothing personal.

    ``mutation_id`` is the phone's own, and NULL where it came again with another content. What was rejected keeps
    what the phone sent (``payload_sealed``) and stands in the inbox: ``kind`` and ``state`` are set for it alone.
    """

    id = CharField(primary_key=True, max_length=36)
    device_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    n = IntegerField()
    mutation_id = CharField(max_length=64, null=True)
    digest = BlobField()
    type = CharField(max_length=48)
    entity_id = CharField(max_length=64, null=True)
    status = CharField(max_length=16)
    data = JsonField(null=True)
    problem = JsonField(null=True)
    receipt = CharField(max_length=90, null=True)
    occurred_at = InstantField(null=True)
    received_at = InstantField(index=True)
    skewed = BooleanField(default=False)
    payload_sealed = BlobField(null=True)
    resident_id = CharField(max_length=36, null=True)
    kind = CharField(max_length=16, null=True)
    state = CharField(max_length=16, null=True)
    settled_by = CharField(max_length=36, null=True)
    settled_at = InstantField(null=True)
    note = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("account_id", "mutation_id", "digest"), True),
            (("device_id", "n"), False),
        )


INBOX = "state IS NOT NULL"
"""What was rejected, until it is settled and forgotten."""

for _name, _fields, _where in (
    ("sync_result_own", [SyncResult.account_id, SyncResult.state, SyncResult.id], INBOX),
    ("sync_result_unit", [SyncResult.unit_code, SyncResult.state, SyncResult.id], INBOX),
    ("sync_result_township", [SyncResult.township_code, SyncResult.state, SyncResult.id], INBOX),
    ("sync_result_district", [SyncResult.district_code, SyncResult.state, SyncResult.id], INBOX),
    ("sync_result_resident", [SyncResult.resident_id], "resident_id IS NOT NULL"),
):
    SyncResult.add_index(ModelIndex(SyncResult, _fields, where=SQL(_where), name=_name))


class SyncConflict(Row):
    """Fields that a phone and somebody else changed differently: a person decides.

    ``values_sealed`` is ``{field: {base, server, device}}``; ``result_id`` names the mutation they come from.
    """

    id = CharField(primary_key=True, max_length=36)
    result_id = CharField(max_length=36)
    device_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    subject_type = CharField(max_length=24)
    subject_id = CharField(max_length=36)
    resident_id = CharField(max_length=36)
    fields = JsonField()
    values_sealed = BlobField(null=True)
    opened_at = InstantField()
    state = CharField(max_length=16)
    choice = CharField(max_length=16, null=True)
    resolved_by = CharField(max_length=36, null=True)
    resolved_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("account_id", "state", "id"), False),
            (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
            (("resident_id", "id"), False),
            (("resolved_at",), False),
        )
