"""Cells of a day: worked examples, and every combination against a naive oracle that goes minute by minute."""
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.appointments.rules.laying import Override, lay
from backend.appointments.rules.offer import Offer, Rule, Service
from backend.core.daytime import minute_of, told
from backend.people.rules.rosters import Duty
from tests.appointments.offers import offer, rule


def seats(cells):
    return {told(cell.minute): cell.wanted for cell in cells}


def duty(who, start, end, desk="", services=()):
    return Duty(who, desk, minute_of(start), minute_of(end), frozenset(services), "duty")


MONDAY, SATURDAY, SUNDAY = date(2026, 11, 2), date(2026, 10, 17), date(2026, 9, 20)
HOURS = (rule("09:00", "10:00"), rule("08:00", "09:00", kind="weekend_duty"))


@pytest.mark.parametrize(("day", "kind", "found"), [
    (MONDAY, "work", ["09:00", "09:30"]),
    (date(2026, 10, 1), "holiday", []),
    (date(2026, 9, 20), "makeup", ["09:00", "09:30"]),
    (date(2026, 10, 10), "makeup", ["09:00", "09:30"]),
    (SATURDAY, "rest", ["08:00", "08:30"]),
    (MONDAY, "closed", []),
])
def test_what_kind_of_day_it_is_decides_which_rules_hold(day, kind, found):
    assert list(seats(lay(offer(*HOURS), day, kind))) == found


def test_a_make_up_saturday_takes_fridays_rules_and_a_make_up_sunday_mondays():
    rules = offer(rule("09:00", "09:30", weekdays=[1]), rule("10:00", "10:30", weekdays=[5]))
    assert list(seats(lay(rules, SUNDAY, "makeup"))) == ["09:00"]
    assert list(seats(lay(rules, date(2026, 10, 10), "makeup"))) == ["10:00"]


def test_one_day_rules_replace_the_day_wholly_even_a_holiday_but_no_closure():
    own = rule("13:00", "13:30", kind="one_day", on="2026-10-01", capacity=5)
    assert seats(lay(offer(*HOURS, own), date(2026, 10, 1), "holiday")) == {"13:00": 5}
    assert lay(offer(*HOURS, own), date(2026, 10, 1), "closed") == []
    assert lay(offer(*HOURS, own, rule(kind="closure", on="2026-10-01")), date(2026, 10, 1), "work") == []


def test_a_closure_of_some_hours_takes_the_cells_that_it_touches():
    shut = rule("09:15", "09:30", kind="closure", on="2026-11-02")
    assert list(seats(lay(offer(*HOURS, shut), MONDAY, "work"))) == ["09:30"]


def test_capacity_follows_the_roster():
    roster = [duty("A", "08:30", "11:30"), duty("A", "14:30", "17:30"), duty("B", "09:30", "12:30"),
              duty("B", "15:30", "18:30")]
    cells = seats(lay(offer(rule("08:30", "18:30", capacity=9), roster_required=True), MONDAY, "work", roster))
    assert [cells.get(at, 0) for at in ("08:30", "10:00", "12:00", "13:00", "18:00")] == [1, 2, 1, 0, 1]


def test_only_who_is_there_for_the_whole_cell_at_that_desk_and_qualified_counts():
    rules = offer(rule("09:00", "10:00", desk="1", capacity=9, services=["a"]), roster_required=True)
    roster = [duty("A", "09:00", "09:45"), duty("B", "09:00", "10:00", desk="2"),
              duty("C", "09:00", "10:00", services=["b"]), duty("D", "09:00", "10:00", services=["a", "x"])]
    assert seats(lay(rules, MONDAY, "work", roster)) == {"09:00": 2, "09:30": 1}


def test_two_shifts_that_touch_are_one_stretch():
    rules = offer(rule("09:00", "10:00"), roster_required=True)
    roster = [duty("A", "08:00", "09:10", services=["a"]), duty("A", "09:10", "10:00")]
    assert [cell.staff for cell in lay(rules, MONDAY, "work", roster)] == [(("a",),), None]


def test_an_override_adds_seats_but_none_for_self_service():
    added = [Override("", 540, 570, 2)]
    cells = lay(offer(rule("09:00", "10:00", capacity=2, self_capacity=1)), MONDAY, "work", (), added)
    assert [(cell.wanted, cell.wanted_self) for cell in cells] == [(4, 1), (2, 1)]


