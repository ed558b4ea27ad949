"""Cards: each rung of each clock once, at its effective time, delivered in office hours, to a post (rules 4)."""
from datetime import datetime

import orjson
import pytest

from backend.clocks.queries import running
from backend.core import clock, ledger, sql
from backend.people.queries import posts
from tests import cast
from tests.clocks.watched import account, act, begin, cards, extend, rungs, tick
from tests.statements import count_statements

ALL = ["reminder", "yellow", "red", "district", "legal"]


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def told(moment):
    return clock.wire(moment)[5:16].replace("T", " ")


def vacate(*places):
    for code, post in places:
        sql.run("UPDATE post SET account_id = NULL WHERE code = ? AND post = ?", (code, post))


def close(day, unit_code):
    """An office day is lost; the job that moves the clocks has not come by yet."""
    sql.run("INSERT INTO closure (id, day_on, unit_code, reason, made_at, version) VALUES ('1', ?, ?, '', 0, 1)",
            (day, unit_code))
    sql.run("UPDATE calendar_stamp SET version = version + 1")


@pytest.fixture
def case(district):
    """Ten working days from Monday 2 March, legally twelve, answered for by the village's agent."""
    return begin("case", at("03-02 10:00"), legal_days=12, account_id=account(cast.AGENT))


def test_the_worked_case_gives_each_card_once_on_its_day(case):
    for day in ("03-12", "03-13", "03-16", "03-18"):
        assert tick(at(f"{day} 17:29")) == 0
        assert tick(at(f"{day} 17:31")) == 1
        assert tick(at(f"{day} 17:32")) == 0
    assert [(card["rung"], told(card["effective_at"]), told(card["detected_at"]), told(card["delivered_at"]))
            for card in cards()] == [
        ("reminder", "03-12 17:30", "03-12 17:31", "03-13 08:30"),
        ("yellow", "03-13 17:30", "03-13 17:31", "03-16 08:30"),
        ("red", "03-16 17:30", "03-16 17:31", "03-17 08:30"),
        ("district", "03-18 17:30", "03-18 17:31", "03-19 08:30"),
        ("legal", "03-18 17:30", "03-18 17:31", "03-19 08:30"),
    ]
    assert running.of("errand", "case")[0]["next_at"] == clock.NEVER


def test_each_goes_to_whom_the_ladder_names(case):
    tick(at("03-20 09:00"))
    found = [(card["post_code"], card["post"], card["account_id"]) for card in cards()]
    assert found == [
        (cast.VILLAGE, "agent", account(cast.AGENT)), (cast.VILLAGE, "head", account(cast.AGENT)),
        (cast.TOWNSHIP, "duty", account(cast.OFFICE_OF_TOWNSHIP)), (cast.DISTRICT, "duty", account("office")),
        (cast.DISTRICT, "supervisor", account("supervisor")),
    ]


def test_a_yellow_card_goes_to_the_head_and_to_the_agent(district):
    begin("case", at("03-02 10:00"), unit_code=cast.TOWNSHIP, account_id=account(cast.OPERATOR))
    tick(at("03-13 17:31"))
    yellow = cards()[1]
    assert (yellow["post"], yellow["account_id"]) == ("head", account(cast.OFFICE_OF_TOWNSHIP))
    assert orjson.loads(yellow["also_to"]) == [
        {"code": cast.TOWNSHIP, "post": "agent", "account_id": account(cast.OPERATOR)}
    ]


@pytest.mark.parametrize("detected, delivered", [
    ("03-13 07:00", "03-13 08:30"), ("03-13 12:30", "03-13 12:30"), ("03-13 17:30", "03-13 17:30"),
    ("03-13 23:00", "03-16 08:30"), ("03-14 10:00", "03-16 08:30"),
])
def test_cards_sleep_at_night_and_on_days_off(case, detected, delivered):
    tick(at(detected))
    assert {told(card["delivered_at"]) for card in cards()} == {delivered}


def test_what_falls_on_the_eve_of_a_holiday_is_delivered_after_it(district):
    """Saturday 14 February 2026 is a make-up day; the Spring Festival lasts from the 15th to the 23rd."""
    begin("case", at("02-10 10:00"), days=4)
    tick(at("02-16 12:00"))
    assert [(card["rung"], told(card["effective_at"]), told(card["delivered_at"])) for card in cards()] == [
        ("reminder", "02-12 17:30", "02-24 08:30"), ("yellow", "02-13 17:30", "02-24 08:30"),
        ("red", "02-14 17:30", "02-24 08:30"),
    ]


def test_the_unit_closed_that_day_gets_its_card_on_the_next(case):
    close("2026-03-13", cast.TOWNSHIP)
    tick(at("03-13 10:00"))
    (card,) = cards()
    assert (told(card["effective_at"]), told(card["delivered_at"])) == ("03-12 17:30", "03-16 08:30")


def test_a_date_that_is_about_to_move_gives_no_wrong_card(case):
    close("2026-03-12", cast.DISTRICT)
    tick(at("03-13 10:00"))
    assert rungs() == []
    tick(at("03-13 17:31"))
    assert [(card["rung"], told(card["effective_at"])) for card in cards()] == [("reminder", "03-13 17:30")]


VACANT = [
    ((), (cast.TOWNSHIP, "duty", cast.OFFICE_OF_TOWNSHIP)),
    (((cast.TOWNSHIP, "duty"),), (cast.TOWNSHIP, "head", cast.OFFICE_OF_TOWNSHIP)),
    (((cast.TOWNSHIP, "duty"), (cast.TOWNSHIP, "head")), (cast.DISTRICT, "duty", "office")),
    (((cast.TOWNSHIP, "duty"), (cast.TOWNSHIP, "head"), (cast.DISTRICT, "duty")),
     (cast.DISTRICT, "head", "supervisor")),
    (((cast.TOWNSHIP, "duty"), (cast.TOWNSHIP, "head"), (cast.DISTRICT, "duty"), (cast.DISTRICT, "head")),
     (cast.DISTRICT, "duty", None)),
]


