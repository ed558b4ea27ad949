"""When the cards of a clock become true (rules 4), against a naive count of days; what a ladder may be."""
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clocks import rules
from backend.clocks.rules import Halt, ladder
from backend.core import clock, workdays
from backend.core.problems import Invalid
from backend.core.workdays import Stop
from tests.core.test_workdays import CALENDAR

MONDAY = date(2026, 3, 2)
NAMES = ("reminder", "yellow", "red", "district", "legal")


def on(text):
    return date.fromisoformat(f"2026-{text}")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def told(found):
    return [found.get(name) and clock.wire(found[name])[5:16].replace("T", " ") for name in NAMES]


def moments(begun_on, n, legal_days=None, stops=(), closed=frozenset(), rungs=ladder.USUAL):
    limit = workdays.deadline(CALENDAR, begun_on, n, stops, closed)
    return ladder.moments(rungs, limit, legal_days, closed)


WORKED = [
    (0, None, None, "03-02", "03-04"),
    (1, None, None, "03-03", "03-05"),
    (2, None, "03-03", "03-04", "03-06"),
    (3, "03-03", "03-04", "03-05", "03-09"),
    (5, "03-05", "03-06", "03-09", "03-11"),
    (10, "03-12", "03-13", "03-16", "03-18"),
    (20, "03-26", "03-26", "03-30", "04-01"),
]


@pytest.mark.parametrize("n, reminder, yellow, red, district", WORKED)
def test_the_rungs_of_a_promise_begun_on_monday_2_march(n, reminder, yellow, red, district):
    """Rules 4: n−2, max(n−2, min(n−1, ⌈9n/10⌉)), due, 2 WD later; what falls before day 1 is left out."""
    assert told(moments(MONDAY, n)) == [day and f"{day} 17:30" for day in (reminder, yellow, red, district, None)]


def test_the_legal_rung_is_the_close_of_the_legal_limit():
    assert told(moments(MONDAY, 10, 20))[4] == "03-30 17:30"
    assert told(moments(on("02-12"), 1, 20)) == [None, None, "02-13 17:30", "02-24 17:30", "03-18 17:30"]


def naive(begun_on, n, legal_days, off):
    """The same by counting days one by one: day 1 is the first working day after the beginning."""
    days, day = [], begun_on
    while len(days) < 120:
        day += timedelta(days=1)
        if CALENDAR.is_working(day) and day not in off:
            days.append(day)
    ninety = next(k for k in range(n + 1) if 10 * k >= 9 * n)
    numbers = {"reminder": n - 2, "yellow": max(n - 2, min(n - 1, ninety)), "red": n, "district": n + 2,
               "legal": legal_days}
    return {name: days[number - 1] for name, number in numbers.items() if number and number >= 1}


@given(begun=st.integers(0, 800), n=st.integers(1, 20), longer=st.integers(0, 20), off=st.sets(st.integers(0, 60)))
def test_every_limit_up_to_twenty_days_agrees_with_counting_on_fingers(begun, n, longer, off):
    begun_on = date(2024, 1, 1) + timedelta(days=begun)
    closed = frozenset(begun_on + timedelta(days=number) for number in off)
    found = moments(begun_on, n, n + longer, closed=closed)
    assert found == {name: rules.close_of(day) for name, day in naive(begun_on, n, n + longer, closed).items()}


def test_a_standing_clock_has_no_moments():
    assert moments(on("03-02"), 10, 20, [Stop(on("03-05"), None)]) == {}
    limit = rules.limit_of(at("03-02 09:00"), 10, CALENDAR, [Stop(on("03-05"), None)])
    assert rules.light(at("06-01 09:00"), rules.Due(rules.due_at(limit), None, None, limit.provisional)) == "none"


def test_a_stop_after_the_due_moment_holds_up_what_climbs_from_there():
    """Due 16 March; suspended on Tuesday 17 and resumed on Thursday 19: 20 and 23 March count."""
    limit = workdays.deadline(CALENDAR, MONDAY, 10)
    halts = [Halt(at("03-17 09:00"), at("03-19 09:00"), restart=False)]
    later = rules.stops_after(rules.due_at(limit), halts)
    assert told(ladder.moments(ladder.USUAL, limit, 12, later=later))[2:] == [
        "03-16 17:30", "03-23 17:30", "03-23 17:30",
    ]
    standing = [Stop(on("03-17"), None)]
    assert told(ladder.moments(ladder.USUAL, limit, 12, later=standing))[2:] == ["03-16 17:30", None, None]


@pytest.mark.parametrize("now, names", [
    ("03-12 17:29", []), ("03-12 17:30", ["reminder"]), ("03-16 17:30", ["reminder", "yellow"]),
    ("03-16 17:31", ["reminder", "yellow", "red"]), ("04-20 09:00", list(NAMES)),
])
def test_at_the_due_moment_itself_one_is_still_in_time(now, names):
    found = moments(MONDAY, 10, 20)
    assert [name for name, _ in ladder.crossed(found, (), at(now))] == names
    assert [name for name, _ in ladder.crossed(found, names[:1], at(now))] == names[1:]


def test_a_district_may_have_other_rungs():
    value = [
        {"rung": "yellow", "when": {"before_due": 1}, "to": ["unit_head"]},
        {"rung": "red", "when": {"after_due": 1}, "to": ["township_duty", "unit_head"]},
    ]
    ladder.check(value)
    assert told(moments(MONDAY, 5, 20, rungs=ladder.ladder_of(value))) == [
        None, "03-06 17:30", "03-10 17:30", None, None,
    ]


def step(**changes):
    return {"rung": "red", "when": {"after_due": 0}, "to": ["township_duty"]} | changes


WRONG = [
    ({}, "value"), ([], "value"), ("red", "value"), ([1], "value.0"), ([{}], "value.0"),
    ([step() | {"more": 1}], "value.0"), ([step(rung="blue")], "value.0.rung"), ([step(rung=[])], "value.0.rung"),
    ([step(when={})], "value.0.when"), ([step(when={"before_due": 2})], "value.0.when"),
    ([step(when={"after_due": 1, "after_legal": 1})], "value.0.when"), ([step(when=3)], "value.0.when"),
    ([step(when={"after_due": -1})], "value.0.when.after_due"),
    ([step(when={"after_due": True})], "value.0.when.after_due"),
    ([step(when={"after_due": 61})], "value.0.when.after_due"),
    ([step(rung="reminder", when={"before_due": 0})], "value.0.when.before_due"),
    ([step(rung="yellow", when={"before_due": 2, "percent": 100})], "value.0.when.percent"),
    ([step(to=[])], "value.0.to"), ([step(to=["mayor"])], "value.0.to"), ([step(to=[[]])], "value.0.to"),
    ([step(to=["agent", "agent"])], "value.0.to"), ([step(to="agent")], "value.0.to"),
    ([step(), step()], "value"), ([step(rung="district"), step()], "value"),
]


@pytest.mark.parametrize("value, place", WRONG)
def test_what_is_no_ladder_is_refused_naming_the_place(value, place):
    with pytest.raises(Invalid) as refused:
        ladder.check(value)
    assert list(refused.value.errors) == [place]


def test_the_default_is_a_ladder():
    ladder.check(ladder.DEFAULT)
    assert [rung.name for rung in ladder.USUAL] == list(ladder.RUNGS)
