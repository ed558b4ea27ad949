"""Tables of calendar feeds."""
from peewee import CharField, IntegerField

from backend.core.db import InstantField, Row


class Feed(Row):
    """A subscription of an account: its own days, or a unit's. Of the secret in its address only the hash is kept.

    ``unit_code`` is empty for one's own days. The secret is derived from id and ``generation``, so that a
    replay can tell it again; each new generation ends the one before.
    """

    id = CharField(primary_key=True, max_length=36)
    account_id = CharField(max_length=36)
    kind = CharField(max_length=16)
    unit_code = CharField(max_length=12)
    generation = IntegerField()
    secret_hash = CharField(max_length=64, unique=True)
    made_at = InstantField()
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("account_id", "kind", "unit_code"), True),)