@pytest.mark.parametrize("empty, expected", VACANT)
def test_a_red_card_climbs_past_vacant_posts(case, empty, expected):
    vacate(*empty)
    tick(at("03-16 17:31"))
    red = cards()[2]
    assert (red["post_code"], red["post"]) == expected[:2]
    assert red["account_id"] == (expected[2] and account(expected[2]))


def test_the_reminder_of_a_disabled_agent_goes_to_the_duty_post(case):
    sql.run("UPDATE account SET disabled_at = 1 WHERE username = ?", (cast.AGENT,))
    tick(at("03-13 10:00"))
    assert (cards()[0]["post_code"], cards()[0]["post"]) == (cast.TOWNSHIP, "duty")


def test_without_a_supervisor_the_legal_rung_goes_to_the_head_of_the_district(case):
    sql.run("UPDATE account SET disabled_at = 1 WHERE role = 'supervisor'")
    tick(at("03-20 10:00"))
    assert (cards()[-1]["post_code"], cards()[-1]["post"]) == (cast.DISTRICT, "duty")


def test_the_step_of_a_department_is_its_own_matter_first(district):
    begin("case", at("03-02 10:00"), kind="step", department_code="MZ", part=1)
    tick(at("03-20 10:00"))
    assert [(card["rung"], card["post_code"], card["post"], card["department_code"]) for card in cards()] == [
        ("reminder", "MZ", "duty", "MZ"), ("yellow", cast.DISTRICT, "duty", "MZ"),
        ("red", cast.DISTRICT, "duty", "MZ"), ("district", cast.DISTRICT, "duty", "MZ"),
    ]
    assert posts.answering("MZ", "head", district=cast.DISTRICT)["code"] == cast.DISTRICT


def test_finished_exactly_in_time_never_turns_red(case):
    tick(at("03-16 12:00"))
    act("end", "case", at("03-16 17:30"))
    tick(at("03-30 09:00"))
    assert rungs() == ["reminder", "yellow"]


def test_finished_late_before_the_tick_came_has_its_red_card(case):
    act("end", "case", at("03-16 17:31"))
    tick(at("03-30 09:00"))
    assert rungs() == ["reminder", "yellow", "red"]
    assert {told(card["detected_at"]) for card in cards()} == {"03-16 17:31"}


def test_a_suspended_clock_gives_no_cards_but_those_true_before(case):
    """The 12th itself counts no longer: 1 April resumed, the 2nd is day 8, whose reminder was given."""
    act("suspend", "case", at("03-12 17:31"))
    tick(at("03-31 09:00"))
    assert rungs() == ["reminder"]
    act("resume", "case", at("04-01 09:00"), restart=False)
    tick(at("04-03 17:31"))
    assert [(card["rung"], told(card["effective_at"])) for card in cards()] == [
        ("reminder", "03-12 17:30"), ("yellow", "04-03 17:30"),
    ]


def test_after_an_interruption_no_rung_is_given_a_second_time(case):
    """Decision 0130: the errand's light shows the new warning; a card is once per clock."""
    tick(at("03-13 09:00"))
    act("suspend", "case", at("03-13 10:00"))
    act("resume", "case", at("03-16 10:00"), restart=True)
    tick(at("06-30 09:00"))
    assert rungs() == ALL and told(cards()[2]["effective_at"]) == "03-30 17:30"


def test_an_extension_keeps_what_was_true_before_it(case):
    extend("case", 10, at("03-16 10:00"))
    tick(at("03-30 17:30"))
    assert rungs() == ["reminder", "yellow"]
    tick(at("04-01 17:31"))
    assert [told(card["effective_at"]) for card in cards()[2:]] == ["03-30 17:30", "04-01 17:30", "04-01 17:30"]


def test_only_the_clocks_that_end_are_settled(case):
    begin("case", at("03-02 10:00"), days=3, kind="hand_in")
    act("end", "case", at("03-06 10:00"), kinds=("hand_in",))
    assert [(card["kind"], card["rung"]) for card in cards()] == [
        ("hand_in", "reminder"), ("hand_in", "yellow"), ("hand_in", "red"),
    ]


def test_an_act_before_anything_is_due_costs_no_statement_more(case):
    with count_statements() as seen:
        act("end", "case", at("03-06 10:00"))
    assert seen and not any("card" in text for text in seen)


def test_the_history_of_the_case_has_each_card(case):
    tick(at("03-13 10:00"))
    (entry,) = ledger.history("errand", "case")
    assert (entry["action"], entry["outcome"], told(entry["happened_at"])) == ("card.give", "reminder", "03-12 17:30")
    assert entry["detail"] == {
        "card_id": cards()[0]["id"], "rung": "reminder", "kind": "promise",
        "effective_at": "2026-03-12T17:30:00+08:00", "detected_at": "2026-03-13T10:00:00+08:00",
        "delivered_at": "2026-03-13T10:00:00+08:00",
        "to": [{"code": cast.VILLAGE, "post": "agent", "account_id": account(cast.AGENT)}],
    }


def test_many_clocks_are_looked_up_in_a_few_statements(district):
    for number in range(60):
        begin(f"case{number}", at("03-02 10:00"), days=3)
    with count_statements() as seen:
        assert tick(at("03-03 17:31")) == 60
    assert len(seen) <= 62, "one look, four transactions"
    assert len(rungs()) == 60 == len({card["clock_id"] for card in cards()})
