"""The change feed: what a phone is told, of whom, and for how long."""
import pytest

from backend.core import sql
from backend.core.actor import Actor, system
from backend.errands.actions import erasing
from backend.sync.actions import epochs, feed
from backend.sync.queries import budgets
from tests import cast
from tests.statements import count_statements
from tests.sync.pulls import Phone
from tests.visits import calls
from tests.visits.calls import sent

SYSTEM = system("test")
FULL, MASKED = "13805761234", "138****1234"


def registered(caller, **changes):
    return sent(caller.post("/errands", cast.errand(**changes)), 201)


def ops(told):
    return [(change["type"], change["op"]) for change in told]


def test_a_cold_start_tells_an_errand_with_its_resident_and_then_nothing_more(agent):
    case = registered(agent)
    phone = Phone(agent)
    told = phone.pull()
    assert ops(told) == [("resident", "put"), ("errand", "put")]
    assert told[1]["id"] == case["id"] and told[1]["version"] == case["version"]
    assert phone.pull() == []
    assert sent(phone.check())["budget"] == {"rows": 2, "most": 5000, "days": 90, "state": "ok"} == phone.budget


def test_an_errand_is_told_as_it_is_shown_but_for_what_changes_without_it(agent):
    case = registered(agent)
    shown = sent(agent.get(f"/errands/{case['id']}"))
    phone = Phone(agent)
    phone.pull()
    told = phone.of("errand")[case["id"]]
    changing = {"used_working_days", "remaining_working_days", "light", "resident", "materials", "pending_files"}
    same = set(shown) - changing
    assert {name: told[name] for name in same} == {name: shown[name] for name in same}
    assert set(told) - set(shown) == {"reminder_at", "yellow_at", "keep_until"}
    assert [paper["name"] for paper in told["materials"]] == [paper["name"] for paper in shown["materials"]]


def test_what_happens_is_told_once_in_its_latest_form(agent):
    phone = Phone(agent)
    phone.pull()
    case = registered(agent)
    sent(agent.post(f"/errands/{case['id']}/notes", {"text": "已联系"}), 201)
    sent(agent.put(f"/errands/{case['id']}/acceptance"))
    told = phone.pull()
    assert ops(told) == [("note", "put"), ("resident", "put"), ("errand", "put")]
    assert [change["seq"] for change in told] == sorted(change["seq"] for change in told)
    assert phone.of("errand")[case["id"]]["state"] == "accepted"
    assert sent(phone.check())


def test_only_the_phone_of_who_answers_for_an_errand_has_phone_and_address_in_full(agent, township):
    case = registered(agent)
    own, office = Phone(agent), Phone(township)
    own.pull(), office.pull()
    whose = case["resident"]["id"]
    for told in (own.of("errand")[case["id"]]["resident"], own.of("resident")[whose]):
        assert (told["phone"], told["address"]) == (FULL, "百花社区3幢") and "*" in told["id_number"]
    for told in (office.of("errand")[case["id"]]["resident"], office.of("resident")[whose]):
        assert told["phone"] == MASKED and told["address"].endswith("****")
    sent(agent.put(f"/errands/{case['id']}/withdrawal"))
    own.pull()
    assert own.of("errand")[case["id"]]["resident"]["phone"] == own.of("resident")[whose]["phone"] == MASKED


def test_a_full_read_is_entered_the_first_time_and_no_other(agent, district_app):
    case = registered(agent)
    for _ in range(2):
        Phone(agent).pull()
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    query = {"subject_id": case["resident"]["id"]}
    found = sent(supervisor.get("/access-log", query_string=query))["items"]
    assert [(entry["action"], entry["account"]["id"]) for entry in found] == [("sync.read", calls.me(agent))]
    assert found[0]["changed"] == ["phone", "address"]


def test_nothing_of_another_unit_is_told_and_its_residents_neither(agent, neighbour):
    phone = Phone(neighbour)
    phone.pull()
    case = registered(agent)
    agent.patch(f"/residents/{case['resident']['id']}", {"phone": "13900001111"})
    assert phone.pull() == []
    assert Phone(neighbour).pull() == []


def test_a_resident_who_changes_brings_what_carries_her_name(agent, township):
    case = registered(agent)
    visit = calls.asked(agent)
    phone = Phone(agent)
    phone.pull()
    sent(township.patch(f"/residents/{case['resident']['id']}", {"phone": "13900001111"}))
    assert ops(phone.pull()) == [("resident", "put"), ("errand", "put"), ("visit", "put")]
    assert phone.of("errand")[case["id"]]["resident"]["phone"] == "13900001111"
    assert phone.of("visit")[visit["id"]]["resident"]["phone"] == "139****1111"


def test_a_visit_comes_to_who_makes_it_and_is_taken_back(agent, operator):
    phone = Phone(operator)
    phone.pull()
    visit = calls.asked(agent)
    assert phone.pull() == []
    given = calls.time(agent) | {"agent_id": calls.me(operator)}
    sent(agent.put(f"/visits/{visit['id']}/schedule", given))
    assert ops(phone.pull()) == [("resident", "put"), ("visit", "put")]
    assert phone.of("visit")[visit["id"]]["resident"]["phone"] == FULL
    sent(calls.set_for(agent, visit, "10:00"))
    assert ops(phone.pull()) == [("visit", "revoke")]
    assert sent(phone.check())


