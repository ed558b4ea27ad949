"""Tables of home visits: the visit, the errands it serves, and the time that it takes of its agent."""
from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    IntegerField,
    ModelIndex,
    TextField,
)

from backend.core.db import DayField, InstantField, JsonField, Row


class Visit(Row):
    """One visit to a household. The three codes root the three scopes.

    ``day_on`` and the two minutes are when the resident is at home; ``start_at`` is the booked start and
    ``order_at`` that, or else the beginning of the window. ``place_sealed`` is latitude and longitude: where somebody
    lives. ``late``: some of it was entered afterwards. ``chase_at``: when somebody rings because the sign-off lacks.
    """

    id = CharField(primary_key=True, max_length=36)
    number = CharField(max_length=32, unique=True)
    state = CharField(max_length=16)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    resident_id = CharField(max_length=36)
    reason = CharField(max_length=16)
    note = TextField(null=True)
    word_by = CharField(max_length=36, null=True)
    word = TextField(null=True)
    very_old = BooleanField()
    day_on = DayField()
    from_minute = IntegerField()
    to_minute = IntegerField()
    place_sealed = BlobField(null=True)
    agent_id = CharField(max_length=36, null=True)
    start_at = InstantField(null=True)
    minutes = IntegerField(null=True)
    travel_minutes = IntegerField(null=True)
    buffer_minutes = IntegerField(null=True)
    order_at = InstantField()
    requested_by = CharField(max_length=36)
    requested_at = InstantField()
    departed_at = InstantField(null=True)
    arrived_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    late = BooleanField(default=False)
    ended_for = TextField(null=True)
    signed_by = CharField(max_length=16, null=True)
    signed_file_id = CharField(max_length=36, null=True)
    signed_at = InstantField(null=True)
    present = JsonField(null=True)
    companion_id = CharField(max_length=36, null=True)
    witness = CharField(max_length=60, null=True)
    chase_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("unit_code", "state", "order_at", "id"), False),
            (("township_code", "state", "order_at", "id"), False),
            (("district_code", "state", "order_at", "id"), False),
            (("agent_id", "state", "order_at", "id"), False),
            (("resident_id", "state", "order_at", "id"), False),
            (("chase_at", "id"), False),
        )


for _whose in ("unit_code", "township_code", "agent_id"):
    Visit.add_index(ModelIndex(
        Visit, [getattr(Visit, _whose), Visit.ended_at, Visit.id], where=SQL("ended_at IS NOT NULL"),
        name=f"visit_over_{_whose}",
    ))
"""Those that are over, by when they ended: what phones still keep of them."""


class VisitErrand(Row):
    """That a visit serves an errand; ``taken_at`` where it was taken on the visit."""

    visit_id = CharField(max_length=36)
    errand_id = CharField(max_length=36)
    taken_at = InstantField(null=True)

    class Meta:
        primary_key = CompositeKey("visit_id", "errand_id")
        indexes = ((("errand_id", "visit_id"), False),)


class VisitTick(Row):
    """Five minutes of an agent's time, taken once: the key is what keeps visits apart."""

    agent_id = CharField(max_length=36)
    tick = BigIntegerField()
    visit_id = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("agent_id", "tick")
        indexes = ((("visit_id", "tick"), False), (("tick",), False))
