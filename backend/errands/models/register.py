"""Tables of paper registers that were taken in."""
from peewee import BlobField, CharField, IntegerField, TextField

from backend.core.db import DayField, InstantField, JsonField, Row


class PaperErrand(Row):
    """What a paper register says of an errand that was imported from it, and our own columns do not."""

    errand_id = CharField(primary_key=True, max_length=36)
    import_id = CharField(max_length=36)
    unit_code = CharField(max_length=12)
    paper_number = CharField(max_length=40)
    line = IntegerField()
    due_on = DayField(null=True)
    sent_up_on = DayField(null=True)
    materials = TextField(null=True)
    first_receiver = CharField(max_length=60, null=True)
    agent = CharField(max_length=60, null=True)
    rating = CharField(max_length=60, null=True)

    class Meta:
        indexes = ((("unit_code", "paper_number"), True),)


class RegisterImport(Row):
    """A paper register that was handed in: checked, then confirmed or lapsed; its report names no person."""

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    state = CharField(max_length=16)
    line_count = IntegerField()
    error_count = IntegerField()
    warning_count = IntegerField()
    report = JsonField()
    made_at = InstantField()
    confirmed_at = InstantField(null=True)
    confirmed_by = CharField(max_length=36, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("unit_code", "id"), False), (("state", "made_at"), False))


class RegisterImportPart(Row):
    """Some checked lines of an import, sealed, until they are confirmed or lapse."""

    id = CharField(primary_key=True, max_length=48)
    import_id = CharField(max_length=36)
    position = IntegerField()
    sealed = BlobField()

    class Meta:
        indexes = ((("import_id", "position"), False),)
