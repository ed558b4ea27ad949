"""When days open and slots close, by the calendar of 2026."""
from datetime import date, datetime

import pytest

from backend.appointments.rules import horizon
from backend.appointments.rules.offer import Cutoff
from backend.core import clock
from backend.core.calendar import Calendar
from backend.core.daytime import minute_of
from tests.appointments.offers import offer, rule

HOLIDAYS = {date(2026, 10, day): "holiday" for day in range(1, 8)}
MAKEUP = {date(2026, 9, 20): "makeup", date(2026, 10, 10): "makeup"}
CALENDAR = Calendar({date(2026, 1, 1): "holiday", date(2026, 12, 31): "work"} | HOLIDAYS | MAKEUP)
THURSDAY = date(2026, 10, 8)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize(("now", "last"), [
    ("2026-11-02 08:29", date(2026, 11, 15)), ("2026-11-02 08:29:59.999999", date(2026, 11, 15)),
    ("2026-11-02 08:30", date(2026, 11, 16)), ("2026-11-08 08:30", date(2026, 11, 22)),
])
def test_a_day_opens_at_opening_time_so_many_days_before(now, last):
    assert horizon.last_open(offer(), at(now)) == last


def _refused(cutoff, day, minute, now, closed=frozenset()):
    try:
        horizon.check(offer(horizon_days=30), cutoff, day, minute_of(minute), CALENDAR, closed, at(now))
    except horizon.CutoffPassed:
        return True
    return False


@pytest.mark.parametrize(("cutoff", "start", "in_time", "late"), [
    (Cutoff("working_day_close", 1), "09:00", "2026-09-30 17:29", "2026-09-30 17:30"),
    (Cutoff("working_day_close", 2), "09:00", "2026-09-29 17:29:59", "2026-09-29 17:30"),
    (Cutoff("working_day_time", minute_of("12:00")), "09:00", "2026-09-30 11:59", "2026-09-30 12:00"),
    (Cutoff("minutes_before", 60), "09:00", "2026-10-08 07:59", "2026-10-08 08:00"),
    (Cutoff("minutes_before", 0), "09:00", "2026-10-08 08:59", "2026-10-08 09:00"),
])
def test_a_slot_closes_by_its_service_from_that_very_moment_on(cutoff, start, in_time, late):
    assert not _refused(cutoff, THURSDAY, start, in_time) and _refused(cutoff, THURSDAY, start, late)


def test_a_day_on_which_the_unit_is_closed_is_no_working_day_for_a_cutoff():
    closed = frozenset({date(2026, 9, 30)})
    assert _refused(Cutoff("working_day_close", 1), THURSDAY, "09:00", "2026-09-29 17:30", closed)


def test_who_comes_too_early_is_told_when_the_day_opens():
    with pytest.raises(horizon.NotYetOpen) as refused:
        horizon.check(offer(rule("09:00", "10:00")), Cutoff("minutes_before", 0), date(2026, 11, 16), 540, CALENDAR,
                      frozenset(), at("2026-11-02 08:29"))
    assert refused.value.extra == {"opens_at": "2026-11-02T08:30:00+08:00"}