def _oracle(offer, day, kind, duties, overrides):
    """Seats of each cell, found by asking every minute who is there."""
    closures = [one for one in offer.rules if one.kind == "closure" and one.on == day]
    found = {}
    if kind == "closed" or any(one.from_minute is None for one in closures):
        return found
    one_day = [one for one in offer.rules if one.kind == "one_day" and one.on == day]
    for one in one_day or offer.rules:
        if one.kind == "recurring":
            weekday = day.isoweekday()
            if kind == "makeup" and weekday > 5:
                weekday = 5 if weekday == 6 else 1
            holds = kind in ("work", "makeup") and weekday in one.weekdays
        elif one.kind == "weekend_duty":
            holds = kind == "rest" and (not one.weekdays or day.isoweekday() in one.weekdays)
        else:
            holds = one in one_day
        if not holds:
            continue
        for start in range(one.from_minute, one.to_minute, offer.grid):
            minutes = range(start, start + offer.grid)
            if any(shut.from_minute <= minute < shut.to_minute for shut in closures for minute in minutes):
                continue
            count = one.capacity
            if offer.roster_required:
                count = min(count, _present(offer, one, minutes, duties))
            own = min(one.self_capacity, count)
            count += sum(o.seats for o in overrides if o.desk == one.desk and o.from_minute <= start < o.to_minute)
            if count:
                found[one.desk, start] = count, own
    return found


def _present(offer, one, minutes, duties):
    def serves(who, code):
        return all(
            any(
                each.account_id == who and each.from_minute <= minute < each.to_minute
                and (one.desk == "" or each.desk in ("", one.desk)) and (not each.services or code in each.services)
                for each in duties
            )
            for minute in minutes
        )
    codes = one.services or offer.services
    return sum(any(serves(who, code) for code in codes) for who in {each.account_id for each in duties})


KINDS = ("work", "rest", "holiday", "makeup", "closed")
DAYS = st.dates(date(2026, 10, 1), date(2026, 10, 14))
GRID = 20
steps = st.integers(24, 40)
codes = st.frozensets(st.sampled_from("abc"), max_size=2)


@st.composite
def rules_of(draw):
    start = draw(steps) * GRID
    capacity = draw(st.integers(0, 3))
    kind = draw(st.sampled_from(("recurring", "recurring", "weekend_duty", "one_day", "closure")))
    whole = kind == "closure" and draw(st.booleans())
    return Rule(
        kind, draw(st.frozensets(st.integers(1, 7), min_size=int(kind == "recurring"))),
        draw(DAYS) if kind in ("one_day", "closure") else None, None if whole else start,
        None if whole else start + GRID * draw(st.integers(1, 4)), draw(st.sampled_from(("", "1", "2"))),
        capacity, draw(st.integers(0, capacity)), draw(codes),
    )


duties_of = st.builds(
    lambda who, desk, start, length, services: Duty(who, desk, start, start + length, services, "duty"),
    st.sampled_from("ABC"), st.sampled_from(("", "1", "2")), st.integers(470, 800), st.integers(5, 90), codes,
)
overrides_of = st.builds(
    lambda desk, start, length, seats: Override(desk, start, start + length, seats),
    st.sampled_from(("", "1")), st.integers(470, 800), st.integers(5, 90), st.integers(1, 3),
)


def _apart(rules):
    """Windows of one desk never overlap; what the checks refuse is not laid."""
    kept = []
    for one in rules:
        if one.kind == "closure" or not any(
            each.kind == one.kind and each.desk == one.desk and each.from_minute < one.to_minute
            and one.from_minute < each.to_minute for each in kept if each.kind != "closure"
        ):
            kept.append(one)
    return tuple(kept)


@settings(max_examples=150)
@given(
    st.lists(rules_of(), max_size=6).map(_apart), DAYS, st.sampled_from(KINDS), st.booleans(),
    st.lists(duties_of, max_size=6), st.lists(overrides_of, max_size=2),
)
def test_cells_are_those_of_the_naive_oracle(rules, day, kind, roster_required, duties, overrides):
    services = {code: Service(code, code, 20) for code in "abc"}
    whole = Offer(1, GRID, 14, 510, roster_required, services, rules)
    found = {(c.desk, c.minute): (c.wanted, c.wanted_self) for c in lay(whole, day, kind, duties, overrides)}
    assert found == _oracle(whole, day, kind, duties, overrides)


