"""Consent by timeout over the wire: worked example 1 of issue 6, and what may follow."""
import pytest

from backend.clocks import jobs as clocks
from backend.core import sql
from backend.core.actor import system
from backend.projects.jobs import consents
from tests.cast import sign_in
from tests.projects import calls

NO = {"decision": "object", "reasons": "材料不齐"}
STALE = '"99-00000000"'
SIGNED = {"signed_by": "王科长", "signed_at": "2026-09-28T10:00:00+08:00"}


def tick(now):
    """What the scheduler does of this room."""
    for job in (
        clocks.give_cards, consents.reproject, consents.deem_silence, consents.issue_notices, consents.tell_cards
    ):
        job(actor=system("tick"), now=now)


class Story:
    """A project of three procedures in a row, A of department MZ, and whoever acts on it."""

    def __init__(self, app, clock):
        clock.set("2026-09-28 10:00")
        self.app, self.clock = app, clock
        calls.published(
            self.sign_in("admin"), calls.procedure("A", joining_departments=["WS"]), calls.procedure("B", "A"),
            calls.procedure("C", "B", timeout_consent=False),
        )
        self.agent, self.handler = self.sign_in("project-agent"), self.sign_in("handler-MZ")
        self.project = calls.project(self.agent, "T")
        self.path = f"/projects/{self.project['id']}"

    def sign_in(self, name):
        return sign_in(self.app.test_client(), name)

    def at(self, text):
        tick(self.clock.set(text))

    def get(self, code):
        return self.agent.get(f"{self.path}/procedures/{code}").json

    def put(self, who, code, what, body):
        return who.put(f"{self.path}/procedures/{code}/{what}", body)

    def serve(self, code="A", who=None, **changes):
        answer = self.put(who or self.agent, code, "service", SIGNED | changes)
        assert answer.status_code == 200, answer.json
        return answer.json


@pytest.fixture
def story(district_app, fixed_clock):
    return Story(district_app, fixed_clock)


def notices(template):
    return [row["recipient_id"] for row in sql.rows("SELECT recipient_id FROM notice WHERE template = ?", (template,))]


def test_the_worked_example_of_three_working_days_over_the_national_holiday(story):
    served = story.serve()
    assert (served["state"], served["due_at"]) == ("served", "2026-10-08T17:30:00+08:00")
    story.at("2026-10-08 17:29")
    assert story.get("A")["state"] == "served" and story.get("B")["state"] == "blocked"
    story.at("2026-10-08 17:31")
    told = story.get("A")
    assert (told["state"], told["outcome"]) == ("finished", "deemed_by_timeout")
    assert told["deemed"] | {"opinion": None, "opinion_at": None} == told["deemed"] == told["deemed"] | {
        "effective_at": "2026-10-08T17:30:00+08:00", "detected_at": "2026-10-08T17:31:00+08:00",
        "notice_on": "2026-10-10", "opinion_due_at": "2026-10-09T17:30:00+08:00",
    }
    assert (story.get("B")["state"], story.get("B")["opened_at"]) == ("open", "2026-10-08T17:30:00+08:00")
    red = sql.rows("SELECT rung, effective_at, detected_at FROM card WHERE rung = 'red'")
    assert [each["effective_at"].isoformat() for each in red] == ["2026-10-08T09:30:00+00:00"]
    story.at("2026-10-09 09:00")
    late = story.put(story.handler, "A", "answer", {"decision": "object", "reasons": "材料不齐"})
    assert (late.status_code, late.json["type"]) == (409, "/problems/already-deemed")
    assert late.json["notice_number"] == told["deemed"]["notice_number"]
    assert late.headers["Ledger-Receipt"], "what is refused and kept has its receipt as every write"
    kept = story.get("A")
    assert [each["decision"] for each in kept["late_answers"]] == ["object"] and kept["outcome"] == "deemed_by_timeout"
    again = story.put(story.handler, "A", "answer", {"decision": "object", "reasons": "材料不齐"})
    assert again.status_code == 409 and len(story.get("A")["late_answers"]) == 1
    assert "Ledger-Receipt" not in again.headers
    assert notices("consent_noticed") == []
    story.at("2026-10-10 08:29")
    assert notices("consent_noticed") == []
    for moment in ("2026-10-10 08:30", "2026-10-10 08:31", "2026-10-12 09:00"):
        story.at(moment)
    told_once = notices("consent_noticed")
    assert len(told_once) == len(set(told_once)) and story.project["agent_id"] in told_once
    assert sql.value("SELECT count(*) FROM deemed_consent") == 1
    assert sql.value("SELECT count(*) FROM card WHERE rung = 'red' AND kind = 'limit'") == 1
    assert sql.value("SELECT count(*) FROM card WHERE rung = 'red' AND kind = 'opinion'") == 1
    shown = story.agent.get(f"{story.path}/procedures/A/deemed-consents").json["items"]
    assert [each["noticed_at"] for each in shown] == ["2026-10-10T08:30:00+08:00"]
    page = story.handler.get(f"{story.path}/procedures/A/deemed-consents/1/notice.html").get_data(as_text=True)
    assert told["deemed"]["notice_number"] in page and "视为同意进入下一环节" in page and "不是批准或者许可" in page


