"""The rules of home visits: who is eligible, what follows what, whose time is taken (rules 6)."""
from datetime import date, datetime, timedelta

import pytest

from backend.core import clock, daytime, moves
from backend.core.actor import ROLES, TOWNSHIP
from backend.core.problems import IllegalMove, Invalid
from backend.notifications.rules import templates
from backend.visits import rules
from backend.visits.rules import distances, eligibility, late, settings, signing, ticks
from tests import cast

VERBS = ("schedule", "depart", "arrive", "complete", "fail", "cancel", "register", "sign_off")
WAYS = {
    "requested": {"schedule": "scheduled", "cancel": "cancelled"},
    "scheduled": {"schedule": "scheduled", "depart": "en_route", "fail": "failed", "cancel": "cancelled"},
    "en_route": {"arrive": "arrived", "fail": "failed", "cancel": "cancelled"},
    "arrived": {"complete": "done", "fail": "failed", "register": "arrived"},
    "done": {"register": "done", "sign_off": "done"}, "failed": {}, "cancelled": {},
}
DAY = date(2026, 10, 12)


@pytest.mark.parametrize("state", rules.STATES)
def test_each_verb_leads_where_the_rule_says_and_for_these_roles(state):
    for verb in VERBS:
        if verb in WAYS[state]:
            assert moves.move(rules.MOVES, state, verb, rules.STATE_NAMES) == WAYS[state][verb]
        else:
            with pytest.raises(IllegalMove):
                moves.move(rules.MOVES, state, verb, rules.STATE_NAMES)
        for role in ROLES:
            said = verb in moves.possible(rules.MOVES, state, role)
            assert said == (verb in WAYS[state] and role in ("agent", "operator", "township"))


def test_a_visit_is_its_agents_or_the_townships():
    rules.may_move("agent", "a", "a")
    rules.may_move(TOWNSHIP, "t", "a")
    for role in ("agent", "operator"):
        with pytest.raises(rules.NotYourVisit):
            rules.may_move(role, "b", "a")
        rules.may_move(role, "b", None)


@pytest.mark.parametrize(("role", "own", "unit", "fits"), [
    ("agent", cast.VILLAGE, cast.VILLAGE, True), ("agent", cast.NEIGHBOUR, cast.VILLAGE, False),
    ("operator", cast.TOWNSHIP, cast.VILLAGE, True), ("agent", cast.VILLAGE, cast.TOWNSHIP, True),
    ("operator", cast.FAR_TOWNSHIP, cast.VILLAGE, False), ("handler", cast.VILLAGE, cast.VILLAGE, False),
    ("agent", cast.DISTRICT, cast.VILLAGE, False), ("agent", None, cast.VILLAGE, False),
])
def test_who_is_sent_is_of_the_unit_or_its_township(role, own, unit, fits):
    assert rules.may_visit(role, own, unit, unit[:9] + "000") == fits


@pytest.mark.parametrize(("born", "day", "years"), [
    ("19561012", DAY, 70), ("19561013", DAY, 69), ("19560229", date(2026, 2, 28), 69),
    ("19560229", date(2026, 3, 1), 70),
])
def test_age_is_counted_in_full_years_with_the_birthday(born, day, years):
    assert eligibility.age_on(cast.id_number(1, born), day) == years


def check(reason, **more):
    given = {"id_number": cast.id_number(1, "19900101"), "day": DAY, "unit_rule": None, "word": None} | more
    eligibility.check(reason, **given)


def test_reasons_carry_or_do_not():
    check("age", id_number=cast.id_number(1, "19561012"))
    check("disability")
    check("illness", id_number=None)
    check("unit_rule", unit_rule="独居老人")
    check("supervisor", word={"account_id": "s", "text": "请上门"})
    check("supervisor")
    for reason, more in (("age", {}), ("age", {"id_number": None}), ("unit_rule", {})):
        with pytest.raises(rules.NotEligible):
            check(reason, **more)
    with pytest.raises(Invalid):
        check("age", word={"account_id": "s", "text": "请"})


def test_the_nearest_unit_that_has_a_rule_counts():
    units = [{"unit_code": cast.VILLAGE, "who": "独居"}, {"unit_code": cast.DISTRICT, "who": "残疾"}]
    assert eligibility.rule_of(cast.VILLAGE, units) == "独居"
    assert eligibility.rule_of(cast.NEIGHBOUR, units) == "残疾"
    assert eligibility.rule_of("330102001001", units) is None


