"""The rules of ratings, rectifications and complaints, without a database."""
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clocks.rules import close_of
from backend.core.calendar import HOLIDAY, MAKEUP, Calendar
from backend.core.moves import possible
from backend.voice.rules import complaints, contacts, dues, ratings, rectifications, routing
from tests import cast
from tests.conftest import START

MAY = {date(2026, 5, day): HOLIDAY for day in range(1, 6)} | {date(2026, 5, 9): MAKEUP, date(2026, 6, 19): HOLIDAY}
CALENDAR = Calendar(MAY, {}, [])


def at(text):
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.mark.parametrize(("given_at", "closed", "first", "last"), [
    ("2026-06-01 09:00", (), "2026-06-02", "2026-06-23"),
    ("2026-06-01 23:59", (), "2026-06-02", "2026-06-23"),
    ("2026-06-06 10:00", (), "2026-06-08", "2026-06-29"),
    ("2026-06-01 09:00", (date(2026, 6, 2),), "2026-06-03", "2026-06-24"),
])
def test_a_low_rating_is_called_back_in_one_working_day_and_put_right_in_fifteen(given_at, closed, first, last):
    """Rules 10.3; 19 June 2026 is a holiday."""
    found = dues.rectification(at(given_at), CALENDAR, closed)
    assert (found.first_at, found.last_at) == (at(f"{first} 17:30"), at(f"{last} 17:30"))


@pytest.mark.parametrize(("given_at", "closed", "first", "last"), [
    ("2026-04-30 16:00", (), "2026-05-08", "2026-06-01"),
    ("2026-04-30 16:00", (date(2026, 5, 8),), "2026-05-09", "2026-06-01"),
    ("2026-05-05 16:00", (), "2026-05-08", "2026-06-04"),
    ("2026-06-01 08:00", (), "2026-06-04", "2026-07-01"),
])
def test_a_complaint_is_answered_in_three_working_days_and_done_in_thirty_days(given_at, closed, first, last):
    """Rules 10.2; 30 May 2026 is a Saturday, so that the thirtieth day moves to Monday 1 June (Civil Code art. 203)."""
    found = dues.complaint(at(given_at), CALENDAR, closed)
    assert (found.first_at, found.last_at) == (at(f"{first} 17:30"), at(f"{last} 17:30"))


def person(role, unit_code):
    return {"role": role, "unit_code": unit_code}


@pytest.mark.parametrize(("unit", "about", "agent", "handler"), [
    (cast.VILLAGE, None, None, cast.TOWNSHIP),
    (cast.VILLAGE, person("agent", cast.VILLAGE), None, cast.TOWNSHIP),
    (cast.VILLAGE, person("agent", cast.NEIGHBOUR), None, cast.TOWNSHIP),
    (cast.VILLAGE, person("agent", cast.FAR_VILLAGE), None, cast.DISTRICT),
    (cast.VILLAGE, None, person("township", cast.TOWNSHIP), cast.DISTRICT),
    (cast.VILLAGE, person("operator", cast.TOWNSHIP), None, cast.DISTRICT),
    (cast.VILLAGE, person("handler", cast.DISTRICT), None, cast.DISTRICT),
    (cast.TOWNSHIP, None, None, cast.DISTRICT),
    (cast.DISTRICT, person("supervisor", cast.DISTRICT), None, cast.DISTRICT),
])
def test_a_complaint_never_goes_to_the_house_of_whom_it_is_about(unit, about, agent, handler):
    assert routing.handler_of(unit, about, agent) == handler
    assert routing.handler_of(unit, about, agent, standing=False) == cast.DISTRICT


@pytest.mark.parametrize(("role", "handler", "about_role", "may"), [
    ("township", cast.TOWNSHIP, "agent", True), ("township", cast.DISTRICT, "agent", False),
    ("supervisor", cast.TOWNSHIP, None, True), ("admin", cast.DISTRICT, "supervisor", True),
    ("admin", cast.DISTRICT, "agent", False), ("agent", cast.TOWNSHIP, None, False),
])
def test_who_may_handle_a_complaint(role, handler, about_role, may):
    assert routing.may_handle(role, handler, about_role) is may


@given(st.lists(st.integers(1, 5), max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_any_two_answers_to_the_rated_differ_by_five_ratings_or_none(levels, one, other):
    """What he sees are sums of whole bundles: no difference of two answers, at any two times, is about fewer."""
    def told(count):
        given_so_far = levels[:count]
        whole = [at for at in range(1, len(given_so_far) + 1) if ratings.bundle_of(at) < len(given_so_far) // 5]
        return len(whole)

    assert abs(told(one) - told(other)) % 5 == 0


@pytest.mark.parametrize(("counts", "average"), [
    ({5: 5}, 5.0), ({1: 5}, 1.0), ({5: 2, 4: 3, 1: 1}, 3.83), ({5: 1, 4: 4}, 4.2), ({3: 4, 4: 2}, 3.33),
])
def test_figures_are_told_from_five_answers_on(counts, average):
    assert ratings.told(counts)["average"] == average
    assert ratings.told({5: 4}) == {"count": None, "average": None, "by_level": None}


def test_what_is_due_next_orders_the_lists():
    first, last = START, START + timedelta(days=9)
    moment = rectifications.next_moment
    assert moment("open", first, last, called=False, ended_at=None) == first
    assert moment("planned", first, last, called=True, ended_at=None) == last
    assert moment("closed", first, last, called=True, ended_at=first) == first
    order = complaints.order_of
    assert order("received", first, last, None) == first
    assert order("accepted", first, last, None) == last
    assert order("closed", first, last, START) == START


@pytest.mark.parametrize(("said", "meant"), [
    (None, None), ("138 0576 1234", {"phone": "13805761234"}), (" 微信 ", {"text": "微信"}), ({}, None),
    ({"name": " 王 桂香"}, {"name": "王 桂香"}), ({"phone": "0576-84110001"}, {"phone": "057684110001"}),
])
def test_a_contact_is_a_telephone_or_words_or_nothing(said, meant):
    assert contacts.normal(said) == meant


def test_every_state_but_the_last_ones_leads_on():
    assert {s for s in complaints.STATES if not possible(complaints.MOVES, s)} == set()
    assert {s for s in rectifications.STATES if not possible(rectifications.MOVES, s)} == {"closed", "dropped"}
    assert not rectifications.has_called(None, 2) and rectifications.has_called(None, 3)
    assert close_of(date(2026, 6, 23)) == at("2026-06-23 17:30")
