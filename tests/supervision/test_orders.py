"""Orders over the wire: issued, answered, sent back, passed up, missed; seen by whom they concern."""
from datetime import date

import pytest

from backend.core import ledger, sql
from tests import cast
from tests.reports import weekly
from tests.statements import count_statements
from tests.supervision import calls
from tests.supervision.calls import findings, order, pass_by, signed, told


@pytest.fixture
def supervisor(district_app):
    return signed(district_app, "supervisor")


def test_an_order_is_answered_returned_answered_again_and_accepted(supervisor, agent, fixed_clock, district_app):
    made = order(supervisor)
    path = f"/supervision-orders/{made['id']}"
    assert (made["state"], made["number"], made["due_at"]) == ("issued", "督办〔2026〕1号", "2026-02-26T17:30:00+08:00")
    assert told("order_issued") == [cast.AGENT] and made["issued_by"]["name"]
    assert supervisor.put(f"{path}/acceptance").status_code == 409, "nothing was replied"
    seen = agent.get(path)
    assert agent.put(f"{path}/reply", {"text": "已开会落实"}, etag='"0-0"').status_code == 412
    answered = agent.put(f"{path}/reply", {"text": "已开会落实"}, etag=seen.headers["ETag"])
    assert (answered.status_code, answered.json["state"]) == (200, "replied"), answered.json
    assert told("order_replied") == ["supervisor"]
    assert agent.put(f"{path}/reply", {"text": "再说一次"}).json["type"] == "/problems/illegal-move"
    fixed_clock.set("2026-02-26 16:00")
    supervisor, agent = signed(district_app, "supervisor"), signed(district_app, cast.AGENT)
    back = supervisor.put(f"{path}/return", {"reason": "没有签字名单"}, etag=answered.headers["ETag"])
    assert (back.json["state"], back.json["round"], back.json["due_on"]) == ("returned", 2, "2026-03-02")
    fixed_clock.set("2026-02-27 09:00")
    supervisor, agent = signed(district_app, "supervisor"), signed(district_app, cast.AGENT)
    assert agent.put(f"{path}/reply", {"text": "附名单"}).status_code == 200
    done = supervisor.put(f"{path}/acceptance")
    assert (done.json["state"], done.json["ended_at"]) == ("accepted", "2026-02-27T09:00:00+08:00")
    assert [(each["reply"], each["verdict"], each["late"]) for each in done.json["rounds"]] == [
        ("已开会落实", "returned", False), ("附名单", "accepted", False),
    ]
    acts = [each["action"] for each in ledger.history("supervision_order", made["id"])]
    assert acts == ["order.issue", "order.reply", "order.return", "order.reply", "order.accept"]
    pass_by(fixed_clock.set("2026-03-04 09:00"))
    assert findings() == []


def test_who_is_not_answered_by_its_date_is_found_once_and_told(supervisor, agent, fixed_clock, district_app):
    made = order(supervisor)
    path = f"/supervision-orders/{made['id']}"
    pass_by(fixed_clock.set("2026-02-25 08:31"))
    pass_by(fixed_clock.set("2026-02-26 17:30"))
    assert told("order_reminder") == [cast.AGENT] and findings() == [], "exactly at its moment it is in time"
    supervisor = signed(district_app, "supervisor")
    assert supervisor.get("/supervision-orders?overdue=true").json["items"] == []
    for moment in ("2026-02-27 20:00", "2026-02-28 09:00"):
        pass_by(fixed_clock.set(moment))
    assert findings() == [(cast.VILLAGE, "order_unanswered")]
    assert sorted(told("order_missed")) == ["supervisor", cast.OFFICE_OF_TOWNSHIP]
    assert told("body_found") == [cast.AGENT]
    supervisor, agent = signed(district_app, "supervisor"), signed(district_app, cast.AGENT)
    (found,) = supervisor.get("/supervision-findings").json["items"]
    assert (found["effective_at"], found["detected_at"]) == ("2026-02-26T17:30:00+08:00", "2026-02-27T20:00:00+08:00")
    assert [each["id"] for each in supervisor.get("/supervision-orders?overdue=true").json["items"]] == [made["id"]]
    late = agent.put(f"{path}/reply", {"text": "迟复"})
    assert late.json["rounds"][0]["late"] and len(findings()) == 1
    assert agent.get("/supervision-findings").status_code == 403
    reversal = f"/supervision-findings/{found['id']}/reversal"
    undone = supervisor.put(reversal, {"reason": "当天停电"})
    assert (undone.json["state"], undone.json["reversed_for"]) == ("reversed", "当天停电")
    assert supervisor.put(reversal, {"reason": "再来"}).status_code == 409


