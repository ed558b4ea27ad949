"""When orders and cycles are due, who speaks for whom, what a case needs (rules 10)."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import clock
from backend.core.actor import ADMIN, AGENT, HANDLER, OFFICE, OPERATOR, SUPERVISOR, TOWNSHIP
from backend.core.calendar import HOLIDAY, MAKEUP, Calendar
from backend.core.problems import Invalid
from backend.supervision.rules import bodies, cases, cycles, findings, orders, states
from tests import cast

SPRING = {date(2026, 2, 15) + timedelta(days=n): HOLIDAY for n in range(9)}
CALENDAR = Calendar(SPRING | {date(2026, 2, 14): MAKEUP, date(2026, 2, 28): MAKEUP}, {}, [])


def at(text):
    day, _, wall = text.partition(" ")
    hour, minute = (wall or "17:30").split(":")
    return clock.at_local(date.fromisoformat(day), int(hour), int(minute))


PERIODS = (
    ("weekly", "2026-02-28", "2026-W09", "2026-02-28 17:30"),
    ("weekly", "2026-02-18", "2026-W08", "2026-02-24 17:30"),
    ("weekly", "2026-03-04", "2026-W10", "2026-03-06 17:30"),
    ("ten_day", "2026-02-10", "2026-02-1", "2026-02-10 17:30"),
    ("ten_day", "2026-02-11", "2026-02-2", "2026-02-24 17:30"),
    ("ten_day", "2026-02-28", "2026-02-3", "2026-02-28 17:30"),
    ("ten_day", "2026-03-31", "2026-03-3", "2026-03-31 17:30"),
    ("monthly", "2026-01-15", "2026-01", "2026-02-02 17:30"),
    ("monthly", "2026-03-01", "2026-03", "2026-03-31 17:30"),
)


@pytest.mark.parametrize(("kind", "day", "period", "due"), PERIODS)
def test_cycles_end_on_the_weeks_last_working_day_the_10th_the_20th_and_the_months_end(kind, day, period, due):
    assert cycles.period_of(kind, date.fromisoformat(day)) == period and cycles.is_period(kind, period)
    assert cycles.due_at(kind, period, CALENDAR) == at(due)
    assert cycles.latest_due(kind, CALENDAR, at(due)) == cycles.preceding(kind, period), "exactly then it is not over"
    assert cycles.latest_due(kind, CALENDAR, at(due) + timedelta(seconds=1)) >= period


@given(st.sampled_from(cycles.KINDS), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_periods_follow_each_other_without_gap_or_overlap(kind, day):
    period = cycles.period_of(kind, day)
    first, last = cycles.span(kind, period)
    assert first <= day <= last and cycles.is_period(kind, period)
    assert cycles.span(kind, cycles.following(kind, period))[0] == last + timedelta(days=1)
    assert cycles.preceding(kind, cycles.following(kind, period)) == period
    assert list(cycles.between(kind, cycles.preceding(kind, period), period)) == [period]
    assert cycles.due_at(kind, period, CALENDAR) <= cycles.due_at(kind, cycles.following(kind, period), CALENDAR)


@pytest.mark.parametrize("text", ("2026-W54", "2026-02-4", "2026-13", "x", "2026-02"))
def test_what_is_no_period_is_not_taken_for_one(text):
    assert not cycles.is_period("ten_day", text) and not cycles.is_period("weekly", text)


DUE, END = at("2026-03-04"), at("2026-03-06")
ROUNDS = (
    ("2026-03-04 17:30", None, False, "on_time"),
    ("2026-03-04 17:31", None, False, "late"),
    ("2026-03-06 17:31", None, False, "missing"),
    (None, None, False, "missing"),
    (None, "2026-03-04 10:00", False, None),
    (None, "2026-03-05 10:00", False, "missing"),
    (None, "2026-03-05 10:00", True, None),
    (None, "2026-03-07 10:00", True, "missing"),
)


@pytest.mark.parametrize(("replied", "ended", "withdrawn", "told"), ROUNDS)
def test_who_is_named_late_at_the_end_of_a_cycle(replied, ended, withdrawn, told):
    """Passed up in time (``ended``) nothing is owed; passed up late it is still missing (rules 10.9)."""
    one = {"due_at": DUE, "replied_at": replied and at(replied), "ended_at": ended and at(ended),
           "withdrawn": withdrawn}
    assert cycles.outcome(one, END) == told


def test_a_day_off_moves_the_date_of_an_order_and_the_clock_looks_a_working_day_before():
    assert orders.due_at(date(2026, 2, 20), CALENDAR) == at("2026-02-24")
    assert orders.due_at(date(2026, 2, 28), CALENDAR) == at("2026-02-28")
    assert orders.first_look(at("2026-02-24"), at("2026-02-12 10:00"), CALENDAR) == at("2026-02-14 08:30")
    assert orders.first_look(at("2026-02-24"), at("2026-02-14 09:00"), CALENDAR) == at("2026-02-24")
    assert orders.again_on(date(2026, 2, 13), date(2026, 2, 13), CALENDAR) == date(2026, 2, 25)
    assert orders.again_on(date(2026, 2, 13), date(2026, 3, 2), CALENDAR) == date(2026, 3, 2)


@pytest.mark.parametrize(("state", "now", "late"), (
    ("issued", "2026-03-04 17:30", False), ("issued", "2026-03-04 17:31", True), ("returned", "2026-03-05 08:00", True),
    ("passed_up", "2026-03-05 08:00", True), ("replied", "2026-03-05 08:00", False),
    ("accepted", "2026-03-05 08:00", False),
))
def test_an_order_is_late_once_its_moment_has_passed_and_a_reply_is_owed(state, now, late):
    assert orders.is_late(state, DUE, at(now)) is late


SPEAKERS = (
    (cast.VILLAGE, {AGENT, OPERATOR}, {TOWNSHIP}, set()),
    (cast.TOWNSHIP, set(), {TOWNSHIP}, set()),
    (cast.DISTRICT, set(), set(), {OFFICE, ADMIN}),
)


@pytest.mark.parametrize(("code", "village", "township", "district"), SPEAKERS)
def test_who_speaks_for_a_body(code, village, township, district):
    for role in (AGENT, OPERATOR, TOWNSHIP, HANDLER, OFFICE, SUPERVISOR, ADMIN):
        for own, wanted in ((cast.VILLAGE, village), (cast.TOWNSHIP, township), (cast.DISTRICT, district)):
            assert bodies.speaks_for(role, own, None, code) is (role in wanted), (role, own)
    assert not bodies.speaks_for(AGENT, cast.NEIGHBOUR, None, cast.VILLAGE)
    assert bodies.speaks_for(HANDLER, cast.DISTRICT, "MZ", "MZ") and not bodies.speaks_for(HANDLER, "", "RS", "MZ")


def test_what_cannot_be_solved_climbs_to_the_district_and_no_further():
    assert bodies.above(cast.VILLAGE, cast.DISTRICT) == cast.TOWNSHIP
    assert bodies.above(cast.TOWNSHIP, cast.DISTRICT) == bodies.above("MZ", cast.DISTRICT) == cast.DISTRICT
    assert bodies.above(cast.DISTRICT, cast.DISTRICT) is None
    assert orders.owed_by("complaint", cast.VILLAGE, cast.DISTRICT) == cast.TOWNSHIP, "not the desk it may be about"
    assert orders.owed_by("meeting", cast.VILLAGE, cast.DISTRICT) == cast.VILLAGE
    assert orders.owed_by("complaint", cast.TOWNSHIP, cast.DISTRICT) == cast.TOWNSHIP


WHOLE = {
    "person_name": "甲", "leader_name": "乙", "category": "late", "severity": "minor", "outcome": "cleared",
    "remedy_due_on": None,
}


def test_a_case_is_whole_with_person_leader_category_severity_and_outcome():
    cases.check_whole(WHOLE)
    for name in cases.WHOLE:
        with pytest.raises(cases.CaseIncomplete) as refused:
            cases.check_whole(WHOLE | {name: None})
        assert list(refused.value.errors) == [cases.FIELDS.get(name, name)]


def test_another_person_was_not_reminded_and_said_nothing():
    found = WHOLE | {"person_id": None}
    assert cases.unsaid(found, {"severity": "minor"}) == {}
    assert cases.unsaid(found, {"person_id": "a", "person_name": "甲"}) == {}, "the same, by account now"
    for other in ({"person_id": None, "person_name": "丙"}, {"person_id": None, "person_name": None}):
        assert set(cases.unsaid(found, other)) == {*cases.REMINDER, *cases.STATEMENT}
    assert cases.unsaid(found | {"person_id": "a"}, {"person_id": "b", "person_name": "甲"})


@pytest.mark.parametrize(("outcome", "remedy", "may"), (
    ("cleared", None, True), ("reminder", None, True), ("criticism", None, False), ("removal", "2026-03-05", False),
    ("discipline", "2026-03-04", False), ("admonition", "2026-03-03", True),
))
def test_a_penalty_needs_a_reminder_whose_time_has_passed(outcome, remedy, may):
    found = WHOLE | {"outcome": outcome, "remedy_due_on": remedy and date.fromisoformat(remedy)}
    if may:
        cases.check_reminded(found, date(2026, 3, 4))
    else:
        with pytest.raises(cases.ReminderFirst):
            cases.check_reminded(found, date(2026, 3, 4))


@pytest.mark.parametrize("value", ({}, {"findings": 0, "days": 90}, {"findings": 3}, [], {"findings": True, "days": 9}))
def test_the_setting_of_the_watch_list_is_checked(value):
    findings.check_setting(findings.USUAL)
    with pytest.raises(Invalid):
        findings.check_setting(value)


def test_every_move_starts_and_ends_in_a_known_state():
    for table, known, names in (
        (states.MOVES, states.STATES, states.STATE_NAMES),
        (states.NOTICE_MOVES, states.NOTICE_STATES, states.NOTICE_NAMES),
        (states.CASE_MOVES, states.CASE_STATES, states.CASE_NAMES),
        (states.PROMISE_MOVES, states.PROMISE_STATES, states.PROMISE_NAMES),
    ):
        assert {at for at, _ in table} | {move.state for move in table.values()} == set(known) == set(names)
