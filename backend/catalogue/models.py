"""Tables of the catalogue: items and their versions; a published version never changes."""
from enum import Enum

from peewee import BooleanField, CharField, CompositeKey, IntegerField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row


class Kind(Enum):
    INSTANT = "instant"
    PROMISE = "promise"
    REPORT = "report"


class VersionState(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Item(Row):
    """A service item; what it says stands in its versions."""

    code = CharField(primary_key=True, max_length=32)
    department_code = CharField(max_length=16, index=True)
    category = CharField(max_length=32, null=True)
    sample = BooleanField(default=False)


class ItemVersion(Row):
    """One version of an item. In force from ``valid_from_on`` to the day before ``valid_to_on``.

    ``body`` holds name, legal basis, process, materials, fee and the rest as on the wire.
    """

    item_code = CharField(max_length=32)
    number = IntegerField()
    state = EnumField(VersionState)
    name = CharField(max_length=100)
    pinyin = CharField(max_length=300)
    initials = CharField(max_length=100)
    kind = EnumField(Kind)
    legal_days = IntegerField(null=True)
    promised_days = IntegerField()
    body = JsonField()
    valid_from_on = DayField(null=True)
    valid_to_on = DayField(null=True)
    published_at = InstantField(null=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        primary_key = CompositeKey("item_code", "number")
        indexes = ((("state", "item_code"), False),)