def test_a_late_reply_is_found_late_even_if_no_tick_saw_it(supervisor, fixed_clock, district_app):
    made = order(supervisor)
    fixed_clock.set("2026-02-26 17:31")
    agent = signed(district_app, cast.AGENT)
    assert agent.put(f"/supervision-orders/{made['id']}/reply", {"text": "晚了一分钟"}).status_code == 200
    pass_by(fixed_clock.at)
    assert findings() == [(cast.VILLAGE, "order_unanswered")] and len(told("order_missed")) == 2


def test_what_is_passed_up_in_time_is_owed_by_the_township_and_counts_only_against_it(
    supervisor, agent, township, fixed_clock, district_app
):
    made = order(supervisor)
    path = f"/supervision-orders/{made['id']}"
    up = agent.put(f"{path}/passing-up", {"reason": "需要乡镇经费"})
    assert (up.json["state"], up.json["owed_code"], up.json["due_on"]) == ("passed_up", cast.TOWNSHIP, "2026-02-26")
    assert up.json["passed_up"]["reason"] == "需要乡镇经费" and told("order_passed_up") == [cast.OFFICE_OF_TOWNSHIP]
    assert township.put(f"{path}/passing-up", {"reason": "再上报"}).json["type"] == "/problems/passed-up-before"
    pass_by(fixed_clock.set("2026-02-27 09:00"))
    assert findings() == [(cast.TOWNSHIP, "order_unanswered")]
    supervisor, township = signed(district_app, "supervisor"), signed(district_app, cast.OFFICE_OF_TOWNSHIP)
    assert township.put(f"{path}/reply", {"text": "经费已安排"}).json["state"] == "replied"
    other = order(supervisor, unit_code=cast.TOWNSHIP, due_on="2026-03-09")
    other_path = f"/supervision-orders/{other['id']}"
    assert township.put(f"{other_path}/passing-up", {"reason": "涉及多部门"}).json["owed_code"] == cast.DISTRICT
    back = supervisor.put(f"{other_path}/return", {"reason": "属本级职责", "due_on": "2026-03-10"})
    assert back.json["state"] == "returned"
    assert (back.json["owed_code"], back.json["due_on"]) == (cast.TOWNSHIP, "2026-03-10")
    withdrawn = supervisor.put(f"{other_path}/withdrawal", {"reason": "已另行安排"})
    assert withdrawn.json["state"] == "withdrawn" and withdrawn.json["rounds"][1]["ended_at"]
    pass_by(fixed_clock.set("2026-03-20 09:00"))
    assert len(findings()) == 1


def test_a_departments_handler_answers_and_what_a_complaint_led_to_is_kept_from_the_desk(
    supervisor, agent, township, district_app
):
    handler = signed(district_app, "handler-MZ")
    asked = order(supervisor, department_code="MZ")
    assert told("order_issued") == ["handler-mz"]
    path = f"/supervision-orders/{asked['id']}"
    assert signed(district_app, "handler-RS").get(path).status_code == 404
    assert township.get(path).status_code == 404
    assert handler.put(f"{path}/reply", {"text": "办结"}).json["rounds"][0]["replied_by"]["name"]
    kept = order(supervisor, source="complaint", source_ref="T-1")
    assert kept["source_ref"] == "T-1" and kept["owed_code"] == cast.TOWNSHIP
    assert agent.get(f"/supervision-orders/{kept['id']}").status_code == 404
    assert agent.get("/supervision-orders?state=all").json["items"] == []
    shown = township.get(f"/supervision-orders/{kept['id']}").json
    assert shown["source_ref"] is None and cast.AGENT not in told("order_issued")
    assert township.put(f"/supervision-orders/{kept['id']}/reply", {"text": "已约谈"}).status_code == 200


