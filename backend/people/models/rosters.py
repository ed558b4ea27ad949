"""Tables of rosters. Times of day are minutes since local midnight; what happened stands in the ledger."""
from peewee import CharField, Check, CompositeKey, IntegerField

from backend.core.db import DayField, InstantField, JsonField, Row


class Roster(Row):
    """A unit's duty roster (值班表) of a month ``2026-11``; it counts from the moment it is written.

    ``published_at`` is when it was first given out, ``changed_at`` when it was last written or changed by a swap.
    """

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    month = CharField(max_length=7)
    changed_at = InstantField()
    published_at = InstantField(null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("unit_code", "month"), True), (("month", "unit_code"), False))


class Shift(Row):
    """Who stands at which desk, when, and for which services (empty: all).

    ``place`` is its place in the roster as it was written, ``stand_in_id`` who stands in for him (B 岗).
    """

    id = CharField(primary_key=True, max_length=36)
    roster_id = CharField(max_length=36)
    place = IntegerField(default=0)
    unit_code = CharField(max_length=12)
    day_on = DayField()
    account_id = CharField(max_length=36)
    desk = CharField(max_length=16)
    from_minute = IntegerField()
    to_minute = IntegerField()
    services = JsonField()
    kind = CharField(max_length=16)
    stand_in_id = CharField(max_length=36, null=True)

    class Meta:
        constraints = (Check("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440"),)
        indexes = (
            (("roster_id", "place"), False), (("unit_code", "day_on"), False),
            (("account_id", "day_on"), False), (("stand_in_id", "day_on"), False),
        )


class OnCall(Row):
    """Whom a unit's callers reach after hours of a day, until the next morning."""

    unit_code = CharField(max_length=12)
    day_on = DayField()
    account_id = CharField(max_length=36)

    class Meta:
        primary_key = CompositeKey("unit_code", "day_on")


class Leave(Row):
    """Leave of an account, both days inside; it counts while ``approved``. The three codes root the three scopes."""

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    from_on = DayField()
    to_on = DayField()
    reason = CharField(max_length=200)
    state = CharField(max_length=16)
    asked_by = CharField(max_length=36)
    asked_at = InstantField()
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    note = CharField(max_length=200, null=True)
    version = IntegerField(default=1)

    class Meta:
        constraints = (Check("from_on <= to_on"),)
        indexes = (
            (("account_id", "state", "to_on"), False), (("account_id", "id"), False),
            (("unit_code", "state", "id"), False), (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
        )


class Swap(Row):
    """A day's duty of one account for that of another, or (``with_day_on`` None) taken over by the other.

    Once approved the shifts themselves have changed hands; the row is the trace of it.
    """

    id = CharField(primary_key=True, max_length=36)
    unit_code = CharField(max_length=12)
    township_code = CharField(max_length=12)
    district_code = CharField(max_length=12)
    account_id = CharField(max_length=36)
    day_on = DayField()
    with_account_id = CharField(max_length=36)
    with_day_on = DayField(null=True)
    reason = CharField(max_length=200)
    state = CharField(max_length=16)
    asked_by = CharField(max_length=36)
    asked_at = InstantField()
    agreed_at = InstantField(null=True)
    decided_by = CharField(max_length=36, null=True)
    decided_at = InstantField(null=True)
    note = CharField(max_length=200, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("account_id", "id"), False), (("with_account_id", "id"), False),
            (("unit_code", "state", "id"), False), (("township_code", "state", "id"), False),
            (("district_code", "state", "id"), False),
        )


class RosterStamp(Row):
    """A number that grows with every change of who is on duty at a unit."""

    unit_code = CharField(primary_key=True, max_length=12)
    version = IntegerField()
