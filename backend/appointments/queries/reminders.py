"""Whose appointments it is time to remind of."""
from datetime import date, datetime

from backend.appointments.rules import reminders
from backend.clocks import queries as calendars
from backend.core import adjustable, clock, sql

_DUE = """
SELECT a.id FROM booking_rules r JOIN appointment a ON a.unit_code = r.unit_code
WHERE a.order_at > ? AND a.order_at < ? AND a.state = 'booked' AND a.made_at < ?
AND (a.reminded_for_at IS NULL OR a.reminded_for_at <> a.order_at) ORDER BY a.order_at, a.id
"""


def at(now: datetime) -> str:
    """The time of day at which persons are reminded, as it holds today."""
    return str(adjustable.in_force(reminders.SETTING, clock.local_date(now))["at"])


def due(now: datetime) -> list[str]:
    """The appointments of whose persons it is time to remind, those to come first first.

    Who booked after the moment of reminding needs none: she has just heard it.
    """
    calendar, time = calendars.calendar(), at(now)
    return [
        appointment_id for day in reminders.days_due(calendar, now, time)
        for appointment_id in _of_day(day, reminders.moment(calendar, day, time), now)
    ]


def _of_day(day: date, moment: datetime, now: datetime) -> list[str]:
    begins, ends = clock.at_local(day, 0), clock.at_local(date.fromordinal(day.toordinal() + 1), 0)
    params = tuple(clock.to_micros(instant) for instant in (max(begins, now), ends, moment))
    return [found for (found,) in sql.execute(_DUE, params).fetchall()]


def has_passed(day: date, now: datetime) -> bool:
    """Whether the moment of reminding of a day's appointments has passed."""
    return now >= reminders.moment(calendars.calendar(), day, at(now))