def test_orders_are_due_first_filtered_and_cost_three_statements(supervisor, agent, district_app, fixed_clock):
    late = order(supervisor, due_on="2026-03-05")
    soon = order(supervisor, department_code="MZ", due_on="2026-02-27")
    listed = supervisor.get("/supervision-orders").json["items"]
    assert [each["id"] for each in listed] == [soon["id"], late["id"]]
    first = supervisor.get("/supervision-orders?limit=1").json
    rest = supervisor.get(f"/supervision-orders?limit=1&cursor={first['next_cursor']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == [soon["id"], late["id"]]
    assert rest["next_cursor"] is None
    for query, wanted in (
        (f"unit_code={cast.VILLAGE}", [late]), ("department_code=MZ", [soon]), ("source=inspection", []),
        ("state=accepted", []), ("overdue=false", [soon, late]),
    ):
        found = supervisor.get(f"/supervision-orders?{query}").json["items"]
        assert [each["id"] for each in found] == [each["id"] for each in wanted], query
    for path in ("", f"/{late['id']}"):
        with count_statements() as seen:
            assert supervisor.get(f"/supervision-orders{path}").status_code == 200
        assert len(seen) <= 1 + 3, seen
    assert [each["id"] for each in agent.get("/supervision-orders").json["items"]] == [late["id"]]
    assert signed(district_app, cast.FAR_OFFICE).get("/supervision-orders").json["items"] == []


@pytest.mark.parametrize(("changes", "field"), (
    ({"due_on": "2026-02-11"}, "due_on"), ({"unit_code": "331004000000"}, "unit_code"),
    ({"unit_code": cast.VILLAGE, "department_code": "MZ"}, "unit_code"), ({"source": "gossip"}, "source"),
    ({"department_code": "ZZZ"}, "department_code"), ({"quality": " "}, "quality"),
    ({"department_code": cast.VILLAGE}, "department_code"),
))
def test_an_order_that_makes_no_sense_is_refused(supervisor, changes, field):
    body = calls.ORDER | ({} if "department_code" in changes else {"unit_code": cast.VILLAGE}) | changes
    refused = supervisor.post("/supervision-orders", body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field]), refused.json


def test_three_findings_in_90_days_put_a_body_on_the_watch_list(supervisor, fixed_clock, district_app):
    for day in ("2026-02-13", "2026-02-26", "2026-02-27"):
        order(supervisor, due_on=day)
    pass_by(fixed_clock.set("2026-02-27 09:00"))
    assert told("watch_listed") == []
    pass_by(fixed_clock.set("2026-02-28 09:00"))
    supervisor = signed(district_app, "supervisor")
    (entry,) = supervisor.get("/watch-list").json["items"]
    assert (entry["unit_code"], entry["kind"], entry["put_by"]) == (cast.VILLAGE, "findings", None)
    assert told("watch_listed") == [cast.AGENT]
    again = supervisor.post("/watch-list", {"unit_code": cast.VILLAGE, "reason": "再列"})
    assert (again.status_code, again.json["type"]) == (409, "/problems/watched-already")
    off = supervisor.put(f"/watch-list/{entry['id']}/removal", {"reason": "已整改"})
    assert off.json["state"] == "taken_off" and supervisor.get("/watch-list").json["items"] == []
    assert supervisor.post("/watch-list", {"department_code": "MZ", "reason": "多次推诿"}).status_code == 201
    assert sql.value("SELECT count(*) FROM watch_entry WHERE watched IS NOT NULL") == 1


def test_a_problem_that_its_department_lets_lie_is_found(district_app, fixed_clock, supervisor):
    asked = [{"text": "场地产权不清", "asked_of": "MZ", "due_on": date(2026, 2, 25)}]
    weekly.file("2026-W07", cast.TOWNSHIP, fixed_clock.at, problems=asked)
    order(supervisor, due_on="2026-03-31")
    pass_by(fixed_clock.set("2026-02-25 20:00"))
    assert findings() == []
    pass_by(fixed_clock.set("2026-02-26 08:00"))
    pass_by(fixed_clock.set("2026-02-26 09:00"))
    assert findings() == [("MZ", "problem_unsolved")]
