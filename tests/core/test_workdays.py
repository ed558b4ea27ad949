"""Working days: the worked examples of the law, and an independent day-by-day oracle."""
import random
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clocks.actions.years import SHIPPED
from backend.clocks.rules import notices
from backend.core import strictjson, workdays
from backend.core.workdays import Calendar, Stop, deadline

DAY = timedelta(days=1)
NOTICES = {
    int(path.stem): notices.notice_of(strictjson.parse(path.read_bytes())) for path in SHIPPED.glob("*.json")
}


def official():
    laid = dict(notices.laid_out(NOTICES, date(2014, 12, 1), date(2026, 12, 31)))
    return Calendar(
        {day: one.kind for day, one in laid.items()},
        {day: one.name for day, one in laid.items() if one.name},
        [day for day, one in laid.items() if one.provisional],
    )


CALENDAR = official()


def on(text):
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def stop(first, last, restart=False):
    return Stop(on(first), last and on(last), restart)


WORKED = [
    ("02-12", 5, [], "02-26", "make-up Sat 14 Feb counts, 15–23 Feb is the festival (art. 82)"),
    ("03-02", 10, [], "03-16", "the day of acceptance is not counted (Civil Code art. 201)"),
    ("03-02", 10, [stop("03-05", "03-10")], "03-20", "suspended (art. 45): neither Thu 5 nor Tue 10 counts"),
    ("03-02", 10, [stop("03-05", "03-10", True)], "03-24", "interrupted: the budget begins anew on Wed 11"),
    ("03-02", 10, [stop("03-05", "03-05")], "03-17", "stopped and resumed on one day: it does not count"),
    ("03-02", 10, [stop("03-16", "03-16")], "03-17", "stopped on the due day: it does not count"),
    ("03-02", 10, [stop("03-17", "03-20")], "03-16", "a stop after the due day changes nothing"),
    ("03-02", 10, [stop("03-05", "03-10"), stop("03-10", "03-12")], "03-24", "touching suspensions"),
    ("03-02", 10, [stop("03-07", "03-08")], "03-16", "a suspension of a weekend costs nothing"),
    ("03-07", 1, [], "03-09", "accepted on a Saturday: Monday is the first day"),
    ("02-14", 1, [], "02-24", "accepted on a make-up day: it is not counted either"),
    ("02-13", 1, [], "02-14", "a make-up Saturday counts"),
    ("03-02", 0, [], "03-02", "an instant item ends on its own day"),
    ("02-14", 0, [], "02-14", "an instant item on a make-up Saturday"),
    ("02-15", 0, [], "02-24", "an instant item on a holiday: the next working day (Civil Code art. 203)"),
    ("09-30", 1, [], "10-08", "over National Day"),
]


@pytest.mark.parametrize("accepted, days, stops, due, why", WORKED, ids=[case[4] for case in WORKED])
def test_worked_examples(accepted, days, stops, due, why):
    """Civil Code art. 201, 203; Administrative Licensing Law art. 82, 45, 42."""
    found = deadline(CALENDAR, on(accepted), days, stops)
    assert found.due_on == on(due)
    assert not found.provisional
    assert sum(day.counted for day in found.days) == max(1, days)
    assert found.days[0].date == on(accepted) and found.days[-1].date == on(due)


def test_accepted_after_close_an_instant_item_ends_the_next_working_day():
    found = deadline(CALENDAR, on("03-06"), 0, after_close=True)
    assert found.due_on == on("03-09")
    assert [day.reason for day in found.days] == ["after_close", "rest", "rest", "work"]


def test_each_day_tells_why_it_does_not_count():
    found = deadline(CALENDAR, on("02-12"), 5)
    told = {day.date: (day.counted, day.reason, day.name) for day in found.days}
    assert told[on("02-12")] == (False, "acceptance_day", None)
    assert told[on("02-13")] == (True, "work", None)
    assert told[on("02-14")] == (True, "makeup", "春节")
    assert told[on("02-15")] == (False, "holiday", "春节")
    again = deadline(CALENDAR, on("03-02"), 10, [stop("03-05", "03-10", True)], frozenset([on("03-12")]))
    reasons = [day.reason for day in again.days]
    assert reasons[1:9] == ["before_interruption"] * 2 + ["interrupted"] * 6
    assert reasons[9:11] == ["work", "closure"]


