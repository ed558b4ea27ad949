"""Small counts: nothing about fewer than five persons can be read, added up or subtracted."""
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.disclosure.rules import figures, suppression
from backend.disclosure.rules.figures import Finished, Rated
from backend.disclosure.rules.suppression import partition


def people(*counts):
    """Groups A, B, … of so many persons each, no two alike."""
    serial = itertools.count()
    return {
        chr(65 + place): (frozenset(f"p{next(serial)}" for _ in range(count)),) for place, count in enumerate(counts)
    }


@pytest.mark.parametrize(("counts", "told"), (
    ((9, 7), [("A",), ("B",)]),
    ((9, 7, 0), [("A",), ("B",)]),
    ((9, 7, 4), [("A",), ("B", "C")]),
    ((9, 7, 3, 2), [("A",), ("B",), ("C", "D")]),
    ((9, 4), [("A", "B")]),
    ((3, 2), [("A", "B")]),
    ((3, 1), []),
    ((), []),
))
def test_the_small_are_put_together_with_the_next_smallest(counts, told):
    """One small group alone would be the total less the others."""
    assert partition(people(*counts)) == told


def test_both_sides_of_a_figure_count():
    """Four on time of nine are as few as four late."""
    late = frozenset("abcde")
    groups = {"A": (late, frozenset("wxyz")), "B": (frozenset(), frozenset("ABCDEF"))}
    assert partition(groups) == [("A", "B")]
    assert partition(groups | {"C": (frozenset(), frozenset("GHIJKLM"))}) == [("C",), ("A", "B")]


def test_ten_errands_of_one_person_are_one_person():
    facts = [Finished("A", "MZ", "p", 3, 10, False, 1)] * 10
    total, lines = figures.table(facts, lambda one: one.township)
    assert total["finished"] is None and lines == []


def test_figures_of_a_month_by_hand():
    facts = [Finished("A", "MZ", f"a{n}", 4, 10, n < 5, 1) for n in range(10)]
    facts += [Finished("B", "MZ", f"b{n}", 7, 10, n < 1, 2) for n in range(8)]
    facts += [Rated("A", "MZ", f"a{n}", 5) for n in range(6)] + [Rated("B", "MZ", "b1", 1)]
    total, lines = figures.table(facts, lambda one: one.township)
    assert total == {
        "finished": 18, "average_working_days": 5.3, "speed_up_percent": 46.7, "overdue": 6, "trips_per_errand": 1.4,
        "rated": 7, "content_percent": None,
    }
    assert [(line["codes"], line["finished"], line["overdue"], line["rated"]) for line in lines] == [
        (["A"], 10, None, None), (["B"], 8, None, None),
    ], "of B one was late and one rated: neither its number, nor A's from which it would follow"
    assert lines[0]["speed_up_percent"] == 60.0 and lines[1]["average_working_days"] == 7.0


FACTS = st.lists(st.builds(
    Finished, st.sampled_from("ABCDE"), st.sampled_from("XYZ"), st.integers(0, 40).map(str),
    st.none() | st.integers(0, 9), st.just(10), st.booleans(), st.integers(0, 3),
), max_size=90)


@settings(max_examples=60)
@given(FACTS, st.sampled_from(("township", "department")))
def test_whatever_is_added_and_subtracted_at_least_five_persons_remain(facts, by):
    """The oracle: every combination of told numbers with +1, 0, −1 that comes to a set of groups is large enough."""
    split = lambda one: getattr(one, by)  # noqa: E731
    total, lines = figures.table(facts, split)
    every = frozenset(split(one) for one in facts)
    for figure in (None, *figures.FIGURES[:4]):
        name = "finished" if figure is None else figure.name
        told = [frozenset(line["codes"]) for line in lines if line[name] is not None]
        told += [every] if total[name] is not None else []
        for signs in itertools.product((-1, 0, 1), repeat=len(told)):
            held = {code: sum(sign for sign, group in zip(signs, told) if code in group) for code in every}
            if not any(held.values()) or not set(held.values()) <= {0, 1}:
                continue
            mine = [one for one in facts if held[split(one)]]
            sides = [mine] if figure is None else [
                [one for one in mine if figure.is_with(one)], [one for one in mine if not figure.is_with(one)]
            ]
            for side in sides:
                persons = {one.person for one in side}
                assert not persons or len(persons) >= suppression.SMALLEST, (name, signs, lines)
