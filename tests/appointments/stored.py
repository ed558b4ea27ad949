"""Rows of the waiting list and of blocks as they are stored, for tests that only look at them."""
import itertools
from datetime import date

from backend.appointments.actions import row
from backend.appointments.actions.claiming import Seat
from backend.appointments.models import BookingBlock, Waiting
from backend.appointments.queries import bookings
from backend.appointments.rules.offer import Service
from backend.core import sql
from backend.core.actor import system
from backend.org import rules as tree
from tests.conftest import START

_serials = itertools.count(1)


def _id():
    return f"019c4a6d-0000-7000-8000-{next(_serials):012d}"


def entry(unit_code, state="waiting", **more):
    """The id of an entry of the waiting list."""
    row_id, person = _id(), {"name": "王桂香", "phone": "13805761234"}
    sql.insert(Waiting, **{
        "id": row_id, "state": state, "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "service": "a", "day_on": date(2026, 2, 13),
        "from_minute": 540, "to_minute": 600, "rank": 1, "asked_at": START, "channel": "phone",
        "person_sealed": bookings.sealed("person", row_id, person, "waiting"), "person_key": row_id,
    } | more)
    return row_id


def block(unit_code, state="standing", **more):
    """The id of a block."""
    row_id = _id()
    sql.insert(BookingBlock, **{
        "id": row_id, "state": state, "unit_code": unit_code, "township_code": tree.township_of(unit_code),
        "district_code": tree.district_of(unit_code), "appointment_id": row_id, "person_key": row_id,
        "until_at": START.replace(month=3), "no_shows": 3, "made_at": START,
    } | more)
    return row_id


def appointment(unit_code, **more):
    """The id of a booked appointment that holds no cells."""
    row_id = _id()
    details = {
        "unit_code": unit_code, "day_on": date(2026, 2, 13), "start_minute": 540, "service": Service("a", "服务", 30),
        "person": {"name": "王桂香", "phone": "13805761234"}, "channel": "phone", "actor": system("test"), "now": START,
    } | more
    assert row.insert(row_id, Seat("", ()), **details)
    return row_id
