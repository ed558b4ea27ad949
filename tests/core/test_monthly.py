"""Months by their names."""
from datetime import date

import pytest

from backend.core import clock, monthly


def test_months_follow_one_another_over_the_new_year():
    assert list(monthly.between("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(monthly.between("2025-12", "2026-02")) == ["2025-12", "2026-01", "2026-02"]
    assert list(monthly.between("2026-03", "2026-02")) == []
    assert monthly.preceding("2026-01") == "2025-12" and monthly.of(date(2026, 1, 31)) == "2026-01"
    assert monthly.span("2026-02") == (clock.at_local(date(2026, 2, 1), 0), clock.at_local(date(2026, 3, 1), 0))


def test_every_month_is_followed_by_the_one_it_precedes():
    for month in monthly.between("1999-12", "2025-01"):
        assert monthly.preceding(monthly.following(month)) == month < monthly.following(month)


@pytest.mark.parametrize("text", ("2026-13", "2026-00", "2026-2", "x", "2026-02-01", "２０２６-02", "1899-12"))
def test_what_is_no_month_has_no_first_day(text):
    with pytest.raises(ValueError, match="no month"):
        monthly.first_on(text)
