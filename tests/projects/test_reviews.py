"""Joint reviews over the wire: worked example 2 of issue 6, and what may follow."""
import pytest

from backend.core import sql
from backend.core.actor import system
from backend.projects.jobs import reviews
from tests.cast import sign_in
from tests.projects import calls
from tests.statements import count_statements

SEVEN = ["MZ", "WS", "RS", "GT", "AJ", "LT", "NY"]
AGREES, OBJECTS, EXCUSED, ABSENT, UNSIGNED = SEVEN[:3], "GT", "AJ", "LT", "NY"


class Story:
    """A project of a procedure for each of seven departments, all summoned on Fri 10 Apr for Wed 15 Apr 14:00."""

    def __init__(self, app, clock):
        self.app, self.clock = app, clock
        clock.set("2026-04-10 09:00")
        calls.published(
            self.sign_in("admin"),
            *(calls.procedure(f"P-{code}", lead_department=code, limit_working_days=20) for code in SEVEN),
            calls.procedure("LAST", *(f"P-{code}" for code in SEVEN)), calls.procedure("AFTER", f"P-{ABSENT}"),
        )
        self.agent = self.sign_in("project-agent")
        self.project = calls.project(self.agent, "T")
        for code in SEVEN:
            self.serve(f"P-{code}")
        made = self.agent.post("/joint-reviews", {
            "project_id": self.project["id"], "procedure_codes": [f"P-{code}" for code in SEVEN],
            "departments": SEVEN, "at": "2026-04-15T14:00:00+08:00",
        })
        assert made.status_code == 201, made.json
        self.review, self.path = made.json, f"/joint-reviews/{made.json['id']}"

    def sign_in(self, name):
        return sign_in(self.app.test_client(), name)

    def handler(self, code):
        return self.sign_in(f"handler-{code}")

    def serve(self, code):
        answer = self.agent.put(f"/projects/{self.project['id']}/procedures/{code}/service", {
            "signed_by": "窗口", "signed_at": "2026-04-10T09:00:00+08:00",
        })
        assert answer.status_code == 200, answer.json

    def at(self, text):
        now = self.clock.set(text)
        for job in (reviews.deem_absence, reviews.chase_reviews):
            job(actor=system("tick"), now=now)

    def put(self, who, code, what, body):
        return who.put(f"{self.path}/summonses/{code}/{what}", body)

    def sign(self, code, at="2026-04-10T09:00:00+08:00"):
        return self.put(self.agent, code, "signature", {"signed_by": "办公室", "signed_at": at})

    def attends(self, code, attended=True, who=None, **said):
        return self.put(who or self.agent, code, "attendance", {"attended": attended} | said)

    def summons(self, code):
        return self.agent.get(f"{self.path}/summonses/{code}").json

    def procedure(self, code):
        return self.agent.get(f"/projects/{self.project['id']}/procedures/{code}").json

    def walk(self):
        """The seven of the worked example, up to the evening of the meeting."""
        for code in SEVEN:
            if code != UNSIGNED:
                assert self.sign(code).status_code == 200
        self.at("2026-04-14 10:00")
        excused = self.put(self.handler(EXCUSED), EXCUSED, "excuse", {"reasons": "防汛值守"})
        assert excused.status_code == 200, excused.json
        self.at("2026-04-15 16:00")
        for code in AGREES:
            assert self.attends(code, decision="agree").status_code == 200
        self.attends(OBJECTS, decision="object")
        self.attends(ABSENT, attended=False)
        self.attends(UNSIGNED, attended=False)


@pytest.fixture
def story(district_app, fixed_clock):
    return Story(district_app, fixed_clock)


def told(template):
    return sql.value("SELECT count(*) FROM notice WHERE template = ?", (template,))


def test_the_worked_example_of_seven_departments(story):
    assert (story.review["state"], story.review["minutes_due_on"]) == ("summoned", "2026-04-17")
    assert {each["department"] for each in story.review["summonses"]} == set(SEVEN) and told("review_summoned") == 7
    early = story.attends("MZ", decision="agree")
    assert (early.status_code, early.json["type"]) == (409, "/problems/meeting-not-begun")
    story.walk()
    found = {code: story.summons(code) for code in SEVEN}
    assert [found[code]["outcome"] for code in AGREES] == ["agreed"] * 3
    assert (found[OBJECTS]["outcome"], found[OBJECTS]["counts_as"]) == ("objected_without_reasons", "consent")
    assert (found[ABSENT]["outcome"], found[ABSENT]["counts_as"]) == ("deemed_by_absence", "consent")
    assert (found[EXCUSED]["state"], found[EXCUSED]["outcome"]) == ("excused", None)
    assert found[EXCUSED]["answer_due_at"] == "2026-04-17T17:30:00+08:00"
    assert [found[UNSIGNED][name] for name in ("state", "outcome", "times_served")] == ["served", None, 2]
    assert told("review_summoned") == 7 and told("review_summoned_late") >= 1, "nobody is asked to what is over"
    outstanding = story.agent.put(f"{story.path}/conclusion")
    assert (outstanding.status_code, outstanding.json["type"]) == (409, "/problems/answers-outstanding")
    assert sorted(outstanding.json["outstanding"]) == sorted([EXCUSED, UNSIGNED])
    assert story.agent.get(story.path).json["state"] == "summoned"
    deemed = story.procedure(f"P-{ABSENT}")
    assert (deemed["state"], deemed["outcome"]) == ("finished", "deemed_by_absence")
    assert deemed["deemed"]["effective_at"] == "2026-04-15T14:00:00+08:00"
    assert deemed["deemed"]["opinion_due_at"] == "2026-04-16T17:30:00+08:00"
    assert [story.procedure(f"P-{code}")["outcome"] for code in SEVEN if code != ABSENT] == [None] * 6, (
        "what the agent wrote down is no department's own answer"
    )
    assert story.procedure("AFTER")["state"] == "open" and story.procedure("LAST")["state"] == "blocked"


