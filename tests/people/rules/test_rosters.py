"""Rosters as rules: who is on duty, what may be written, what can be exchanged (rules 5.1, 5.7)."""
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.problems import Forbidden, IllegalMove, Invalid
from backend.people.rules import absences, rostering, rosters
from backend.people.rules.absences import Held
from backend.people.rules.rostering import Colleague, Elsewhere
from backend.people.rules.rosters import Duty, Planned

DAY, FIRST, LAST = date(2026, 11, 9), date(2026, 11, 1), date(2026, 11, 30)
DISTRICT, TOWN, OTHER_TOWN = "331003000000", "331003100000", "331003101000"
VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "331003100200", "331003100201", "331003101200"
ALL: frozenset[str] = frozenset()


def planned(who, start, end, *, stand_in=None, desk="1", services=()):
    return Planned(who, stand_in, desk, start, end, frozenset(services), "duty")


def on_duty(shifts, able):
    return [(duty.account_id, duty.from_minute, duty.to_minute) for duty in rosters.present(shifts, able.__contains__)]


@pytest.mark.parametrize(("role", "own", "unit", "may"), [
    ("agent", VILLAGE, VILLAGE, True), ("agent", NEXT_VILLAGE, VILLAGE, True), ("agent", VILLAGE, TOWN, True),
    ("operator", TOWN, VILLAGE, True), ("township", TOWN, TOWN, True), ("operator", DISTRICT, TOWN, True),
    ("agent", FAR_VILLAGE, VILLAGE, False), ("township", OTHER_TOWN, VILLAGE, False),
    ("agent", VILLAGE, DISTRICT, True), ("handler", DISTRICT, TOWN, False), ("supervisor", DISTRICT, TOWN, False),
    ("agent", None, TOWN, False),
])
def test_on_a_roster_stand_people_of_the_township_or_operators_of_above(role, own, unit, may):
    assert rosters.belongs(unit, role, own) is may


def test_on_leave_the_stand_in_takes_the_shift_with_its_desk_and_services():
    shift = planned("a", 510, 720, stand_in="b", services=["hukou"])
    assert rosters.present([shift], {"b"}.__contains__) == [Duty("b", "1", 510, 720, frozenset({"hukou"}), "duty")]


def test_without_a_stand_in_or_with_one_who_is_away_too_nobody_is_there():
    assert on_duty([planned("a", 510, 720), planned("c", 510, 720, stand_in="b")], {"d"}) == []


def test_a_stand_in_on_duty_himself_takes_only_the_minutes_in_which_he_is_free():
    shifts = [planned("b", 540, 600), planned("a", 510, 720, stand_in="b", desk="2")]
    assert on_duty(shifts, {"b"}) == [("b", 510, 540), ("b", 540, 600), ("b", 600, 720)]


def test_one_stand_in_for_two_sits_at_one_desk():
    shifts = [planned("a", 510, 720, stand_in="c"), planned("b", 600, 1050, stand_in="c", desk="2")]
    assert on_duty(shifts, {"c"}) == [("c", 510, 720), ("c", 720, 1050)]


PEOPLE = st.sampled_from("abcd")
SHIFTS = st.lists(
    st.builds(
        lambda who, other, start, length, desk: planned(who, start, start + length, stand_in=other, desk=desk),
        PEOPLE, st.none() | PEOPLE, st.integers(0, 30), st.integers(1, 12), st.sampled_from("12"),
    ), max_size=8,
)


@given(SHIFTS, st.sets(PEOPLE))
def test_who_is_on_duty_agrees_with_counting_minute_by_minute(shifts, able):
    order = sorted(shifts, key=lambda one: (one.from_minute, one.desk, one.account_id))
    seats = [(one.account_id, one) for one in order if one.account_id in able]
    seats += [
        (one.stand_in_id, one) for one in order if one.account_id not in able and one.stand_in_id in able
    ]
    expected = {}
    for who, one in seats:
        for minute in range(one.from_minute, one.to_minute):
            expected.setdefault((who, minute), one.desk)
    found = [
        ((duty.account_id, minute), duty.desk)
        for duty in rosters.present(shifts, able.__contains__)
        for minute in range(duty.from_minute, duty.to_minute)
    ]
    assert len(found) == len(expected) and dict(found) == expected


