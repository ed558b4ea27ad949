"""Speed-up and the "cut by 30 %" check."""
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.catalogue.rules import figures
from tests.catalogue import SAMPLE


def test_the_sample_is_faster_than_the_law_by_54_1_percent():
    """rules.md 2.4; the mean of the items' own rates is another figure, 54.9."""
    items = json.loads(SAMPLE.read_text())["items"]
    found = figures.speed_up((item["legal_days"], item["promised_days"], 1) for item in items)
    assert found == figures.SpeedUp(25, 540, 248, 54.1, 54.9)


def test_without_legal_limits_there_is_no_figure():
    assert figures.speed_up([(None, 5, 3)]) == figures.SpeedUp(0, 0, 0, None, None)


@pytest.mark.parametrize(("before", "target"), [(20, 14), (15, 10), (10, 7), (3, 2), (2, 1), (1, 0), (0, 0)])
def test_cut_by_30_percent_is_counted_in_whole_days(before, target):
    """``7*n//10``; a promise of one day becomes an instant item: rules.md 2.4."""
    assert figures.target(before) == target
    assert figures.cut(before, target).met
    assert not figures.cut(before, target + 1).met


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 90), st.integers(1, 4)), min_size=1))
def test_counted_rows_agree_with_single_items(rows):
    singles = [(law, min(law, mine), 1) for law, mine, times in rows for _ in range(times)]
    grouped = [(law, min(law, mine), times) for law, mine, times in rows]
    assert figures.speed_up(grouped) == figures.speed_up(singles)
    mean = sum(1 - Fraction(mine, law) for law, mine, _ in singles) / len(singles)
    assert abs(figures.speed_up(grouped).mean_of_items_percent - float(mean) * 100) <= 0.05 + 1e-9
