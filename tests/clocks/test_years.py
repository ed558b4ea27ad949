"""The shipped official years agree with two independent libraries, day by day."""
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from backend.clocks.actions.years import SHIPPED
from backend.clocks.rules import notices
from backend.core import strictjson

DAY = timedelta(days=1)
YEARS = range(2015, 2027)
NOTICES = {
    int(path.stem): notices.notice_of(strictjson.parse(path.read_bytes())) for path in SHIPPED.glob("*.json")
}
LAID = dict(notices.laid_out(NOTICES, date(2015, 1, 1), date(2026, 12, 31)))


def dates(year):
    return [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def test_every_year_from_2015_to_2026_is_shipped_and_cites_its_notice():
    assert sorted(NOTICES) == list(YEARS)
    for year, notice in NOTICES.items():
        assert notice.year == year
        assert all(paper.startswith("https://www.gov.cn/") for paper in notice.papers) and notice.papers


@pytest.mark.parametrize("year", YEARS)
def test_working_days_are_those_of_chinesecalendar(year):
    ours = [day for day in dates(year) if LAID[day].kind in ("work", "makeup")]
    assert ours == [day for day in dates(year) if chinese_calendar.is_workday(day)]
    makeup = [day for day in dates(year) if LAID[day].kind == "makeup"]
    assert makeup == sorted(day for day in chinese_calendar.constants.workdays if day.year == year)


@pytest.mark.parametrize("year", YEARS)
def test_working_days_are_those_of_the_holidays_package(year):
    theirs = holidays.China(years=[year])
    ours = [day for day in dates(year) if LAID[day].kind in ("work", "makeup")]
    assert ours == [day for day in dates(year) if theirs.is_working_day(day)]


KINDS = [
    ("2015-09-03", "holiday"), ("2015-09-04", "holiday"), ("2015-09-05", "holiday"), ("2015-09-06", "makeup"),
    ("2018-12-29", "makeup"), ("2018-12-31", "holiday"), ("2019-04-06", "rest"), ("2020-01-31", "holiday"),
    ("2020-02-02", "holiday"), ("2020-02-03", "work"), ("2022-12-31", "holiday"), ("2023-12-30", "rest"),
    ("2026-02-14", "makeup"), ("2026-02-15", "holiday"), ("2026-02-23", "holiday"), ("2026-02-28", "makeup"),
]


@pytest.mark.parametrize("day, kind", KINDS)
def test_days_off_named_in_a_notice_are_holidays_weekends_inside_included(day, kind):
    """Notices of the State Council; 2015: victory day; 2020: the prolonged Spring Festival."""
    assert LAID[date.fromisoformat(day)].kind == kind


def test_only_december_of_the_last_year_is_provisional():
    assert {day.isoformat()[:7] for day, one in LAID.items() if one.provisional} == {"2026-12"}