def test_before_the_morning_the_evening_s_contact_still_answers():
    assert rosters.duty_day(datetime(2026, 11, 9, 8, 29)) == date(2026, 11, 8)
    assert rosters.duty_day(datetime(2026, 11, 9, 8, 30)) == DAY


@pytest.mark.parametrize(("text", "days"), [
    ("2026-11", (FIRST, LAST)), ("2028-02", (date(2028, 2, 1), date(2028, 2, 29))), ("2026-13", None),
    ("2026-00", None), ("26-11", None), ("2026-1", None), ("2026-11-01", None), ("1899-12", None), ("2200-01", None),
    ("2026-11\n", None),
])
def test_a_month_is_a_year_and_a_number(text, days):
    assert rostering.days_of(text) == days


@pytest.mark.parametrize(("published", "today", "late"), [
    (date(2026, 10, 31), DAY, False), (FIRST, FIRST, True), (None, date(2026, 10, 31), False), (None, FIRST, True),
])
def test_a_roster_that_is_not_out_before_its_month_is_late(published, today, late):
    assert rostering.is_late(published, FIRST, today) is late


def entry(who="a", start="08:30", end="12:00", day=DAY, **more):
    return rostering.entry({
        "date": day, "account_id": who, "desk": "1", "from": start, "to": end, "services": [], "kind": "duty",
        "stand_in_id": None, **more,
    })


def fields(check, *args):
    with pytest.raises(Invalid) as refused:
        check(*args)
    return sorted(refused.value.errors)


@pytest.mark.parametrize(("entries", "on_call", "named"), [
    ([entry(day=date(2026, 12, 1))], [], ["shifts.0.date"]),
    ([entry(day=date(2026, 10, 31))], [], ["shifts.0.date"]),
    ([entry(start="12:00")], [], ["shifts.0.to"]),
    ([entry(start="12:30")], [], ["shifts.0.to"]),
    ([entry(stand_in_id="a")], [], ["shifts.0.stand_in_id"]),
    ([entry(), entry(start="11:59", end="13:00")], [], ["shifts.1.from"]),
    ([entry(start="11:59", end="13:00"), entry()], [], ["shifts.0.from"]),
    ([entry(), entry(desk="2")], [], ["shifts.1.from"]),
    ([entry(end="17:30"), entry(start="09:00", end="10:00"), entry(start="11:00")], [],
     ["shifts.1.from", "shifts.2.from"]),
    ([], [(date(2026, 12, 1), "a")], ["on_call.0.date"]),
    ([], [(DAY, "a"), (DAY, "b")], ["on_call.1.date"]),
])
def test_what_makes_no_sense_is_named(entries, on_call, named):
    assert fields(rostering.check_sense, entries, on_call, FIRST, LAST) == named


def test_two_people_at_once_and_one_person_twice_a_day_make_sense():
    entries = [entry(), entry("b"), entry(start="12:00", end="24:00"), entry(day=LAST, stand_in_id="b")]
    rostering.check_sense(entries, [(FIRST, "a"), (LAST, "a")], FIRST, LAST)
    assert entries[2].to_minute == 1440


KNOWN = {
    "a": Colleague("agent", VILLAGE, False), "gone": Colleague("agent", VILLAGE, True),
    "far": Colleague("agent", FAR_VILLAGE, False), "boss": Colleague("supervisor", DISTRICT, False),
}


@pytest.mark.parametrize("who", ["nobody", "gone", "far", "boss"])
def test_whoever_cannot_stand_there_is_named_but_what_stands_already_may_stay(who):
    entries, on_call = [entry(who), entry(stand_in_id=who)], [(DAY, who)]
    named = fields(rostering.check_people, VILLAGE, entries, on_call, KNOWN, set(), set())
    assert named == ["on_call.0.account_id", "shifts.0.account_id", "shifts.1.stand_in_id"]
    rostering.check_people(VILLAGE, entries, on_call, KNOWN, set(entries), set(on_call))


def test_nobody_stands_at_two_units_at_a_time():
    elsewhere = [Elsewhere("a", DAY, 720, 780, TOWN), Elsewhere("b", DAY, 510, 720, TOWN)]
    rostering.check_elsewhere([entry(), entry(start="13:00", end="14:00")], elsewhere)
    assert fields(rostering.check_elsewhere, [entry(end="12:01")], elsewhere) == ["shifts.0.from"]


