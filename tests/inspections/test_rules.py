"""The duty of a visit a month, and when it is judged (rules 10.4)."""
from datetime import datetime, timedelta

import pytest

from backend.clocks import queries as calendars
from backend.core import clock
from backend.core.calendar import Calendar
from backend.core.problems import Invalid
from backend.inspections import rules
from backend.inspections.rules import months, naming


@pytest.fixture
def calendar(district):
    return calendars.calendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def test_a_month_is_judged_at_the_close_of_the_next_months_first_working_day(calendar: Calendar):
    for month, judged, reminded in (
        ("2026-01", "2026-02-02 17:30", "2026-01-26 08:30"), ("2026-02", "2026-03-02 17:30", "2026-02-24 08:30"),
        ("2026-09", "2026-10-08 17:30", "2026-09-23 08:30"), ("2026-12", "2027-01-01 17:30", "2026-12-25 08:30"),
    ):
        assert months.judged_at(month, calendar) == at(judged), month
        assert months.reminded_at(month, calendar) == at(reminded), month
    assert months.latest_judged(calendar, at("2026-03-02 17:30")) == "2026-01"
    assert months.latest_judged(calendar, at("2026-03-02 17:31")) == "2026-02"
    assert months.latest_judged(calendar, at("2026-03-31 23:00")) == "2026-02"


@pytest.mark.parametrize("value", [
    None, {}, {"least_a_month": 0}, {"least_a_month": True}, {"least_a_month": 1, "x": 1},
])
def test_the_setting_is_a_whole_number_of_visits(value):
    months.check_setting({"least_a_month": 3})
    with pytest.raises(Invalid):
        months.check_setting(value)


def test_a_visit_is_neither_to_come_nor_long_ago():
    now = at("2026-02-12 10:00")
    rules.check_visited(now + timedelta(minutes=5), now)
    rules.check_visited(now - timedelta(days=366), now)
    for wrong in (now + timedelta(minutes=6), now - timedelta(days=367)):
        with pytest.raises(Invalid):
            rules.check_visited(wrong, now)


def test_a_number_is_there_from_publication_on():
    assert naming.number_told(2026, 3) == "暗访〔2026〕3号" and naming.number_told(None, None) is None
