"""Mystery visits over the wire: recorded, amended, published; who sees what; the duty of each month."""
from functools import partial
from io import BytesIO

import openpyxl
import pytest

from backend.core import sql
from backend.core.actor import Actor, system
from backend.inspections import jobs
from backend.inspections.actions import publishing
from tests import cast, crowd
from tests.inspections import calls
from tests.statements import count_statements


@pytest.fixture
def supervisor(district_app):
    return cast.sign_in(district_app.test_client(), "supervisor")


def test_a_visit_is_hidden_until_it_is_published_and_never_changes_then(supervisor, agent, township, district_app):
    photo = calls.photo(supervisor)
    office, admin = (cast.sign_in(district_app.test_client(), who) for who in ("office", "admin"))
    agent_id = agent.get("/me").json["id"]
    findings = [
        {"text": "离岗", "points": -5, "kind": "absence", "account_id": agent_id, "photos": [photo["id"]]},
        {"text": "整洁", "points": 1, "kind": "praise"},
    ]
    made = supervisor.post("/inspections", calls.visit(findings=findings, summary="一人在岗"))
    assert made.status_code == 201 and made.json["state"] == "hidden" and made.json["points"] == -4
    assert made.json["number"] is None and made.json["inspectors"][0]["name"]
    path = f"/inspections/{made.json['id']}"
    picture = f"{path}/photos/{photo['sha256']}"
    for caller in (agent, township, office):
        absent = caller.get("/inspections/nowhere")
        for address in (path, picture, f"{path}/photos/{'0' * 64}"):
            answer = caller.get(address)
            assert (answer.status_code, answer.json | {"instance": ""}) == (404, absent.json | {"instance": ""})
        assert caller.get("/inspections?state=all&state=hidden").json == {"items": [], "next_cursor": None}
        assert caller.get(f"/files/{photo['sha256']}").status_code == 404
        assert caller.put(f"{path}/publication").status_code == 403
    assert admin.get(f"/files/{photo['sha256']}").status_code == 404
    for caller in (supervisor, admin):
        assert caller.get(path).json["findings"][0]["account"]["id"] == agent_id
        assert caller.get(picture).mimetype == "image/png"
        assert len(caller.get("/inspections").json["items"]) == 1
    body = calls.visit(findings=findings[:1])
    del body["unit_code"]
    amended = supervisor.put(path, body, etag=made.headers["ETag"])
    assert amended.json["points"] == -5 and amended.json["findings"][0]["photos"][0]["file_id"] == photo["id"]
    assert supervisor.put(path, body, etag=made.headers["ETag"]).status_code == 412
    assert supervisor.put(f"{path}/publication", etag=made.headers["ETag"]).status_code == 412
    assert sql.value("SELECT count(*) FROM notice") == 0
    done = supervisor.put(f"{path}/publication", etag=amended.headers["ETag"])
    assert done.json["state"] == "published" and done.json["number"] == "暗访〔2026〕1号"
    shown = agent.get(path).json
    assert shown["points"] == -5 and shown["inspectors"] is shown["recorded_at"] is shown["plan_id"] is None
    assert agent.get(picture).status_code == township.get(picture).status_code == 200
    assert agent.get(f"{path}/events").status_code == 403
    told = {entry["action"] for entry in supervisor.get(f"{path}/events").json["items"]}
    assert told == {"record", "amend", "publish"}
    notices = sql.plain("SELECT template, recipient_id FROM notice ORDER BY template")
    assert notices[0] == {"template": "inspection_names_you", "recipient_id": agent_id} and len(notices) >= 2
    for late in (supervisor.put(path, body), supervisor.put(f"{path}/withdrawal", {"reason": "误"})):
        assert late.json["type"] == "/problems/illegal-move"
    book = openpyxl.load_workbook(BytesIO(agent.get("/inspections/export.xlsx").data))
    assert book.active["A2"].value == "暗访〔2026〕1号" and book.active["F2"].value == "离岗"


def test_numbers_count_publications_and_lists_tell_only_what_is_published(supervisor, agent, township, neighbour):
    first, second = calls.recorded(supervisor), calls.recorded(supervisor, unit_code=cast.NEIGHBOUR)
    third = calls.published(supervisor, visited_at="2026-02-10T09:00:00+08:00")
    gone = supervisor.put(f"/inspections/{first['id']}/withdrawal", {"reason": "走错了门"})
    assert gone.json["state"] == "withdrawn" and gone.json["ended_for"] == "走错了门"
    fourth = supervisor.put(f"/inspections/{second['id']}/publication").json
    assert (third["number"], fourth["number"]) == ("暗访〔2026〕1号", "暗访〔2026〕2号")
    assert [each["id"] for each in township.get("/inspections").json["items"]] == [second["id"], third["id"]]
    page = township.get("/inspections?limit=1").json
    assert [each["id"] for each in township.get(f"/inspections?cursor={page['next_cursor']}").json["items"]] == [
        third["id"]
    ]
    assert [each["id"] for each in agent.get("/inspections?state=all").json["items"]] == [third["id"]]
    assert agent.get(f"/inspections?unit_code={cast.NEIGHBOUR}").json["items"] == []
    assert [each["state"] for each in supervisor.get("/inspections?state=all").json["items"]].count("withdrawn") == 1
    for caller in (supervisor, township):
        with count_statements() as seen:
            caller.get("/inspections?state=all")
        assert len([text for text in seen if "inspection" in text or "FROM account WHERE id IN" in text]) <= 3
    assert neighbour.get(f"/inspections/{second['id']}").json["unit_code"] == cast.NEIGHBOUR