def test_an_answer_after_the_limit_is_late_though_no_job_has_seen_it_yet(story):
    story.serve()
    story.clock.set("2026-10-08 17:31")
    key = {"headers": {"Idempotency-Key": "late-answer-1"}}
    path, body = f"{story.path}/procedures/A/answer", {"decision": "agree"}
    for _ in range(2):
        late = story.handler.put(path, body, **key)
        assert (late.status_code, late.json["type"]) == (409, "/problems/already-deemed")
    found = story.get("A")
    assert found["deemed"]["detected_at"] == "2026-10-08T17:31:00+08:00" and len(found["late_answers"]) == 1
    stop = {"reason": "testing", "notice": "送检"}
    assert story.handler.post(f"{story.path}/procedures/A/suspensions", stop).status_code == 409


def test_at_the_very_end_of_the_limit_whoever_comes_first_wins(story):
    story.serve()
    story.clock.set("2026-10-08 17:30")
    assert story.put(story.handler, "A", "answer", {"decision": "agree"}).json["outcome"] == "agreed"
    tick(story.clock.now())
    assert story.get("A")["deemed"] is None and story.get("B")["state"] == "open"


def test_the_department_owes_its_opinion_and_a_wrong_consent_is_revoked_with_all_that_rested_on_it(story):
    story.serve()
    story.at("2026-10-08 17:30")
    story.serve("B", signed_at="2026-10-08T17:30:00+08:00")
    story.at("2026-10-09 10:00")
    given = story.put(story.handler, "A", "deemed-consent/opinion", {"opinion": "无异议"})
    assert given.json["deemed"]["opinion_at"] == "2026-10-09T10:00:00+08:00"
    assert story.put(story.handler, "A", "deemed-consent/opinion", {"opinion": "再说"}).status_code == 409
    assert story.handler.put(f"{story.path}/procedures/A/answer", NO, etag=STALE).status_code == 409
    story.at("2026-10-13 17:31")
    assert story.get("B")["outcome"] == "deemed_by_timeout" and story.get("C")["state"] == "open"
    assert story.put(story.agent, "A", "deemed-consent/revocation", {"reasons": "错"}).status_code == 403
    supervisor = story.sign_in("supervisor")
    back = story.put(supervisor, "A", "deemed-consent/revocation", {"reasons": "材料实为不齐"})
    assert (back.json["state"], back.json["outcome"], back.json["deemed"]) == ("open", None, None)
    assert {story.get(code)["state"] for code in "BC"} == {"blocked"}
    assert story.put(supervisor, "A", "deemed-consent/revocation", {"reasons": "再撤"}).status_code == 409
    told = supervisor.get(f"{story.path}/procedures/B/deemed-consents").json["items"]
    assert [(each["n"], each["revoked_for"]) for each in told] == [(1, "前置手续的视为同意被撤销")]
    story.at("2026-10-20 09:00")
    assert len(notices("consent_noticed")) <= 3, "what was revoked before its day is not noticed"
    story.serve(signed_at="2026-10-20T09:00:00+08:00")
    story.at("2026-10-23 17:31")
    found = story.get("A")
    assert found["deemed"]["notice_number"].endswith("-M1-2") and story.get("B")["state"] == "open"
    assert story.handler.put(f"{story.path}/procedures/A/answer", NO, etag=STALE).status_code == 409
    assert len(story.get("A")["late_answers"]) == 2, "the same words about another consent are kept as well"