def test_an_ended_errand_goes_after_its_window_and_what_happens_to_it_then_is_a_deletion(
    agent, fixed_clock, district_app
):
    case = registered(agent)
    sent(agent.put(f"/errands/{case['id']}/withdrawal"))
    phone = Phone(agent)
    phone.pull()
    assert phone.of("errand")[case["id"]]["keep_until"] == "2026-05-13"
    fixed_clock.set("2026-05-13 23:00")
    caller = phone.caller = cast.sign_in(district_app.test_client(), cast.AGENT)
    assert phone.pull() == [] and ("errand", "put") in ops(Phone(caller).pull())
    fixed_clock.set("2026-05-14 08:00")
    office = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP)
    sent(office.post(f"/errands/{case['id']}/reversals", {"reason": "误操作"}), 201)
    sent(caller.put(f"/errands/{case['id']}/withdrawal"))
    sql.execute("UPDATE errand SET finished_at = finished_at - ?", (100 * 86_400_000_000,))
    assert ops(phone.pull()) == [("errand", "delete")]
    assert Phone(caller).pull() == []


def test_an_erased_resident_is_deleted_and_her_errands_lose_what_they_said(agent, now):
    case = registered(agent)
    sent(agent.post(f"/errands/{case['id']}/notes", {"text": "住东头"}), 201)
    phone = Phone(agent)
    phone.pull()
    erasing.erase(case["resident"]["id"], reason="本人要求", actor=SYSTEM, now=now)
    assert ops(phone.pull()) == [("resident", "delete"), ("errand", "put"), ("note", "put")]
    assert FULL not in str(phone.held) and "王桂香" not in str(phone.held) and "住东头" not in str(phone.held)


@pytest.mark.parametrize("limit", (0, 501, "x"))
def test_a_page_has_from_one_to_five_hundred_changes(agent, limit):
    assert agent.get("/sync/changes", query_string={"limit": limit}).status_code == 422


def test_a_cursor_is_good_for_one_reader_one_life_and_ninety_days(
    agent, neighbour, fixed_clock, district_app, now
):
    cursor = sent(agent.get("/sync/changes"))["cursor"]
    asked = {"cursor": cursor}
    assert agent.get("/sync/changes", query_string={"cursor": cursor[:-2] + "AA"}).status_code == 422
    told = neighbour.get("/sync/changes", query_string=asked)
    assert told.status_code == 410 and told.json["type"] == "/problems/reset-required"
    before = epochs.renew(actor=SYSTEM, now=now)
    assert agent.get("/sync/changes", query_string=asked).status_code == 410
    assert agent._send("POST", "/sync/digest", json={"buckets": {}, "cursor": cursor}).status_code == 410
    cursor = sent(agent.get("/sync/changes"))["cursor"]
    fixed_clock.advance(days=91)
    again = cast.sign_in(district_app.test_client(), cast.AGENT)
    assert again.get("/sync/changes", query_string={"cursor": cursor}).status_code == 410 and before


def test_a_digest_names_what_differs_and_looks_at_no_more_than_it_is_given(agent):
    registered(agent)
    phone = Phone(agent)
    phone.pull()
    wrong = phone.buckets() | {"errand": "0" * 64}
    told = agent._send("POST", "/sync/digest", json={"buckets": wrong})
    assert told.status_code == 412 and told.json["differing"] == ["errand"]
    assert told.json["type"] == "/problems/digest-differs" and told.json["budget"]["rows"] == 2
    del wrong["errand"]
    assert agent._send("POST", "/sync/digest", json={"buckets": wrong}).status_code == 200
    assert agent._send("POST", "/sync/digest", json={"buckets": {"task": "0" * 64}}).status_code == 422


def test_the_window_shrinks_with_the_budget_and_open_rows_are_always_told(agent, monkeypatch):
    cases = [registered(agent, resident=cast.errand()["resident"] | {"id_number": cast.id_number(n)}) for n in (1, 2)]
    sent(agent.put(f"/errands/{cases[0]['id']}/withdrawal"))
    sql.execute("UPDATE errand SET finished_at = finished_at - ? WHERE id = ?", (8 * 86_400_000_000, cases[0]["id"]))
    seen = []
    for most in (6, 5, 4, 3, 1):
        monkeypatch.setattr(budgets, "most", lambda day, most=most: most)
        phone = Phone(agent)
        phone.pull()
        assert phone.check().status_code == 200
        seen.append((phone.budget["days"], phone.budget["state"], len(phone.of("errand"))))
    assert seen == [(90, "ok", 2), (90, "near", 2), (90, "near", 2), (7, "near", 1), (0, "over", 1)]


def test_a_pull_takes_at_most_five_statements_and_an_idle_one_two(agent):
    cases = [registered(agent) for _ in range(3)]
    calls.asked(agent)
    first = Phone(agent)
    first.pull()
    with count_statements() as cold:
        sent(agent.get("/sync/changes"))
    with count_statements() as idle:
        first.page()
    for case in cases:
        sent(agent.post(f"/errands/{case['id']}/notes", {"text": "已联系"}), 201)
    with count_statements() as warm:
        first.page()
    assert len(cold) <= 5 and len(warm) <= 5 and len(idle) <= 2


def test_the_snapshot_goes_on_where_it_stood_while_others_write(agent):
    for serial in (1, 2, 3):
        registered(agent, resident=cast.errand()["resident"] | {"id_number": cast.id_number(serial)})
    phone = Phone(agent, limit=2)
    phone.page()
    late = registered(agent)
    assert phone.page()["has_more"]
    phone.pull()
    assert late["id"] in phone.of("errand") and phone.check().status_code == 200


def test_the_feed_is_the_function_that_a_push_answers_with(agent, now):
    registered(agent)
    who = sent(agent.get("/me"))
    actor = Actor(who["id"], who["name"], who["role"], who["unit_code"])
    told = feed.page(None, 1, actor=actor, now=now)
    assert len(told["changes"]) == 1 and told["has_more"] and told["server_time"] == now