def test_a_clock_that_stands_has_no_due_day():
    found = deadline(CALENDAR, on("03-02"), 10, [stop("03-05", None)])
    assert found.due_on is None and found.days[-1].reason == "suspended"
    assert workdays.usage(found, on("03-30"), after_close=False) == (2, 8)
    assert found.counted_day(3) is None


def test_a_clock_stopped_after_its_due_day_is_due_all_the_same():
    assert deadline(CALENDAR, on("03-02"), 10, [stop("03-17", None)]).due_on == on("03-16")


def test_closed_days_move_the_end():
    closed = frozenset(map(on, ("03-03", "03-16", "03-17", "03-08", "03-30")))
    assert deadline(CALENDAR, on("03-02"), 10, (), closed).due_on == on("03-19")


USED = [
    ("03-02", False, 0, 10), ("03-03", False, 0, 10), ("03-03", True, 1, 9), ("03-08", False, 4, 6),
    ("03-16", False, 9, 1), ("03-16", True, 10, -1), ("03-17", False, 10, -1), ("03-17", True, 11, -1),
    ("03-18", False, 11, -2), ("03-21", False, 14, -4),
]


@pytest.mark.parametrize("today, after_close, used, remaining", USED)
def test_a_day_is_used_at_its_close_and_late_days_are_negative(today, after_close, used, remaining):
    limit = deadline(CALENDAR, on("03-02"), 10)
    assert workdays.usage(limit, on(today), after_close=after_close) == (used, remaining)


def test_after_an_interruption_nothing_is_used():
    limit = deadline(CALENDAR, on("03-02"), 10, [stop("03-05", "03-10", True)])
    assert workdays.usage(limit, on("03-09"), after_close=True) == (2, 8)
    assert workdays.usage(limit, on("03-10"), after_close=True) == (0, 10)
    assert workdays.usage(limit, on("03-24"), after_close=False) == (9, 1)


def test_the_counted_days_of_an_interrupted_limit_are_those_of_its_last_count():
    limit = deadline(CALENDAR, on("03-02"), 10, [stop("03-05", "03-10", True), stop("03-12", "03-13")])
    counted = [day.date for day in limit.days if day.counted]
    assert [limit.counted_day(number) for number in range(1, 11)] == counted
    assert limit.counted_day(0) is None and limit.counted_day(11) is None


@pytest.mark.parametrize("days, moves, due", [(2, True, "03-04"), (5, True, "03-09"), (5, False, "03-07")])
def test_limits_in_calendar_days_end_on_a_working_day_unless_told_otherwise(days, moves, due):
    """Civil Code art. 203."""
    assert workdays.calendar_limit(CALENDAR, on("03-02"), days, moves=moves) == on(due)


def test_the_next_working_day_is_later_and_open():
    assert workdays.next_working(CALENDAR, on("02-13")) == on("02-14")
    assert workdays.next_working(CALENDAR, on("02-14")) == on("02-24")
    assert workdays.next_working(CALENDAR, on("02-14"), {on("02-24")}) == on("02-25")


def test_overlapping_stops_are_found_and_touching_ones_are_not():
    touching = [stop("03-10", "03-12"), stop("03-05", "03-10"), stop("03-05", "03-05")]
    assert workdays.overlapping(touching) is None
    assert workdays.overlapping([stop("03-05", "03-10"), stop("03-09", "03-12")]) == stop("03-09", "03-12")
    assert workdays.overlapping([stop("03-05", None), stop("03-09", "03-12")]) == stop("03-09", "03-12")


