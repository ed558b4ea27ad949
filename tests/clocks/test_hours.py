"""Office hours, and which day is how long ago in working days."""
from datetime import date

import pytest

from backend.clocks.rules import hours
from backend.core.calendar import Calendar
from tests.clocks.test_rules import at


@pytest.mark.parametrize(("now", "last"), [
    ("03-05 17:29", "2026-03-01"), ("03-05 17:30", "2026-03-02"), ("03-06 09:00", "2026-03-02"),
    ("03-07 12:00", "2026-03-03"), ("03-09 17:30", "2026-03-04"), ("03-11 17:30", "2026-03-08"),
])
def test_a_day_is_so_long_ago_once_three_working_days_after_it_are_used(now, last):
    assert hours.close_before(Calendar({}), at(now), 3) == date.fromisoformat(last)


def test_a_lost_day_is_not_used():
    closed = frozenset({date(2026, 3, 4)})
    assert hours.close_before(Calendar({}), at("03-05 17:30"), 3, closed) == date(2026, 3, 1)
    assert hours.close_before(Calendar({}), at("03-04 18:00"), 1, closed) == date(2026, 3, 2)


@pytest.mark.parametrize(("when", "off"), [
    ("03-05 08:29", True), ("03-05 08:30", False), ("03-05 12:00", False), ("03-05 12:01", True),
    ("03-05 14:00", False), ("03-05 17:30", False), ("03-05 17:31", True), ("03-07 10:00", True),
    ("03-06 10:00", True),
])
def test_what_is_outside_office_hours(when, off):
    assert hours.is_off_hours(Calendar({}), at(when), frozenset({date(2026, 3, 6)})) is off
