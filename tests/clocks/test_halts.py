"""Clocks that stood: suspensions and interruptions as instants (rules 1.4; Administrative Licensing Law art. 45)."""
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clocks import rules
from backend.clocks.rules import Halt
from backend.core import clock, workdays
from backend.core.calendar import Calendar


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


MARCH = Calendar({})
"""March 2026 holds no holiday: Monday to Friday are worked."""


@pytest.mark.parametrize(("halts", "due"), [
    ([], "2026-03-16"),
    ([("2026-03-05 10:00", "2026-03-10 09:00", False)], "2026-03-20"),
    ([("2026-03-05 10:00", "2026-03-10 09:00", True)], "2026-03-24"),
    ([("2026-03-05 10:00", "2026-03-05 16:00", False)], "2026-03-17"),
    ([("2026-03-05 10:00", "2026-03-06 10:00", False), ("2026-03-06 11:00", "2026-03-10 09:00", False)], "2026-03-20"),
    ([("2026-03-16 17:29", "2026-03-17 09:00", False)], "2026-03-18"),
    ([("2026-03-16 17:30", "2026-03-17 09:00", False)], "2026-03-16"),
    ([("2026-03-16 18:00", "2026-03-17 09:00", True)], "2026-03-16"),
    ([("2026-03-05 10:00", None, False)], None),
    ([("2026-02-20 10:00", "2026-02-24 09:00", True)], "2026-03-16"),
    ([("2026-02-20 10:00", "2026-03-02 09:00", True)], "2026-03-16"),
], ids=[
    "nothing stopped it", "suspended Thu 5, resumed Tue 10", "interrupted Thu 5, resumed Tue 10",
    "stopped and resumed on one day", "touching stops", "stopped a minute before close of the due day",
    "stopped as the limit had passed", "interrupted once the limit had passed", "it still stands",
    "what ended before it began", "what ended on the day it began",
])
def test_ten_working_days_from_monday_2_march(halts, due):
    stood = [Halt(at(start), end and at(end), restart) for start, end, restart in halts]
    limit = rules.halted_limit(at("2026-03-02 10:00"), 10, MARCH, stood)
    assert limit.due_on == (due and date.fromisoformat(due))


@pytest.mark.parametrize(("accepted", "halt", "due"), [
    ("2026-03-05 09:00", ("2026-03-05 10:00", "2026-03-05 16:00"), "2026-03-06"),
    ("2026-03-05 09:00", ("2026-03-05 10:00", "2026-03-10 09:00"), "2026-03-11"),
    ("2026-03-05 09:00", ("2026-03-05 17:30", "2026-03-06 09:00"), "2026-03-05"),
    ("2026-03-05 18:00", ("2026-03-05 18:10", "2026-03-05 19:00"), "2026-03-06"),
    ("2026-03-05 09:00", ("2026-03-05 08:00", "2026-03-05 08:50"), "2026-03-05"),
])
def test_an_instant_item_stopped_on_its_own_day_does_not_end_on_it(accepted, halt, due):
    """The day of acceptance is the one that counts; stopped before its close it does not."""
    stood = [Halt(at(halt[0]), at(halt[1]), False)]
    assert rules.halted_limit(at(accepted), 0, MARCH, stood).due_on == date.fromisoformat(due)


def test_each_day_of_a_stopped_limit_says_why_it_counts_or_not():
    """Suspended Thu 5 to Tue 10 March, closed on Thu 12: 10 WD from Mon 2 March end on Mon 23."""
    stood = [Halt(at("2026-03-05 10:00"), at("2026-03-10 09:00"), False)]
    limit = rules.halted_limit(at("2026-03-02 10:00"), 10, MARCH, stood, {date(2026, 3, 12)})
    told = {day.date.day: day.reason for day in limit.days}
    assert limit.due_on == date(2026, 3, 23)
    assert {day for day, reason in told.items() if reason == workdays.SUSPENDED} == {5, 6, 7, 8, 9, 10}
    assert (told[2], told[12], told[14]) == (workdays.ACCEPTANCE_DAY, workdays.CLOSURE, workdays.REST)
    assert sum(day.counted for day in limit.days) == 10


