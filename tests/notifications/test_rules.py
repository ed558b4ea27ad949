"""When a notice is tried again, when the night keeps it, and what may become of it."""
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import clock
from backend.core.actor import ADMIN, ROLES, SYSTEM
from backend.core.moves import move, possible
from backend.core.problems import IllegalMove
from backend.notifications import rules
from backend.notifications.rules import templates


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


NOON = at("2026-02-12 12:00")


@pytest.mark.parametrize(("failures", "seconds"), [
    (1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1800), (8, 1800), (9, 1800), (60, 1800),
])
def test_pauses_double_up_to_half_an_hour(failures, seconds):
    pause = rules.retry_at(failures, NOON, 0.0, sleeps=False) - NOON
    assert pause == timedelta(seconds=seconds)
    assert rules.retry_at(failures, NOON, -1.0, sleeps=False) - NOON == pause * 0.8
    assert rules.retry_at(failures, NOON, 1.0, sleeps=False) - NOON == min(pause * 1.2, timedelta(minutes=30))


@pytest.mark.parametrize(("moment", "sent"), [
    ("2026-02-12 21:59:59", "2026-02-12 21:59:59"), ("2026-02-12 22:00:00", "2026-02-13 07:00:00"),
    ("2026-02-12 23:59:59", "2026-02-13 07:00:00"), ("2026-02-13 00:00:00", "2026-02-13 07:00:00"),
    ("2026-02-13 06:59:59", "2026-02-13 07:00:00"), ("2026-02-13 07:00:00", "2026-02-13 07:00:00"),
    ("2026-12-31 22:30:00", "2027-01-01 07:00:00"),
])
def test_the_night_lasts_from_ten_to_seven(moment, sent):
    assert rules.awake(at(moment)) == at(sent)
    assert rules.is_quiet(at(moment)) == (moment != sent)
    assert rules.first_moment(at(moment), None, sleeps=True) == at(sent)
    assert rules.first_moment(at(moment), None, sleeps=False) == at(moment)


def test_a_retry_never_falls_into_the_night():
    late = at("2026-02-12 21:59:45")
    assert rules.retry_at(1, late, 0.0, sleeps=True) == at("2026-02-13 07:00")
    assert rules.retry_at(1, late, 0.0, sleeps=False) == late + timedelta(seconds=30)


def test_a_notice_waits_for_the_moment_it_was_posted_for():
    opening = at("2026-02-13 08:30")
    assert rules.first_moment(NOON, opening, sleeps=False) == opening
    assert rules.first_moment(NOON, at("2026-02-12 23:00"), sleeps=True) == at("2026-02-13 07:00")


@pytest.mark.parametrize(("failures", "first", "now", "spent"), [
    (1, "2026-02-12 12:00", "2026-02-12 12:00", False), (9, "2026-02-12 12:00", "2026-02-12 15:59", False),
    (10, "2026-02-12 12:00", "2026-02-12 12:01", True), (2, "2026-02-12 12:00", "2026-02-12 16:00", True),
    (2, "2026-02-12 21:50", "2026-02-13 07:10", False), (2, "2026-02-12 21:50", "2026-02-13 10:50", True),
    (1, "2026-02-12 12:00", "2026-04-12 12:00", True),
])
def test_ten_tries_or_four_waking_hours_are_enough(failures, first, now, spent):
    assert rules.is_spent(failures, at(first), at(now), sleeps=True) == spent


def test_without_the_night_four_hours_are_four_hours():
    assert rules.is_spent(2, at("2026-02-12 21:50"), at("2026-02-13 01:50"), sleeps=False)


@given(st.integers(0, 3 * 24 * 60), st.integers(0, 3 * 24 * 60))
def test_waking_time_counts_the_minutes_outside_the_night(begin, length):
    start = at("2026-02-12 00:00") + timedelta(minutes=begin)
    counted = sum(not rules.is_quiet(start + timedelta(minutes=n)) for n in range(length))
    assert rules.waking(start, start + timedelta(minutes=length)) == timedelta(minutes=counted)


def test_news_is_worthless_from_its_last_moment_on():
    assert not rules.is_expired(None, NOON)
    assert not rules.is_expired(NOON + timedelta(microseconds=1), NOON)
    assert rules.is_expired(NOON, NOON)


