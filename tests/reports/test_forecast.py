"""Rates, forecasts, the needed pace (rules 7.5)."""
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.rules import forecast

TODAY = date(2026, 6, 1)
COUNTS = st.integers(0, 70_000)


@pytest.mark.parametrize("part, whole, told", [
    (18, 20, 90.0), (17, 20, 85.0), (0, 20, 0.0), (20, 20, 100.0), (1, 3, 33.3), (2, 3, 66.7),
    (1, 16, 6.3), (1, 80, 1.3), (3, 80, 3.8), (1, 2000, 0.1), (1, 2001, 0.0), (0, 0, None), (5, 0, None),
])
def test_a_rate_has_one_decimal_rounded_half_up(part, whole, told):
    assert forecast.percent(part, whole) == told


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_within_half_a_tenth_and_never_below_its_half(part, whole):
    told, exact = Fraction(round(forecast.percent(part, whole) * 10), 10), Fraction(100 * part, whole)
    assert -Fraction(1, 20) < told - exact <= Fraction(1, 20)


@pytest.mark.parametrize("planned, built, before, days", [
    (100, 60, 40, 56), (100, 99, 98, 28), (100, 90, 87, 94), (20, 19, 0, 2), (60_000, 1, 0, None),
])
def test_full_coverage_is_forecast_at_the_pace_of_four_weeks(planned, built, before, days):
    assert forecast.full_on(planned, built, before, TODAY) == (days and TODAY + timedelta(days=days))


@pytest.mark.parametrize("planned, built, before", [(0, 0, 0), (10, 10, 2), (10, 11, 2), (10, 5, 5), (10, 5, 7)])
def test_there_is_no_forecast_for_what_is_done_or_stands_still(planned, built, before):
    assert forecast.full_on(planned, built, before, TODAY) is None


@given(COUNTS, COUNTS, COUNTS)
def test_a_forecast_lies_after_today_and_its_pace_just_suffices(planned, built, before):
    found = forecast.full_on(planned, built, before, TODAY)
    if found is None:
        return
    assert found > TODAY
    pace, left = Fraction(built - before, forecast.PACE_DAYS), planned - built
    assert pace * (found - TODAY).days >= left > pace * ((found - TODAY).days - 1)


@given(COUNTS, COUNTS, st.integers(0, 100), st.integers(-400, 400))
def test_the_needed_pace_reaches_the_target_and_a_tenth_less_would_not(planned, built, target, days):
    left = forecast.short_of(planned, built, target)
    found = forecast.needed_a_week(planned, built, target, TODAY + timedelta(days=days), TODAY)
    if left == 0:
        assert found == 0.0
    elif days <= 0:
        assert found is None
    else:
        weeks, pace = Fraction(days, 7), Fraction(round(found * 10), 10)
        assert pace * weeks >= left > (pace - Fraction(1, 10)) * weeks


@pytest.mark.parametrize("built, before, told", [(60, 40, 5.0), (1, 0, 0.3), (5, 5, 0.0), (3, 5, -0.5)])
def test_the_pace_is_sites_a_week(built, before, told):
    assert forecast.pace_a_week(built, before) == told