def test_while_a_clock_stands_each_day_until_today_is_told():
    limit = rules.halted_limit(at("2026-03-02 10:00"), 10, MARCH, [Halt(at("2026-03-05 10:00"), None, False)])
    assert [day.date.day for day in limit.days] == [2, 3, 4, 5]
    found = limit.days_until(date(2026, 3, 9))
    assert [day.date.day for day in found] == list(range(2, 10))
    assert [day.reason for day in found if day.date.day > 4] == [workdays.SUSPENDED] * 5
    assert rules.usage(limit, at("2026-03-09 18:00")) == (2, 8)


CLOSE = timedelta(hours=17, minutes=30)
moments = st.tuples(st.integers(0, 50), st.integers(0, 23), st.integers(0, 59))


def naive_due(started, days, halts, closed):
    """The due day found by walking one day at a time; None while it stands."""
    day, count = started.date(), 0
    for _ in range(400):
        after_close = started > datetime.combine(started.date(), datetime.min.time(), clock.ZONE) + CLOSE
        first = started.date() + timedelta(days=1 if days or after_close else 0)
        over = [h for h in halts if h.to_at is None and h.from_at.date() <= day]
        if over:
            return None
        covered = [h for h in halts if h.from_at.date() <= day <= h.to_at.date()]
        if any(h.restart and h.to_at.date() == day for h in covered):
            count = 0
        if day >= first and not covered and day.weekday() < 5 and day not in closed:
            count += 1
            if count == max(days, 1):
                return day
        day += timedelta(days=1)
    return None


@given(st.lists(moments, max_size=7), st.lists(st.booleans(), min_size=4, max_size=4), st.integers(0, 12), moments,
       st.sets(st.integers(0, 60).map(lambda n: date(2026, 3, 2) + timedelta(days=n)), max_size=4))
def test_a_stopped_limit_ends_where_walking_day_by_day_ends(edges, restarts, days, start, closed):
    def moment(edge):
        return at("2026-03-02 00:00") + timedelta(days=edge[0], hours=edge[1], minutes=edge[2])

    started = at("2026-03-02 00:00") + timedelta(days=start[0] % 3, hours=start[1], minutes=start[2])
    times = sorted({moment(edge) for edge in edges if moment(edge) > started})
    halts = [
        Halt(times[n], times[n + 1] if n + 1 < len(times) else None, restarts[n // 2])
        for n in range(0, len(times), 2)
    ]
    meant = []
    for halt in halts:
        due = naive_due(started, days, meant, closed)
        if due and datetime.combine(due, datetime.min.time(), clock.ZONE) + CLOSE <= halt.from_at:
            break
        meant.append(halt)
    limit = rules.halted_limit(started, days, MARCH, halts, closed)
    assert limit.due_on == naive_due(started, days, meant, closed)
    if limit.due_on is not None:
        assert sum(day.counted for day in limit.days) == max(days, 1)


@pytest.mark.parametrize(("restart", "moment", "used"), [
    (False, "2026-03-10 09:00", (2, 8)), (True, "2026-03-10 09:00", (0, 10)), (True, "2026-03-10 18:00", (0, 10)),
    (True, "2026-03-11 17:30", (0, 10)), (True, "2026-03-11 17:31", (1, 9)), (False, "2026-03-11 17:31", (3, 7)),
])
def test_the_whole_budget_is_there_from_the_moment_of_an_interrupted_limits_resumption(restart, moment, used):
    limit = rules.halted_limit(
        at("2026-03-02 10:00"), 10, MARCH, [Halt(at("2026-03-05 10:00"), at("2026-03-10 09:00"), restart)]
    )
    assert rules.usage(limit, at(moment)) == used
