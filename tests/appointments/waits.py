"""A small counter with a waiting list, for tests: rules set, people booked, waiting, leaving."""
import itertools
from datetime import date, timedelta

from backend.appointments.actions import blocking, booking, freeing, keeping, offers, turning
from backend.appointments.queries import bookings
from backend.core import sql
from backend.core.actor import OPERATOR, TOWNSHIP, Actor
from tests import cast
from tests.appointments.offers import body, rule, service_body

UNIT, DAY = cast.TOWNSHIP, date(2026, 2, 13)
"""Friday, the day after the tests' clock."""
DESK = Actor(id="operator", name="operator", role=OPERATOR, unit_code=UNIT)
OFFICE = Actor(id="office", name="office", role=TOWNSHIP, unit_code=UNIT)

_order = itertools.count()
__all__ = ["blocking", "freeing", "keeping", "turning"]


def opened(now, *rules, services=None, **more):
    """The unit's rules: by default one seat each half hour from 09:00 to 10:00, a service of 30 and one of 60."""
    given = body(
        *(rules or [rule("09:00", "10:00")]),
        services=services or [service_body("a"), service_body("b", 60)], **more,
    )
    offers.change(UNIT, given, actor=OFFICE, now=now)


def person(name, phone="13800000000"):
    return {"name": name, "phone": phone[: 11 - len(str(ord(name[-1])))] + str(ord(name[-1]))}


def given(name, start=540, **more):
    return {
        "unit_code": UNIT, "date": DAY, "start": start, "service": "a", "person": person(name), "caller": None,
        "channel": "phone", "protected": False, "hold": False,
    } | more


def book(name, now, start=540, **more):
    """The id of an appointment made at the desk."""
    return booking.book(given(name, start, **more), actor=DESK, now=now)


def wait(name, now, from_minute=540, to_minute=600, **more):
    """The id of an entry of the waiting list."""
    wish = given(name, **more) | {"from": from_minute, "to": to_minute}
    return keeping.ask(wish, actor=DESK, now=now + timedelta(microseconds=next(_order)))


def cancel(appointment_id, now):
    return turning.cancel(appointment_id, actor=DESK, now=now)


def lapse(now):
    """What the job of the holds does."""
    return [freeing.lapse(found, actor=DESK, now=now) for found in freeing.overdue(now, 50)]


def entry(waiting_id):
    return sql.row("SELECT * FROM waiting WHERE id = ?", (waiting_id,))


def offered_to(waiting_id):
    """The appointment held for an entry, or None."""
    found = entry(waiting_id)["offered_id"]
    return None if found is None else bookings.any_row(found)


def to_ring(appointment_id):
    """What somebody still has to be rung for."""
    text = "SELECT reason FROM call_task WHERE subject_id = ? AND state = 'open' ORDER BY id"
    return [each["reason"] for each in sql.rows(text, (appointment_id,))]


def is_sound():
    """cell.booked = count(allocations), no cell over its capacity, and no seat held for two."""
    wrong = sql.rows("""
        SELECT c.minute FROM cell c WHERE c.booked > c.capacity OR c.booked <> (
            SELECT count(*) FROM allocation a WHERE a.unit_code = c.unit_code AND a.day_on = c.day_on
            AND a.desk = c.desk AND a.minute = c.minute)
    """)
    odd = sql.rows("""
        SELECT w.id FROM waiting w LEFT JOIN appointment p ON p.id = w.offered_id
        WHERE w.state = 'offered' AND (p.state IS NULL OR p.active_key IS NULL OR p.active_key <> w.active_key)
    """)
    return not wrong and not odd