def test_beyond_announced_years_monday_to_friday_counts_provisionally():
    found = deadline(CALENDAR, on("2026-12-30"), 5)
    assert (found.due_on, found.provisional) == (on("2027-01-06"), True)
    assert deadline(CALENDAR, on("2010-09-30"), 1).due_on == on("2010-10-01")
    assert deadline(Calendar({}), on("2030-01-04"), 1).due_on == on("2030-01-07")


def test_december_is_provisional_until_the_next_notice():
    assert not CALENDAR.is_provisional(on("2026-11-30"))
    assert CALENDAR.is_provisional(on("2026-12-01"))
    assert not CALENDAR.is_provisional(on("2025-12-31"))
    assert not deadline(CALENDAR, on("2026-11-20"), 6).provisional
    assert deadline(CALENDAR, on("2026-11-20"), 7).provisional


def naive(accepted, days, stops, closed=(), after_close=False):
    """The same, by walking one day at a time."""
    used, today = 0, accepted if days or after_close else accepted - DAY
    while True:
        today += DAY
        covering = [one for one in stops if one.from_on <= today <= (one.to_on or date.max)]
        if any(one.restart for one in covering):
            used = 0
        elif not covering and CALENDAR.kind(today) in ("work", "makeup") and today not in closed:
            used += 1
            if used == max(1, days):
                return today


def some_stops(rng, accepted):
    found, day = [], accepted
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        first = day + rng.randrange(0, 30) * DAY
        day = first + rng.choice((0, 1, 3, 10, 40)) * DAY
        found.append(Stop(first, day, rng.random() < 0.3))
    return found


def test_ten_thousand_random_limits_agree_with_counting_day_by_day():
    rng = random.Random(20260212)
    for _ in range(10_000):
        accepted = date(2015, 1, 1) + rng.randrange(0, 4383) * DAY
        days, stops = rng.randrange(0, 61), some_stops(rng, accepted)
        closed = frozenset(accepted + rng.randrange(0, 90) * DAY for _ in range(rng.choice((0, 0, 2))))
        late = rng.random() < 0.2 and days == 0
        found = deadline(CALENDAR, accepted, days, stops, closed, after_close=late)
        assert found.due_on == naive(accepted, days, stops, closed, late), (accepted, days, stops, closed)


stops_at_will = st.lists(
    st.builds(
        lambda first, length, restart: Stop(date(2015, 1, 1) + first * DAY,
                                            date(2015, 1, 1) + (first + length) * DAY, restart),
        st.integers(0, 4500), st.integers(0, 60), st.booleans(),
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(st.dates(date(2014, 12, 1), date(2027, 3, 1)), st.integers(0, 60), stops_at_will,
       st.frozensets(st.dates(date(2020, 1, 1), date(2020, 3, 1)), max_size=5))
def test_any_limit_agrees_with_counting_day_by_day(accepted, days, stops, closed):
    found = deadline(CALENDAR, accepted, days, stops, closed)
    assert found.due_on == naive(accepted, days, stops, closed)
    told = found.days
    assert sum(day.counted for day in told) == max(1, days)
    assert told[-1].counted and told[-1].date == found.due_on


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_indices_and_days_are_each_others_inverse(day, span):
    index = CALENDAR.working_index(day)
    assert CALENDAR.is_working(day) == (index > CALENDAR.working_index(day - DAY))
    assert CALENDAR.working_day(index) <= day
    walked = sum(CALENDAR.is_working(day + n * DAY) for n in range(1, span + 1))
    assert CALENDAR.working_index(day + span * DAY) - index == walked
    unsure = any(CALENDAR.is_provisional(day + n * DAY) for n in range(1, span + 1))
    assert CALENDAR.provisional_between(day, day + span * DAY) == unsure


def test_sixty_days_cost_no_more_than_one():
    def cost(days):
        began = process_time()
        for _ in range(2000):
            deadline(CALENDAR, date(2026, 3, 2), days)
        return process_time() - began

    assert min(cost(60) for _ in range(5)) < 3 * min(cost(1) for _ in range(5))