def test_a_month_that_is_over_and_a_published_or_empty_roster_are_refused():
    rostering.check_open(LAST, LAST)
    with pytest.raises(rostering.MonthOver):
        rostering.check_open(LAST, date(2026, 12, 1))
    with pytest.raises(rostering.AlreadyPublished):
        rostering.check_publishable(True, True)
    with pytest.raises(rostering.NobodyPlanned):
        rostering.check_publishable(False, False)


@pytest.mark.parametrize(("from_on", "to_on", "fine"), [
    (DAY, DAY, True), (DAY, date(2026, 11, 8), False), (DAY, date(2027, 11, 9), True),
    (DAY, date(2027, 11, 10), False), (date(2026, 9, 1), date(2026, 9, 10), True),
    (date(2026, 9, 1), date(2026, 9, 9), False),
])
def test_a_leave_lasts_a_year_at_most_and_is_told_within_sixty_days(from_on, to_on, fine):
    if fine:
        absences.check_span(from_on, to_on, DAY)
    else:
        assert fields(absences.check_span, from_on, to_on, DAY) == ["to"]


@pytest.mark.parametrize(("from_on", "to_on", "ends"), [
    (date(2026, 11, 10), date(2026, 11, 12), None), (DAY, date(2026, 11, 12), None),
    (date(2026, 11, 6), DAY, date(2026, 11, 8)),
])
def test_a_leave_that_has_begun_ends_with_yesterday_when_it_is_withdrawn(from_on, to_on, ends):
    assert absences.shortened(from_on, to_on, DAY) == ends


def test_a_leave_that_is_over_is_not_withdrawn():
    with pytest.raises(absences.LeaveOver):
        absences.shortened(date(2026, 11, 1), date(2026, 11, 8), DAY)


def test_nobody_asks_for_another_or_decides_on_his_own():
    absences.check_for_whom("township", "t", "a")
    absences.check_decides("t", ("a", "b"))
    for refused in (
        lambda: absences.check_for_whom("agent", "a", "b"), lambda: absences.check_decides("t", ("a", "t")),
        lambda: absences.check_party("agent", "c", ("a", "b")),
    ):
        with pytest.raises(Forbidden):
            refused()


def held(shift_id, who, start=510, end=720, *, unit=VILLAGE, day=DAY, services=ALL):
    return Held(shift_id, unit, who, day, start, end, services)


def test_a_swap_never_puts_anybody_at_two_places():
    shifts = [held("1", "a"), held("2", "b", 840, 1050), held("3", "b", 600, 660, unit=TOWN)]
    absences.check_exchange(shifts, {"2": "a"})
    with pytest.raises(absences.SwapImpossible):
        absences.check_exchange(shifts, {"1": "b"})


@pytest.mark.parametrize(("serves", "needs", "fine"), [
    ([], {"hukou"}, True), ([], set(), True), ([ALL], set(), True), ([{"hukou"}, {"shebao"}], {"shebao"}, True),
    ([{"hukou"}], {"shebao"}, False), ([{"hukou"}], set(), False), ([{"hukou"}, ALL], {"shebao"}, True),
])
def test_who_takes_a_shift_over_must_serve_what_is_served_there(serves, needs, fine):
    moved = [(held("1", "a", services=frozenset(needs)), "b")]
    known = {"b": [frozenset(one) for one in serves]}
    if fine:
        absences.check_qualified(moved, known)
    else:
        with pytest.raises(absences.NotQualified):
            absences.check_qualified(moved, known)


def test_nobody_takes_over_while_on_leave_or_on_a_day_that_has_passed_or_nothing():
    absences.check_present([("b", DAY, DAY)], [("b", LAST), ("a", DAY)])
    for refused in (
        lambda: absences.check_present([("b", FIRST, DAY)], [("b", DAY)]),
        lambda: absences.check_days(FIRST, None, DAY), lambda: absences.check_days(DAY, FIRST, DAY),
        lambda: absences.check_held([], [], both=False), lambda: absences.check_held([held("1", "a")], [], both=True),
    ):
        with pytest.raises(IllegalMove):
            refused()
