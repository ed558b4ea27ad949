"""When a week's report is due, reminded of and over (rules 7.1, 7.4), by the official calendar."""
from datetime import datetime

import pytest

from backend.core import clock
from backend.reports.rules import weeks
from tests.core.test_workdays import CALENDAR


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize(("week", "due"), (
    ("2026-W03", "2026-01-16 17:30"),  # an ordinary week
    ("2026-W07", "2026-02-14 17:30"),  # Saturday 14 February is a make-up day
    ("2026-W08", None),  # 16–22 February: the Spring Festival, nothing is owed
    ("2026-W09", "2026-02-28 17:30"),  # begins with a holiday, ends with a make-up Saturday
    ("2026-W38", "2026-09-20 17:30"),  # a make-up Sunday
    ("2026-W39", "2026-09-24 17:30"),  # Friday 25 September is Mid-Autumn: the example
    ("2026-W40", "2026-09-30 17:30"),  # the National Day begins on Thursday
    ("2026-W41", "2026-10-10 17:30"),  # Thursday and Friday, and a make-up Saturday
    ("2026-W53", "2027-01-01 17:30"),  # until the next year is announced: provisional
))
def test_a_report_is_due_at_the_close_of_the_weeks_last_working_day(week, due):
    found = weeks.due_of(week, CALENDAR)
    assert found.at == (due and at(due))
    assert found.standing_on == (at(due).date() if due else at("2026-02-22").date())


def test_exactly_at_the_due_moment_nothing_is_due_yet():
    assert not weeks.is_due("2026-W39", CALENDAR, at("2026-09-24 17:30"))
    assert weeks.is_due("2026-W39", CALENDAR, at("2026-09-24 17:30:01"))


@pytest.mark.parametrize(("now", "latest"), (
    ("2026-09-24 17:30", "2026-W38"), ("2026-09-24 17:31", "2026-W39"), ("2026-02-22 23:59", "2026-W07"),
    ("2026-02-23 00:00", "2026-W08"), ("2026-02-28 17:31", "2026-W09"),
))
def test_the_last_week_that_is_due(now, latest):
    assert weeks.latest_due(CALENDAR, at(now)) == latest


@pytest.mark.parametrize(("now", "kind", "since"), (
    ("2026-09-23 08:29", None, None), ("2026-09-23 08:30", "day_before", "2026-09-23 08:30"),
    ("2026-09-24 11:59", "day_before", "2026-09-23 08:30"), ("2026-09-24 12:00", "noon", "2026-09-24 12:00"),
    ("2026-09-24 17:30", "noon", "2026-09-24 12:00"), ("2026-09-24 17:31", None, None),
    ("2026-02-18 12:00", None, None),
))
def test_a_reminder_a_working_day_before_and_at_noon(now, kind, since):
    week = weeks.week_of(at(now).date())
    assert weeks.reminder(week, CALENDAR, at(now)) == (kind and (kind, at(since)))


def test_the_day_before_is_not_told_in_another_week():
    """A week whose only working day is its Monday is reminded of at noon only."""
    assert weeks.due_of("2026-W53", CALENDAR).provisional and not weeks.due_of("2026-W39", CALENDAR).provisional
    only = CALENDAR.__class__({at(f"2026-03-{day:02d}").date(): "holiday" for day in range(3, 9)})
    assert weeks.due_of("2026-W10", only).on.isoformat() == "2026-03-02"
    assert weeks.reminder("2026-W10", only, at("2026-03-02 09:00")) is None
    assert weeks.reminder("2026-W10", only, at("2026-03-02 12:30"))[0] == "noon"


@pytest.mark.parametrize("text", ("2026-W00", "2026-W54", "2025-W53", "2026-9", "1850-W01", "2026-W1٣", ""))
def test_what_is_no_week(text):
    assert weeks.monday_of(text) is None


def test_weeks_run_over_the_new_year():
    assert weeks.following("2026-W53") == "2027-W01" and weeks.preceding("2026-W01") == "2025-W52"
    assert list(weeks.between("2026-W52", "2027-W01")) == ["2026-W53", "2027-W01"]
