"""Tables of disclosure: months that were told to the public, and corrections that persons ask for."""
from peewee import BlobField, CharField, CompositeKey, IntegerField, TextField

from backend.core.db import DayField, InstantField, Row


class OpenFigures(Row):
    """What the public was told of a district's month: one text, its hash, never changed (triggers refuse it)."""

    district_code = CharField(max_length=12)
    month = CharField(max_length=7)
    body = TextField()
    content_sha256 = CharField(max_length=64)
    summary = TextField()
    issued_at = InstantField()

    class Meta:
        primary_key = CompositeKey("district_code", "month")


class Correction(Row):
    """That a person says something held of her is wrong: what she wants instead, sealed, and the answer."""

    id = CharField(primary_key=True, max_length=36)
    resident_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    state = CharField(max_length=16)
    fields = CharField(max_length=100)
    asked_sealed = BlobField(null=True)
    asked_by = CharField(max_length=36)
    asked_at = InstantField()
    due_on = DayField()
    answer = TextField(null=True)
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "id"), False),
            (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
            (("resident_id", "id"), False),
        )