def at(text):
    return datetime.fromisoformat(f"2026-10-12T{text}:00+08:00")


def test_ticks_cover_what_is_begun_and_touch_without_overlap():
    assert len(ticks.taken(at("09:00"), 100)) == 20
    assert ticks.taken(at("09:00"), 100).stop == ticks.taken(at("10:40"), 5).start
    assert len(ticks.taken(at("09:03"), 4)) == 2
    assert ticks.at(ticks.tick_of(at("09:04"))) == at("09:00")
    assert list(ticks.taken(at("09:00"), 0)) == []


def test_the_next_free_start_has_room_for_all_of_it():
    wanted, busy = ticks.taken(at("10:30"), 30), [*ticks.taken(at("09:00"), 100), *ticks.taken(at("11:00"), 30)]
    assert ticks.at(ticks.free_from(wanted, busy)) == at("11:30")
    assert ticks.at(ticks.free_from(ticks.taken(at("10:30"), 20), busy)) == at("10:40")
    assert ticks.free_from(wanted, range(wanted.start, wanted.start + 600)) is None


def test_a_late_entry_is_credible_and_in_order_or_refused():
    now = at("17:00")
    assert late.moment(None, now) == now
    assert late.moment(at("09:00"), now, at("08:50")) == at("09:00")
    assert late.moment(now + timedelta(hours=1), now) == late.moment(now - timedelta(days=200), now) == now
    assert late.is_late(at("16:29"), now) and not late.is_late(at("16:30"), now)
    with pytest.raises(Invalid):
        late.moment(at("08:00"), now, at("08:50"))


GOOD = {"method": "photo", "file_id": "f", "id_shown": True, "no_cash": True}


def test_a_sign_off_says_that_identity_was_shown_and_no_cash_taken():
    signing.check(GOOD, very_old=False)
    signing.check(GOOD | {"witness": "邻居"}, very_old=True)
    signing.check(GOOD | {"companion_id": "c"}, very_old=True)
    for wrong, old in (({"id_shown": False}, False), ({"no_cash": False}, False), ({}, True)):
        with pytest.raises(Invalid):
            signing.check(GOOD | wrong, very_old=old)


@pytest.mark.parametrize("value", [
    None, [], {}, {"speed": 3}, {"speed_kmh": 2}, {"speed_kmh": 20.5}, {"buffer_minutes": True}, {"units": {}},
    {"units": [{"unit_code": "1", "who": "甲"}]}, {"units": [{"unit_code": cast.VILLAGE}]}, {"units": [7]},
    {"units": [{"unit_code": cast.VILLAGE, "who": " "}]}, {"units": [{"unit_code": 7, "who": "甲"}]},
])
def test_a_setting_of_another_shape_is_refused(value):
    with pytest.raises(Invalid):
        settings.check(value)


def test_the_default_setting_is_a_right_one_and_others_complete_it():
    settings.check(settings.DEFAULT)
    assert settings.decided_of({"buffer_minutes": 10}).usual_minutes == 60


def test_ways_are_as_long_as_the_earth_is_round():
    one, other = (28.65, 121.26), (28.75, 121.26)
    assert distances.straight_km(one, other) == pytest.approx(11.12, abs=0.01)
    assert distances.minutes_between(one, other, speed_kmh=25, road_percent=140) == 38
    assert distances.minutes_between(one, one, speed_kmh=25, road_percent=140) == 0


def test_a_notice_of_a_visit_is_short_and_says_when_and_whom_to_ask():
    values = {
        "number": "001001-261009-0001-3", "at": "2026-10-12 09:00", "contact": "李梅（电话0576-84110001）",
        "reason": "家中无人", "by": "王主任",
    }
    codes = [code for code in templates.TEMPLATES if code.startswith("visit_")]
    assert len(codes) == 9
    for code in codes:
        told = templates.text(templates.one(code), values)
        assert "10月12日09:00" in told and values["number"] in told and len(told) <= 125, told
        assert values["contact"] in told or values["by"] in told or code == "visit_agent_away", told
        assert templates.one(code).must_arrive == (code in templates.for_residents())


def test_times_of_the_day_are_written_and_read_alike():
    for text in ("00:00", "09:05", "23:59"):
        assert daytime.told(daytime.minute_of(text)) == text
    assert daytime.moment(DAY, 545) == at("09:05") and daytime.minute_at(at("09:05")) == 545
    assert clock.local_date(daytime.moment(DAY, 0)) == DAY