@pytest.mark.parametrize(("seconds", "timely"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_receipt_is_signed_about_now(seconds, timely):
    assert rules.is_timely(NOON - timedelta(seconds=seconds), NOON) == timely


VERBS = sorted({verb for _, verb in rules.MOVES})


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", rules.STATES)
def test_a_notice_moves_only_as_the_table_says(state, verb):
    if (state, verb) in rules.MOVES:
        found = rules.MOVES[state, verb]
        assert move(rules.MOVES, state, verb) == found.state
        assert found.roles == ({ADMIN} if verb == "replay" else {SYSTEM})
        return
    with pytest.raises(IllegalMove):
        move(rules.MOVES, state, verb, rules.STATE_NAMES)


def test_what_is_over_stays_over():
    for state in (rules.DELIVERED, rules.FAILED, rules.EXPIRED):
        assert possible(rules.MOVES, state) == []
    for role in ROLES:
        assert possible(rules.MOVES, rules.UNKNOWN, role) == []
    assert possible(rules.MOVES, rules.DEAD, ADMIN) == ["replay"]


def test_templates_say_the_same_in_both_languages():
    for template in templates.TEMPLATES.values():
        named = {name: f"<{name}>" for name in template.fields}
        for english in (False, True):
            told = templates.text(template, named, english=english)
            assert all(word in told for word in named.values()), template.code
            assert "{" not in told
        assert len(template.code) <= 48 and len(template.reason) <= 48
        assert template.audience in rules.AUDIENCES


def test_values_become_words_of_bearable_length():
    due = at("2026-02-26 17:30").astimezone(clock.UTC)
    found = templates.given(templates.one("errand_supplement"), {
        "number": 7, "item": "长" * 300, "missing": ["户口簿", "身份证"], "due": due, "day": due.date(), "note": None,
        "contact": "李四",
    })
    assert found["missing"] == "户口簿、身份证"
    assert (found["due"], found["day"]) == ("2026-02-26 17:30", "2026-02-26")
    assert len(found["item"]) == templates.LONGEST_VALUE and found["item"].endswith("…")
    assert "note" not in found
    assert all(len(value) <= 35 for _, value in templates.for_provider(templates.one("errand_supplement"), found))


def test_dates_are_said_as_people_say_them_in_chinese_only():
    values = {"rung": "黄牌", "number": "7", "item": "低保 2026-02-26", "due": "2026-02-06 17:30"}
    told = templates.text(templates.one("card"), values)
    assert told == "黄牌：代办件7（低保 2026-02-26）应于2月6日17:30前办结，请及时处理。"
    assert "by 2026-02-06 17:30" in templates.text(templates.one("card"), values, english=True)
    assert templates.for_provider(templates.one("card"), values)[-1] == ("due", "2月6日17:30")


def test_a_notice_to_a_resident_is_short_and_says_which_matter_and_whom_to_ask():
    values = {
        "number": "001001-260212-0001-3", "item": "临时救助", "due": "2026-02-26",
        "contact": "李梅（电话0576-84110001）",
        "office": "东城街道（电话0576-84110000）", "reason": "收入超过标准", "result": "批准临时救助2000元",
        "missing": "户口簿、身份证", "where": "临海市民政局", "phone": "0576-85111111",
    }
    for code in templates.for_residents():
        if not code.startswith("errand_"):
            continue
        told = templates.text(templates.one(code), values)
        assert told.startswith("您好，您托办的“临时救助”") and values["number"] in told, told
        assert values["contact"] in told or values["office"] in told, told
        assert len(told) <= 125, told


def test_a_notice_of_an_appointment_is_short_and_names_the_surname_the_service_and_whom_to_ask():
    values = {
        "number": "001000-261012-0001-3", "surname": "欧阳", "service": "综合受理", "at": "2026-10-12 09:00",
        "unit": "东城街道便民服务中心", "contact": "东城街道便民服务中心（电话0576-84110001）",
        "until": "2026-10-11 10:30",
        "reason": "当天停电，全天不能办理", "times": "3",
    }
    for code in templates.for_residents():
        if not code.startswith(("appointment_", "booking_")):
            continue
        told = templates.text(templates.one(code), values)
        assert told.startswith("欧阳先生/女士您好，") and values["contact"] in told, told
        assert code == "booking_blocked" or "“综合受理”" in told and "10月12日09:00" in told, told
        assert len(told) <= 125, told


def test_a_missing_value_or_template_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="lacks item, due, contact"):
        templates.given(templates.one("errand_accepted"), {"number": "1"})
    with pytest.raises(ValueError, match="no template"):
        templates.one("nonsense")
