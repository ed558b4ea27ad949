"""In time, late, missing; ranks and rows of weeks (rules 7.1–7.5)."""
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.rules import standing
from backend.reports.rules.standing import LATE, MISSING, ON_TIME, Owed

DUE = datetime.fromisoformat("2026-09-24T17:30:00+08:00")
SECOND = timedelta(seconds=1)


def week(*filed):
    """Townships by number, each with its filing relative to the due moment, or None."""
    owed = [Owed(f"{n:02d}", f"镇{n}", DUE) for n in range(len(filed))]
    return standing.standing(owed, {f"{n:02d}": DUE + late for n, late in enumerate(filed) if late is not None})


def test_the_week_of_the_issue():
    found = week(*[-SECOND] * 17, timedelta(minutes=1), None, None)
    assert found.figures() == {
        "expected": 20, "received": 18, "received_rate_percent": 90.0, "on_time": 17, "on_time_rate_percent": 85.0,
    }
    assert [one.owed.unit_code for one in found.named(LATE)] == ["17"]
    assert [one.owed.unit_code for one in found.named(MISSING)] == ["18", "19"]


def test_a_week_that_owes_nothing_has_no_rate():
    assert week().figures() == {
        "expected": 0, "received": 0, "received_rate_percent": None, "on_time": 0, "on_time_rate_percent": None,
    }


@pytest.mark.parametrize("filed, word", [
    (-SECOND, ON_TIME), (0 * SECOND, ON_TIME), (SECOND / 1_000_000, LATE), (timedelta(minutes=1), LATE),
    (None, MISSING),
])
def test_exactly_at_the_due_moment_is_in_time(filed, word):
    assert week(filed).outcomes[0].word == word


def test_who_owes_nothing_counts_nowhere():
    found = standing.standing([Owed("01", "镇", DUE)], {"01": DUE, "99": DUE})
    assert found.figures()["received"] == 1


@pytest.mark.parametrize("weeks, current, longest", [
    ("", 0, 0), ("1", 1, 1), ("0", 0, 0), ("1101", 1, 2), ("0111", 3, 3), ("1110", 0, 3),
])
def test_rows_of_weeks_in_time(weeks, current, longest):
    assert standing.streak(mark == "1" for mark in weeks) == (current, longest)


def test_equal_shares_share_a_rank():
    assert standing.ranks([(1, 2), (3, 3), (2, 4), (0, 0), (0, 5)]) == [2, 1, 2, None, 4]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_a_rank_is_one_more_than_those_that_are_better(shares):
    found = standing.ranks(shares)
    for (part, whole), rank in zip(shares, found):
        better = sum(whole > 0 and w > 0 and p * whole > part * w for p, w in shares)
        assert rank == (None if whole == 0 else better + 1)