def test_publications_at_once_get_numbers_of_their_own(supervisor, district_app):
    ids = [calls.recorded(supervisor)["id"] for _ in range(5)]
    actor = Actor(**sql.row("SELECT id, name, role, unit_code FROM account WHERE username = 'supervisor'"))
    now = district_app.extensions["daiban"].clock.now()
    assert crowd.at_once(*(partial(publishing.publish, each, actor=actor, now=now) for each in ids)) == ids
    found = sql.rows("SELECT number FROM inspection WHERE state = 'published' ORDER BY number")
    assert [each["number"] for each in found] == [1, 2, 3, 4, 5]


def test_what_makes_no_sense_is_named(supervisor, agent, district_app):
    foreign = calls.photo(agent)
    township_id = cast.sign_in(district_app.test_client(), cast.OFFICE_OF_TOWNSHIP).get("/me").json["id"]
    finding = calls.visit()["findings"][0]
    for field, changes in (
        ("unit_code", {"unit_code": "331004001001"}), ("visited_at", {"visited_at": "2026-02-12T12:00:00+08:00"}),
        ("findings.0.photos", {"findings": [finding | {"photos": [foreign["id"]]}]}),
        ("findings.0.photos", {"findings": [finding | {"photos": ["nowhere"]}]}),
        ("findings.0.account_id", {"findings": [finding | {"account_id": township_id}]}),
        ("inspector_ids", {"inspector_ids": [township_id]}), ("plan_id", {"plan_id": "nowhere"}),
    ):
        refused = supervisor.post("/inspections", calls.visit(**changes))
        assert refused.status_code == 422 and field in refused.json["errors"], (field, refused.json)
    assert agent.get(f"/files/{foreign['sha256']}").status_code == 200, "another's file stays where it is"
    assert sql.value("SELECT count(*) FROM inspection") == 0


def test_a_plan_leads_to_a_visit(supervisor, agent, district_app):
    plan = {"unit_code": cast.VILLAGE, "planned_on": "2026-02-12", "purpose": "窗口在岗情况"}
    made = supervisor.post("/inspection-plans", plan)
    path = f"/inspection-plans/{made.json['id']}"
    assert made.status_code == 201 and made.json["state"] == "planned" and made.json["inspector"]["name"]
    assert supervisor.post("/inspection-plans", plan | {"planned_on": "2026-02-11"}).status_code == 422
    assert supervisor.put(path, plan | {"planned_on": "2026-02-13"}, etag=made.headers["ETag"]).json["version"] == 2
    for who in (cast.AGENT, "office", "admin"):
        assert cast.sign_in(district_app.test_client(), who).get("/inspection-plans").status_code == 403
    other = supervisor.post("/inspections", calls.visit(unit_code=cast.NEIGHBOUR, plan_id=made.json["id"]))
    assert "plan_id" in other.json["errors"]
    visit = calls.recorded(supervisor, plan_id=made.json["id"])
    done = supervisor.get(path).json
    assert done["state"] == "done" and done["inspection_id"] == visit["id"]
    assert supervisor.put(f"{path}/cancellation", {"reason": "重复"}).status_code == 409
    second = supervisor.post("/inspection-plans", plan).json["id"]
    assert [each["id"] for each in supervisor.get("/inspection-plans").json["items"]] == [second]
    assert supervisor.put(f"/inspection-plans/{second}/cancellation", {"reason": "重复"}).json["ended_for"] == "重复"
    assert len(supervisor.get("/inspection-plans?state=all").json["items"]) == 2


def test_a_month_without_a_visit_flags_the_supervising_office_itself(supervisor, fixed_clock, district_app):
    def run():
        actor, now = system("test"), fixed_clock.now()
        return jobs.remind_of_visits(actor=actor, now=now), jobs.judge_months(actor=actor, now=now)

    def told():
        return sql.value("SELECT count(DISTINCT dedupe) FROM notice WHERE template LIKE 'inspections_%'")

    assert run() == (0, 0), "first seen in February: January is owed by nobody"
    fixed_clock.set("2026-02-24 08:30")
    assert run() == (1, 0) and run() == (0, 0) and told() == 1
    fixed_clock.set("2026-03-02 17:30")
    assert run() == (0, 0)
    fixed_clock.advance(seconds=1)
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    late = calls.recorded(supervisor, visited_at="2026-02-28T10:00:00+08:00")
    assert late["state"] == "hidden" and run() == (0, 1) and run() == (0, 0), "recorded too late to count"
    assert told() > 1
    calls.recorded(supervisor, visited_at="2026-03-02T10:00:00+08:00")
    assert supervisor.get("/inspection-months/current").json == {
        "month": "2026-03", "least": 1, "made": 1, "lacking": 0,
    }
    fixed_clock.set("2026-05-20 09:00")
    assert run() == (0, 1), "April is flagged, March was done; both caught up at once"
    supervisor = cast.sign_in(district_app.test_client(), "supervisor")
    shown = supervisor.get("/inspection-months").json["items"]
    assert [(each["month"], each["made"], each["short"]) for each in shown] == [
        ("2026-04", 0, True), ("2026-03", 1, False), ("2026-02", 0, True),
    ]
    assert shown[0]["effective_at"] == "2026-05-06T17:30:00+08:00" and shown[0]["detected_at"][:10] == "2026-05-20"
    assert shown[2]["reminded_at"] == "2026-02-24T08:30:00+08:00"
    assert cast.sign_in(district_app.test_client(), "admin").get("/inspection-months").status_code == 403
