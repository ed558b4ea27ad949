"""Tables of the tree: units (their code is the key, a subtree is a code prefix), departments, posts."""
from peewee import BooleanField, CharField, Check, CompositeKey, DoubleField, IntegerField

from backend.core.db import DayField, EnumField, InstantField, JsonField, Row
from backend.org.rules.words import Level, SiteType, Status


class Unit(Row):
    """A node of the tree. ``valid_to_on`` is the first day on which it is no longer in office.

    On PostgreSQL its texts sort bytewise, as on SQLite, so that their indexes serve prefixes.
    """

    code = CharField(primary_key=True, max_length=12)
    name = CharField(max_length=100)
    level = EnumField(Level)
    parent_code = CharField(max_length=12, null=True)
    pinyin = CharField(max_length=300)
    initials = CharField(max_length=100)
    site_type = EnumField(SiteType, null=True)
    status = EnumField(Status, default=Status.PLANNED)
    phone = CharField(max_length=32, null=True)
    address = CharField(max_length=200, null=True)
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)
    office_hours = JsonField(null=True)
    valid_from_on = DayField(null=True)
    valid_to_on = DayField(null=True)
    successor_code = CharField(max_length=12, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("parent_code", "code"), False),
            (("level", "code"), False),
            (("level", "name", "code"), False),
            (("level", "pinyin", "code"), False),
            (("level", "initials", "code"), False),
        )
        constraints = [Check("length(code) = 12")]


class UnitBuilt(Row):
    """From which day until which (the first on which it no longer was) a unit's site was built."""

    unit_code = CharField(max_length=12)
    from_on = DayField()
    to_on = DayField(null=True)

    class Meta:
        primary_key = CompositeKey("unit_code", "from_on")


class Department(Row):
    """A department, as data: merged ones name their successor; old cases show the name of their time."""

    code = CharField(primary_key=True, max_length=16)
    name = CharField(max_length=100)
    valid_to_on = DayField(null=True)
    successor_code = CharField(max_length=16, null=True)
    version = IntegerField(default=1)
    sample = BooleanField(default=False)


class Post(Row):
    """Who holds ``head`` or ``duty`` of a unit or department; no row, or no account: vacant.

    The holder counts only while the account can act and still belongs there (``people.queries.posts``).
    """

    district_code = CharField(max_length=12)
    code = CharField(max_length=16)
    post = CharField(max_length=8)
    account_id = CharField(max_length=36, null=True, index=True)
    since_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        primary_key = CompositeKey("district_code", "code", "post")
