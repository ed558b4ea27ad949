"""How long an offer stands, who is blocked and when somebody is reminded: rules alone."""
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.appointments.rules import blocks, reminders, waiting
from backend.core import clock
from backend.core.actor import OPERATOR, SYSTEM, TOWNSHIP
from backend.core.calendar import HOLIDAY, MAKEUP, Calendar
from backend.core.moves import possible
from backend.core.problems import Forbidden, Invalid


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


HOLIDAYS = {date(2026, 10, day): HOLIDAY for day in range(1, 8)}
CALENDAR = Calendar(HOLIDAYS | {date(2026, 9, 20): MAKEUP, date(2026, 10, 10): MAKEUP}, {}, [])
FAR = at("12-31 00:00")


@pytest.mark.parametrize(("now", "until"), [
    ("10-12 09:00", "10-12 09:30"), ("10-12 11:30", "10-12 12:00"),
    ("10-12 11:45", "10-12 14:15"), ("10-12 12:30", "10-12 14:30"), ("10-12 17:20", "10-13 08:50"),
    ("10-12 07:00", "10-12 09:00"), ("10-12 20:00", "10-13 09:00"), ("10-16 17:15", "10-19 08:45"),
    ("09-30 17:25", "10-08 08:55"), ("10-09 17:29", "10-10 08:59"),
])
def test_an_offer_stands_half_an_hour_of_office_hours(now, until):
    assert waiting.deadline(CALENDAR, at(now), 30, FAR) == at(until)


def test_an_offer_ends_with_the_cutoff_and_none_is_made_when_too_little_is_left():
    assert waiting.deadline(CALENDAR, at("10-12 09:00"), 30, at("10-12 09:10")) == at("10-12 09:10")
    assert waiting.deadline(CALENDAR, at("10-12 17:20"), 30, at("10-12 23:00")) == at("10-12 23:00")
    assert waiting.deadline(CALENDAR, at("10-12 09:00"), 30, at("10-12 09:05")) == at("10-12 09:05")
    assert waiting.deadline(CALENDAR, at("10-12 09:00"), 30, at("10-12 09:04")) is None
    assert waiting.deadline(CALENDAR, at("10-12 09:00"), 30, at("10-12 08:00")) is None


def test_a_closed_day_holds_up_the_clock_of_an_offer():
    assert waiting.deadline(CALENDAR, at("10-12 17:20"), 30, FAR, {date(2026, 10, 13)}) == at("10-14 08:50")


@given(st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 30)), st.integers(1, 480))
def test_an_offer_stands_exactly_so_many_minutes_of_office_hours(naive, minutes):
    now = naive.replace(second=0, microsecond=0, tzinfo=clock.ZONE)
    until = waiting.deadline(CALENDAR, now, minutes, FAR)
    counted, each = 0, now
    while each < until:
        time = each.strftime("%H:%M")
        counted += CALENDAR.is_working(each.date()) and ("08:30" <= time < "12:00" or "14:00" <= time < "17:30")
        each += timedelta(minutes=1)
    assert counted == minutes


def test_the_protected_are_served_first():
    assert waiting.rank_of(True) < waiting.rank_of(False)


def test_only_what_is_open_can_be_changed():
    for state in waiting.STATES:
        open_ = state in waiting.OPEN_STATES
        assert bool(possible(waiting.MOVES, state, OPERATOR)) == open_
        assert bool(possible(waiting.MOVES, state, SYSTEM)) == open_
    assert possible(waiting.MOVES, waiting.OFFERED, TOWNSHIP) == ["accept", "withdraw"]


@pytest.mark.parametrize("value", [None, 30, {}, {"minutes": 0}, {"minutes": 481}, {"minutes": True}, {"minutes": 1.5},
                                   {"minutes": 30, "hours": 1}])
def test_an_odd_deadline_is_refused(value):
    with pytest.raises(Invalid):
        waiting.check_offer(value)


def days_before(now, *days):
    return [now - timedelta(days=number) for number in days]


def test_three_no_shows_in_ninety_days_block_for_thirty():
    now = at("10-12 09:20")
    assert blocks.until(days_before(now, 0, 40), now, blocks.DEFAULT) is None
    assert blocks.until(days_before(now, 0, 40, 90), now, blocks.DEFAULT) is None
    assert blocks.until(days_before(now, 0, 40, 89), now, blocks.DEFAULT) == now + timedelta(days=30)
    assert blocks.until(days_before(now, 0, 1, 2, 3), now, blocks.DEFAULT | {"times": 0}) is None


def test_a_block_under_appeal_does_not_bind_and_is_decided_by_another():
    assert blocks.APPEALED not in blocks.BINDING and blocks.LIFTED not in blocks.BINDING
    assert possible(blocks.MOVES, blocks.APPEALED, OPERATOR) == []
    blocks.may_decide("b", {"appealed_by": "a"})
    with pytest.raises(Forbidden):
        blocks.may_decide("a", {"appealed_by": "a"})


@pytest.mark.parametrize("value", [
    None, {}, {"times": 3}, {"times": -1, "within_days": 1, "block_days": 1}, blocks.DEFAULT | {"more": 1},
    blocks.DEFAULT | {"block_days": 0}, blocks.DEFAULT | {"times": "3"}, blocks.DEFAULT | {"within_days": 367},
])
def test_an_odd_rule_for_blocks_is_refused(value):
    with pytest.raises(Invalid):
        blocks.check(value)
    blocks.check(blocks.DEFAULT)


@pytest.mark.parametrize(("day", "reminded"), [
    ("10-13", "10-12 10:00"), ("10-12", "10-10 10:00"), ("10-10", "10-09 10:00"), ("10-08", "09-30 10:00"),
    ("10-17", "10-16 10:00"), ("10-19", "10-16 10:00"),
])
def test_a_person_is_reminded_the_working_day_before(day, reminded):
    assert reminders.moment(CALENDAR, date.fromisoformat(f"2026-{day}"), "10:00") == at(reminded)


@given(st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 30)))
def test_it_is_time_to_remind_of_a_day_exactly_from_its_moment_on(naive):
    now = naive.replace(tzinfo=clock.ZONE)
    due = reminders.days_due(CALENDAR, now, "10:00")
    for number in range(15):
        day = now.date() + timedelta(days=number)
        assert (day in due) == (reminders.moment(CALENDAR, day, "10:00") <= now)


@pytest.mark.parametrize("value", [None, {}, {"at": 10}, {"at": "6:59"}, {"at": "06:59"}, {"at": "20:01"},
                                   {"at": "12:60"}, {"at": "1O:00"}, {"at": "10:00", "on": 1}])
def test_an_odd_time_of_reminders_is_refused(value):
    with pytest.raises(Invalid):
        reminders.check(value)
    reminders.check({"at": "20:00"})