def test_what_follows_the_meeting_until_its_conclusion_and_minutes(story):
    story.walk()
    late = story.attends(ABSENT, attended=True, decision="object", reasons="路上堵车")
    assert (late.status_code, late.json["type"]) == (409, "/problems/already-deemed")
    assert [each["reasons"] for each in story.summons(ABSENT)["late_answers"]] == ["路上堵车"]
    assert story.attends("MZ", decision="object").json["type"] == "/problems/already-answered"
    wrong = story.put(story.agent, UNSIGNED, "excuse", {"reasons": "忙"})
    assert wrong.status_code == 403, "an excuse is the department's own"
    minutes = {"text": "一致同意推进", "assignments": [
        {"what": "补勘地块", "lead_department": "GT", "participants": ["MZ"], "due_on": "2026-04-20"},
    ]}
    issued = story.agent.put(f"{story.path}/minutes", minutes)
    assert issued.status_code == 200 and issued.json["minutes"]["late"] is False
    assert told("minutes_issued") == 7 and told("assignment_given") == 2
    assert story.agent.put(f"{story.path}/minutes", minutes).json["type"] == "/problems/minutes-issued"
    story.at("2026-04-17 17:29")
    assert story.sign(UNSIGNED, "2026-04-17T09:00:00+08:00").json["answer_due_at"] == "2026-04-21T17:30:00+08:00"
    assert story.attends(UNSIGNED, attended=False).json["outcome"] is None, "it was called after the meeting"
    story.at("2026-04-17 17:31")
    silent = story.summons(EXCUSED)
    assert (silent["outcome"], silent["answered_at"]) == ("deemed_by_absence", "2026-04-17T17:30:00+08:00")
    assert story.procedure(f"P-{EXCUSED}")["outcome"] == "deemed_by_absence"
    answer = story.attends(UNSIGNED, attended=False, who=story.handler(UNSIGNED), decision="object", reasons="侵占耕地")
    assert (answer.json["outcome"], answer.json["counts_as"]) == ("objected", "objection")
    assert story.procedure(f"P-{UNSIGNED}")["outcome"] == "objected"
    done = story.agent.put(f"{story.path}/conclusion")
    assert (done.status_code, done.json["state"], done.json["outstanding"]) == (200, "concluded", [])
    (task,) = story.agent.get("/review-assignments").json["items"]
    story.at("2026-04-21 08:00")
    assert told("assignment_overdue") >= 1
    report = {"report": "已补勘"}
    assert story.handler("MZ").put(f"/review-assignments/{task['id']}/completion", report).status_code == 403
    closed = story.handler("GT").put(f"/review-assignments/{task['id']}/completion", report)
    assert (closed.json["state"], closed.json["overdue"]) == ("done", False)
    back = story.agent.put(f"/review-assignments/{task['id']}/return", {"reason": "缺图"})
    assert (back.json["state"], back.json["overdue"]) == ("open", True)


def test_who_may_what_with_a_summons_and_what_it_costs(story):
    other = story.sign_in("handler-WS")
    body = {"signed_by": "甲", "signed_at": "2026-04-10T09:00:00+08:00"}
    assert story.put(other, "MZ", "signature", body).json["type"] == "/problems/not-your-department"
    assert story.put(other, "WS", "signature", body | {"signed_at": "2026-04-11T09:00:00+08:00"}).status_code == 422
    own = story.put(other, "WS", "signature", body)
    assert own.json["state"] == "signed" and story.put(other, "WS", "signature", body).status_code == 409
    assert story.sign_in("handler-JS").get(story.path).status_code == 404
    assert story.agent.get(f"{story.path}/summonses/JS").status_code == 404
    stale = other.put(f"{story.path}/summonses/WS/excuse", {"reasons": "忙"}, etag='"1-00000000"')
    assert stale.status_code == 412
    for path in (story.path, "/joint-reviews", f"{story.path}/summonses", "/review-assignments"):
        story.agent.get(path)
        with count_statements() as seen:
            assert story.agent.get(path).status_code == 200
        assert len(seen) <= 1 + 3, seen
    (listed,) = story.agent.get("/joint-reviews?unit_code=331003000000").json["items"]
    assert listed["id"] == story.review["id"]
    later = story.agent.put(f"{story.path}/postponement", {"at": "2026-04-16T09:00:00+08:00", "reason": "停电"})
    assert later.json["minutes_due_on"] == "2026-04-18"
    assert [(each["state"], each["times_served"]) for each in later.json["summonses"]] == [("served", 2)] * 7
    story.clock.set("2026-04-16 09:00")
    said = story.attends("WS", who=other, decision="agree")
    assert said.json["outcome"] == "agreed" and story.procedure("P-WS")["outcome"] == "agreed", "its own account's word"
    gone = story.agent.put(f"/projects/{story.project['id']}/abandonment", {"reason": "撤资"})
    assert gone.status_code == 200 and story.attends("MZ", decision="agree").status_code == 409
