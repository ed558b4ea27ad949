"""The ladder is the district's to decide, from a day on; running clocks keep theirs (rules 4, decision 0128)."""
from datetime import date, datetime

import pytest

from backend.clocks.rules import ladder
from backend.core import clock, sql
from tests import cast
from tests.clocks.watched import begin, cards, tick

PATH = "/settings/card-ladder"
OTHER = [{"rung": "red", "when": {"after_due": 1}, "to": ["unit_head"]}]


@pytest.fixture
def admin(district_app):
    return cast.sign_in(district_app.test_client(), "admin")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=clock.ZONE)


def test_the_default_holds_until_something_is_decided(admin):
    first = admin.get(PATH)
    assert first.json == {
        "name": "card-ladder", "value": ladder.DEFAULT, "valid_from": None, "planned": [], "version": 0,
    }
    found = admin.get("/settings").json
    assert found["items"][0] == first.json and found["next_cursor"] is None
    assert admin.get("/settings/mayor").status_code == 404


def test_a_decision_holds_from_its_day_on(admin, fixed_clock):
    answer = admin.put(PATH, {"value": OTHER, "valid_from": "2026-02-13"}, etag=admin.get(PATH).headers["ETag"])
    assert answer.status_code == 200
    assert answer.json["value"] == ladder.DEFAULT
    assert answer.json["planned"] == [{"valid_from": "2026-02-13", "value": OTHER}]
    fixed_clock.set("2026-02-13 00:00")
    admin = cast.sign_in(admin.client, "admin")
    assert (admin.get(PATH).json["value"], admin.get(PATH).json["valid_from"]) == (OTHER, "2026-02-13")


def test_a_clock_keeps_the_ladder_of_the_day_on_which_it_began(admin):
    begin("before", at("02-27 16:00"), days=3)
    admin.put(PATH, {"value": OTHER, "valid_from": "2026-03-01"})
    begin("after", at("03-02 10:00"), days=3)
    tick(at("03-12 10:00"))
    assert [card["rung"] for card in cards("before")] == ["reminder", "yellow", "red", "district"]
    assert [(card["rung"], card["post"], clock.wire(card["effective_at"])[:10]) for card in cards("after")] == [
        ("red", "head", "2026-03-06")
    ]


def test_what_was_planned_for_a_day_is_replaced(admin):
    admin.put(PATH, {"value": OTHER, "valid_from": "2026-03-01"})
    again = admin.put(PATH, {"value": ladder.DEFAULT[:3], "valid_from": "2026-03-01"})
    assert [one["value"] for one in again.json["planned"]] == [ladder.DEFAULT[:3]] and again.json["version"] == 2
    assert sql.value("SELECT count(*) FROM ledger_entry WHERE action = 'setting.decide'") == 2


@pytest.mark.parametrize("body, field", [
    ({"value": []}, "value"), ({"value": OTHER, "valid_from": "2026-02-12"}, "valid_from"),
    ({"value": [OTHER[0] | {"to": ["mayor"]}]}, "value.0.to"), ({}, "value"),
])
def test_what_makes_no_sense_is_refused(admin, body, field):
    answer = admin.put(PATH, body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    assert sql.value("SELECT count(*) FROM setting") == 0


def test_tomorrow_is_the_earliest_and_the_usual_day(admin):
    assert admin.put(PATH, {"value": OTHER}).json["planned"][0]["valid_from"] == date(2026, 2, 13).isoformat()


def test_of_two_who_decide_on_one_view_the_second_is_told(admin):
    seen = admin.get(PATH).headers["ETag"]
    assert admin.put(PATH, {"value": OTHER}, etag=seen).status_code == 200
    assert admin.put(PATH, {"value": OTHER}, etag=seen).status_code == 412


def test_only_admins_see_and_decide(township):
    assert township.get(PATH).status_code == township.put(PATH, {"value": OTHER}).status_code == 403
