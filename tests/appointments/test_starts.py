"""At which minutes a service can begin, and who can be served beside whom."""
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.appointments.rules import excess, seating, starts
from backend.appointments.rules.excess import Seats, Sitting
from backend.appointments.rules.starts import Room
from backend.core.daytime import minute_of, told
from tests.appointments.offers import offer, service_body

HALF_HOURS = [minute_of("09:00") + 30 * n for n in range(7)]
"""09:00–12:30."""


def begun(minutes, gap, free, laid=HALF_HOURS):
    """The starts at which all cells are free."""
    whole = offer(services=[service_body("a", minutes, gap_minutes=gap)])
    taken = {start: starts.taken(whole, whole.services["a"], start, set(laid), set(laid)) for start in laid}
    return [told(start) for start, it in taken.items() if it and set(it.minutes) <= {minute_of(at) for at in free}]


def test_a_service_of_an_hour_with_a_gap_of_half_an_hour():
    free = ["09:00", "09:30", "11:00", "11:30", "12:00"]
    assert begun(60, 30, free) == ["11:00", "11:30"]
    assert begun(60, 30, ["09:00", "09:30", "11:30", "12:00"]) == ["11:30"]


@pytest.mark.parametrize(("minutes", "gap", "served", "kept"), [
    (30, 0, 1, 0), (31, 0, 2, 0), (60, 1, 2, 1), (45, 45, 2, 2),
])
def test_minutes_are_rounded_up_to_whole_cells(minutes, gap, served, kept):
    whole = offer(services=[service_body("a", minutes, gap_minutes=gap)])
    found = starts.taken(whole, whole.services["a"], 540, set(HALF_HOURS), set(HALF_HOURS))
    assert (len(found.own), len(found.gap)) == (served, kept)


def test_a_service_does_not_reach_over_a_break_but_its_gap_may():
    laid = [540, 570, 840]
    assert begun(60, 30, ["09:00", "09:30", "14:00"], laid) == ["09:00"]
    assert begun(30, 30, ["09:00", "09:30", "14:00"], laid) == ["09:00", "09:30", "14:00"]


cells_of = st.dictionaries(
    st.sampled_from(range(540, 720, 30)),
    st.builds(Room, st.integers(0, 3), st.integers(-1, 3), st.integers(-1, 3), st.booleans()),
)


@settings(max_examples=100)
@given(cells_of, st.integers(1, 100), st.integers(0, 70))
def test_what_is_left_at_a_start_is_what_its_fullest_cell_leaves(cells, minutes, gap):
    whole = offer(services=[service_body("a", minutes, gap_minutes=gap)])
    serving = {minute for minute, cell in cells.items() if cell.serving}
    expected = {}
    for start in cells:
        taken = starts.taken(whole, whole.services["a"], start, serving, cells)
        if taken:
            capacity, free, own = (min(cells[minute][n] for minute in taken.minutes) for n in range(3))
            expected[start] = capacity, max(0, free), max(0, min(free, own))
    assert starts.left(cells, whole.services["a"], 30) == expected


def test_who_is_qualified_decides_who_can_be_served():
    staff = [("a",), ()]
    assert seating.fits(staff, ["a", "b"]) and not seating.fits(staff, ["b", "b"])
    assert seating.more(staff, ["b"], "a", 2) == 1 and seating.more(staff, ["b"], "b", 2) == 0
    assert seating.more(None, ["b"], "b", 2) == 2


@settings(max_examples=100)
@given(
    st.lists(st.lists(st.sampled_from("abc"), max_size=2, unique=True), max_size=4),
    st.lists(st.sampled_from("abc"), max_size=4),
)
def test_seating_finds_a_place_wherever_trying_all_orders_does(staff, services):
    def serves(order):
        return all(not staff[who] or service in staff[who] for who, service in zip(order, services))

    possible = any(serves(order) for order in itertools.permutations(range(len(staff)), len(services)))
    assert seating.fits(staff, services) == possible


def sitting(who, minute, service="a", gap=False, settled=False):
    return Sitting(who, "", minute, service, gap, settled)


def test_the_latest_made_loses_a_seat_that_was_cut():
    cells = {("", 540): Seats(1, (), None)}
    assert excess.without_seat(cells, [sitting("first", 540), sitting("later", 540)]) == {"later": ("", 540)}
    assert excess.without_seat({}, [sitting("only", 540)]) == {"only": ("", 540)}


def test_a_gap_past_the_end_is_no_conflict_nor_is_who_is_served_already():
    assert excess.without_seat({}, [sitting("a", 540, gap=True), sitting("b", 540, settled=True)]) == {}


def test_who_is_no_longer_served_there_is_a_conflict():
    cells = {("", 540): Seats(2, ("b",), None), ("", 570): Seats(2, (), (("b",), ("b",)))}
    found = excess.without_seat(cells, [sitting("x", 540, "a"), sitting("y", 570, "a"), sitting("z", 570, "b")])
    assert found == {"x": ("", 540), "y": ("", 570)}
