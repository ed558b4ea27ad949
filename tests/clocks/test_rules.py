"""When clocks are due and give their cards; what a notice may say."""
from datetime import date, datetime

import pytest

from backend.clocks import rules
from backend.clocks.rules import ladder, notices, wording
from backend.clocks.rules.stops import stops_of
from backend.core import clock, workdays
from backend.core.calendar import Calendar
from backend.core.problems import Invalid
from backend.core.workdays import CountedDay
from tests.core.test_workdays import CALENDAR, NOTICES


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def on(text):
    return date.fromisoformat(f"2026-{text}")


def told(moment):
    return moment and clock.wire(moment)[5:16].replace("T", " ")


DUE = [
    ("promise", 5, "02-12 10:00", "02-26 17:30"),
    ("promise", 5, "02-12 23:59", "02-26 17:30"),
    ("instant", 0, "03-02 10:00", "03-02 17:30"),
    ("instant", 0, "03-02 17:30", "03-02 17:30"),
    ("instant", 0, "03-02 17:31", "03-03 17:30"),
    ("instant", 0, "03-07 09:00", "03-09 17:30"),
    ("instant", 0, "02-14 18:00", "02-24 17:30"),
    ("report", 20, "03-02 10:00", "03-05 17:30"),
]


@pytest.mark.parametrize("kind, days, accepted, due", DUE)
def test_due_moments(kind, days, accepted, due):
    """rules.md 1.2 and 1.3: instant items end the same day; report items are sent up within 3."""
    assert told(rules.due_at(rules.limit_of(at(accepted), rules.budget_of(kind, days), CALENDAR))) == due


LIGHTS = [
    ("03-12 17:29", "none"), ("03-12 17:30", "reminder"), ("03-13 17:30", "yellow"), ("03-16 17:30", "yellow"),
    ("03-16 17:31", "red"),
]


@pytest.mark.parametrize("moment, light", LIGHTS)
def test_the_light_is_red_only_after_the_due_moment(moment, light):
    limit = rules.limit_of(at("03-02 09:00"), 10, CALENDAR)
    found = ladder.moments(ladder.USUAL, limit)
    due = rules.Due(rules.due_at(limit), found["reminder"], found["yellow"], limit.provisional)
    assert rules.light(at(moment), due) == light


def test_on_the_due_day_one_remains_and_exactly_at_close_it_is_still_in_time():
    limit = rules.limit_of(at("03-02 09:00"), 10, CALENDAR)
    assert rules.usage(limit, at("03-16 17:30")) == (9, 1)
    assert rules.usage(limit, at("03-16 17:31")) == (10, -1)


MOMENTS = [
    ("03-02 07:00", "03-02 08:30"), ("03-02 12:30", "03-02 12:30"), ("03-02 17:30", "03-02 17:30"),
    ("03-02 17:31", "03-03 08:30"), ("02-14 18:00", "02-24 08:30"),
]


@pytest.mark.parametrize("moment, delivered", MOMENTS)
def test_what_comes_off_hours_waits_for_the_next_opening(moment, delivered):
    assert told(rules.office_moment(CALENDAR, at(moment))) == delivered


def test_every_reason_has_words_in_both_languages():
    day = CountedDay(on("02-17"), False, workdays.HOLIDAY, "春节")
    assert wording.told(day, english=False) == "节假日：春节"
    assert wording.told(day, english=True) == "public holiday: Spring Festival"
    assert wording.holiday_name("国庆节、中秋节", english=True) == "National Day and Mid-Autumn Festival"
    names = {one.name for notice in NOTICES.values() for one in notice.days.values()}
    assert all(part in wording.HOLIDAYS for name in names for part in name.split("、"))


SPANS = [
    ([("03-10", "03-05")], [], "suspended"), ([], [("03-10", "03-05")], "interrupted"),
    ([("03-01", "03-05")], [], "suspended"), ([], [("03-05", "2029-01-01")], "interrupted"),
    ([("03-05", "03-10"), ("03-09", "03-12")], [], "suspended"),
    ([("03-05", "03-10")], [("03-09", "03-12")], "interrupted"),
]


@pytest.mark.parametrize("suspended, interrupted, field", SPANS)
def test_stops_that_cannot_be_name_their_field(suspended, interrupted, field):
    def spans(given):
        return [tuple(date.fromisoformat(day) if len(day) > 5 else on(day) for day in span) for span in given]

    with pytest.raises(Invalid) as refused:
        stops_of(on("03-02"), spans(suspended), spans(interrupted))
    assert list(refused.value.errors) == [field]


def document(*days, year=2027):
    return {"year": year, "papers": [], "days": [
        {"name": "元旦", "date": day, "isOffDay": off} for day, off in days
    ]}


OFF = ("2027-01-01", True)
BAD = [
    (document(OFF, OFF), "days.1", "2027-01-01"),
    (document(OFF, ("2026-11-30", True)), "days.1", "2026-11-30"),
    (document(OFF, ("2028-01-01", True)), "days.1", "2028-01-01"),
    (document(OFF, ("2027-01-04", False)), "days.1", "2027-01-04"),
    (document(OFF, ("2027-02-30", True)), "days.1", "date"),
    (document(OFF, ("20270102", True)), "days.1", "date"),
    (document(), "days", "2027"),
    (document(("2027-01-02", False)), "days", "2027"),
    (document(OFF, year=27), "year", ""),
    (document(OFF, year=True), "year", ""),
    (document(OFF) | {"papers": [1]}, "papers", ""),
    (document(OFF) | {"days": {}}, "days", ""),
    (document(OFF) | {"extra": 1}, "extra", ""),
    ({"year": 2027, "days": [{"date": "2027-01-01"}]}, "days.0", "name"),
    ({"year": 2027, "days": [{"name": " ", "date": "2027-01-01", "isOffDay": True}]}, "days.0", "2027-01-01"),
    ({"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": 1}]}, "days.0", "2027-01-01"),
    ([], "_schema", ""),
]


@pytest.mark.parametrize("given, field, naming", BAD)
def test_a_notice_that_cannot_be_is_refused_naming_the_date(given, field, naming):
    with pytest.raises(Invalid) as refused:
        notices.notice_of(given)
    (text,) = refused.value.errors[field]
    assert naming in text.en and (naming in text.zh or naming == "2027")


def test_a_notice_may_name_the_december_before_and_carry_its_schema():
    given = document(OFF, ("2026-12-01", True), ("2026-12-26", False)) | {"$schema": "x", "$id": "y"}
    assert len(notices.notice_of(given).days) == 3


def test_the_later_notice_has_the_last_word_on_december():
    named = (("2026-12-31", True), ("2026-12-26", False), ("2026-01-01", True))
    own = notices.notice_of(document(*named, year=2026))
    later = notices.notice_of(document(OFF, ("2026-12-26", True)))
    laid = dict(notices.laid_out({2026: own, 2027: later}, on("12-01"), date(2027, 1, 2)))
    assert laid[on("12-26")].kind == "holiday" and laid[on("12-31")].kind == "holiday"
    assert not any(one.provisional for one in laid.values())
    alone = dict(notices.laid_out({2027: later}, on("12-01"), date(2027, 1, 1)))
    assert sorted(alone) == [on("12-26"), date(2027, 1, 1)]


def test_a_calendar_of_nothing_is_monday_to_friday():
    assert rules.limit_of(at("03-02 09:00"), 5, Calendar({})).provisional
