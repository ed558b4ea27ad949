"""Leases of seats: a seat kept for a phone, to be promised where there is no signal."""
from peewee import CharField, IntegerField

from backend.core.db import DayField, InstantField, Row


class SeatLease(Row):
    """A seat without a person, kept for one phone of one account until ``expires_at``.

    Its cells are allocations under its own id. ``order_at`` is its start as an instant. ``appointment_id`` is what it
    became.
    """

    id = CharField(primary_key=True, max_length=36)
    device_id = CharField(max_length=36)
    account_id = CharField(max_length=36)
    state = CharField(max_length=16)
    unit_code = CharField(max_length=12)
    service = CharField(max_length=32)
    service_name = CharField(max_length=60)
    day_on = DayField()
    start_minute = IntegerField()
    end_minute = IntegerField()
    desk = CharField(max_length=16)
    order_at = InstantField()
    expires_at = InstantField()
    made_at = InstantField()
    ended_at = InstantField(null=True)
    appointment_id = CharField(max_length=36, null=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("device_id", "state", "expires_at", "id"), False),
            (("account_id", "state"), False),
            (("state", "expires_at"), False),
            (("unit_code", "day_on", "state"), False),
        )