def test_a_stop_an_extension_an_objection_and_a_joining_department(story):
    story.serve(who=story.handler)
    other = story.sign_in("handler-WS")
    said = story.put(other, "A", "answer", {"decision": "object", "reasons": "噪声超标"})
    assert (said.status_code, said.json["state"]) == (200, "served"), said.json
    assert [each["department_code"] for each in said.json["joining_answers"]] == ["WS"]
    again = other.put(f"{story.path}/procedures/A/answer", {"decision": "agree"}, etag=STALE)
    assert again.status_code == 409, "what the state forbids goes before a stale version"
    story.clock.set("2026-09-29 09:00")
    stop = story.handler.post(f"{story.path}/procedures/A/suspensions", {"reason": "testing", "notice": "送检"})
    assert (stop.json["state"], stop.json["due_at"]) == ("suspended", None)
    story.at("2026-10-12 09:00")
    assert story.get("A")["state"] == "suspended"
    end = story.put(story.handler, "A", "suspensions/current/end", {"mode": "resume"})
    assert (end.json["state"], end.json["due_at"]) == ("served", "2026-10-15T17:30:00+08:00")
    longer = {"working_days": 2, "reason": "复检"}
    assert story.put(story.handler, "A", "extension", longer).status_code == 403
    head = {"account_id": story.handler.get("/me").json["id"]}
    assert story.sign_in("admin").put("/posts/MZ/head", head).status_code == 200
    assert story.put(story.handler, "A", "extension", longer).json["due_at"] == "2026-10-19T17:30:00+08:00"
    twice = story.handler.put(f"{story.path}/procedures/A/extension", longer, etag=STALE)
    assert twice.json["type"] == "/problems/already-extended", "whatever the version"
    assert story.put(story.handler, "A", "answer", {"decision": "object"}).status_code == 422
    story.at("2026-10-22 09:00")
    assert story.get("A")["state"] == "served", "a joining department objected: that is no silence"
    no = story.put(story.handler, "A", "answer", {"decision": "object", "reasons": "噪声超标"})
    assert (no.json["state"], no.json["outcome"], story.get("B")["state"]) == ("finished", "objected", "blocked")
    again = story.serve(signed_at="2026-10-22T09:00:00+08:00")
    assert (again["state"], again["outcome"], again["joining_answers"]) == ("served", None, [])


def test_a_closed_office_day_moves_the_limit_before_silence_can_decide(story):
    story.serve()
    admin = story.sign_in("admin")
    assert admin.post(
        "/calendar/closures", {"date": "2026-10-08", "unit_code": "331003000000", "reason": "台风"}
    ).status_code == 201
    now = story.clock.set("2026-10-08 17:31")
    assert consents.deem_silence(actor=system("job"), now=now) == 0
    assert story.get("A")["due_at"] == "2026-10-09T17:30:00+08:00"
    story.at("2026-10-09 17:31")
    assert story.get("A")["deemed"]["effective_at"] == "2026-10-09T17:30:00+08:00"


def test_who_may_serve_and_answer_and_what_is_refused(story):
    other, township = story.sign_in("handler-WS"), story.sign_in("handler-GT")
    assert story.put(other, "A", "service", SIGNED).status_code == 403
    assert story.put(township, "A", "service", SIGNED).status_code == 404
    assert story.put(story.agent, "A", "answer", {"decision": "agree"}).status_code == 403
    assert story.put(story.handler, "A", "answer", {"decision": "agree"}).status_code == 409
    assert story.put(story.agent, "B", "service", SIGNED).status_code == 409
    ahead = SIGNED | {"signed_at": "2026-09-28T10:06:00+08:00"}
    assert story.put(story.agent, "A", "service", ahead).status_code == 422
    stale = story.agent.put(f"{story.path}/procedures/A/service", SIGNED, etag='"9-00000000"')
    assert stale.status_code == 412
    earlier = story.serve(signed_at="2026-09-20T10:00:00+08:00")
    assert earlier["served_at"] == "2026-09-28T10:00:00+08:00", "an agent's word shortens no limit"
    assert notices("procedure_served")
