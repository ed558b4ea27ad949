"""Tables of the catalogue: items, their versions (a published one never changes), categories."""
from enum import Enum

from peewee import CharField, IntegerField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row


class Kind(Enum):
    INSTANT = "instant"
    PROMISE = "promise"
    REPORT = "report"


class VersionState(Enum):
    """What is stored; ``superseded`` is read from the dates, so that no midnight has to write it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Category(Row):
    """A group of items as residents know them."""

    code = CharField(primary_key=True, max_length=32)
    name = CharField(max_length=100)


class Item(Row):
    """A service item; what it says stands in its versions. Its row is their lock."""

    code = CharField(primary_key=True, max_length=32)
    made_at = InstantField()


class ItemVersion(Row):
    """One version of an item. In force from ``valid_from_on`` to the day before ``valid_to_on``.

    ``body`` holds the disclosures as on the wire; the columns beside it are what lists filter by.
    ``id`` is item code and number, ``MZ-001:2``. A draft may lack anything.
    """

    id = CharField(primary_key=True, max_length=48)
    item_code = CharField(max_length=32)
    number = IntegerField()
    state = EnumField(VersionState)
    department_code = CharField(max_length=16, null=True)
    name = CharField(max_length=100, null=True)
    pinyin = CharField(max_length=700)
    initials = CharField(max_length=200)
    kind = EnumField(Kind, null=True)
    levels = CharField(max_length=64)
    legal_days = IntegerField(null=True)
    promised_days = IntegerField(null=True)
    body = JsonField()
    valid_from_on = DayField(null=True)
    valid_to_on = DayField(null=True)
    published_at = InstantField(null=True)
    withdrawal_reason = CharField(max_length=500, null=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("item_code", "number"), True),)
