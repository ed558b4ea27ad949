"""Complaints: who handles them, who never sees them, and how they end (issue 7, rules 10.2)."""
import pytest

from backend.core import sql, verification
from backend.core.actor import system
from backend.errands.actions import erasing
from backend.voice import jobs
from backend.voice.actions import declared
from tests import cast
from tests.voice.calls import complaint, completed, me, sent


@pytest.fixture(autouse=True)
def april(fixed_clock):
    """The Thursday of the worked example."""
    return fixed_clock.set("2026-04-30 16:00")


@pytest.fixture
def supervisor(district_app):
    return cast.sign_in(district_app.test_client(), "supervisor")


@pytest.fixture
def later(fixed_clock, district_app):
    """Go to a moment, and be the callers of these names there: sessions have ended."""
    def go(moment, *names):
        fixed_clock.set(moment)
        return [cast.sign_in(district_app.test_client(), name) for name in names]

    return go


def numbers(caller, query=""):
    return [one["number"] for one in sent(caller.get(f"/complaints{query}"))["items"]]


def ask(caller, number, digits):
    return caller.post("/progress", {"number": number, "phone_last4": digits})


def test_a_complaint_about_a_village_of_a_township_that_left_office_goes_to_the_district(admin, stranger, supervisor):
    leaving = {"valid_to": "2026-04-30", "successor_code": cast.FAR_TOWNSHIP}
    assert admin.patch(f"/units/{cast.TOWNSHIP}", leaving).status_code == 200
    number = sent(stranger.post("/complaints", complaint()), 201)["number"]
    (one,) = sent(supervisor.get("/complaints"))["items"]
    assert (one["number"], one["handler_code"]) == (number, cast.DISTRICT)


def test_a_complaint_is_due_by_working_days_and_never_shown_to_the_agent_complained_about(
    agent, neighbour, operator, township, stranger, supervisor, admin, later
):
    """The worked example: Thu 30 Apr 2026 16:00; accept-or-not by Fri 8 May 17:30, done by Mon 1 Jun."""
    case = completed(agent)
    about = {"unit_code": cast.VILLAGE, "errand_number": case["number"], "account_id": me(agent)}
    made = sent(stranger.post("/complaints", complaint(about=about)), 201)
    assert made["answer_due_at"] == "2026-05-08T17:30:00+08:00"
    assert made["finish_due_at"] == "2026-06-01T17:30:00+08:00"
    assert (made["state"], made["query_code"]) == ("received", None)
    assert made["number"].startswith("990000-260430-0001-")
    path = f"/complaints/{made['id']}"
    for caller in (agent, neighbour, operator):
        assert caller.get(path).status_code == 404
        assert caller.put(f"{path}/acceptance").status_code == 403
        assert numbers(caller, "?state=all") == []
        assert sent(caller.get("/me/notices"))["items"] == []
        assert sent(caller.get("/call-tasks?state=all"))["items"] == []
    assert made["number"] not in agent.get(f"/errands/{case['id']}/events").get_data(as_text=True)
    shown = sent(township.get(path))
    assert (shown["handler_code"], shown["contact"]["phone"]) == (cast.TOWNSHIP, "138****1234")
    assert (shown["about"]["account_name"], shown["anonymous"]) == ("百花社区居委会代办员", False)
    for caller in (township, supervisor, admin):
        assert numbers(caller) == [made["number"]]
    [told] = sent(township.get("/me/notices"))["items"]
    assert told["template"] == "complaint_received" and "5月8日17:30" in told["text"]
    assert sent(supervisor.get("/me/notices"))["items"] == []
    full = sent(township.post(f"{path}/full-view", {"reason": "回复投诉人"}), 201)
    assert (full["phone"], full["full"]) == ("13805761234", True)
    progress = sent(ask(stranger, made["number"], "1234"))
    assert (progress["kind"], progress["due_at"]) == ("complaint", "2026-05-08T17:30:00+08:00")
    wrong, unknown = ask(stranger, made["number"], "0000"), ask(stranger, "990000-260430-0002-1", "1234")
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.json == unknown.json
    township, = later("2026-05-09 09:00", cast.OFFICE_OF_TOWNSHIP)
    assert sent(township.get(path))["overdue"]


def test_it_closes_with_a_finding_its_handling_and_feedback_and_reopening_climbs(
    stranger, township, supervisor, admin
):
    made = sent(stranger.post("/complaints", complaint()), 201)
    path = f"/complaints/{made['id']}"
    verdict = {"finding": "explained", "handling": "已核实，当日有会议", "upheld": False}
    assert sent(township.put(f"{path}/conclusion", verdict), 409)["type"] == "/problems/illegal-move"
    assert admin.put(f"{path}/acceptance").json["type"] == "/problems/not-your-complaint"
    accepted = township.put(f"{path}/acceptance")
    assert sent(accepted)["state"] == "accepted"
    assert township.put(f"{path}/conclusion", verdict, etag='"1-0"').status_code == 412
    assert township.put(f"{path}/conclusion", {"finding": "solved"}).status_code == 422
    sent(township.put(f"{path}/conclusion", verdict, etag=accepted.headers["ETag"]))
    untold = township.put(f"{path}/closing", etag='"1-0"')
    assert sent(untold, 409)["type"] == "/problems/complainant-not-told", "whatever the ETag"
    stale = {"headers": {"If-Match": '"1-0"'}}
    by_number = township.post(f"{path}/feedbacks", {"method": "by_number", "reached": True}, **stale)
    assert sent(by_number, 409)["type"] == "/problems/can-be-reached"
    assert township.post(f"{path}/feedbacks", {"method": "phone", "reached": True}, **stale).status_code == 412
    missed = sent(township.post(f"{path}/feedbacks", {"method": "phone", "reached": False}), 201)
    assert missed["told_at"] is None
    assert township.put(f"{path}/closing").status_code == 409
    sent(township.post(f"{path}/feedbacks", {"method": "phone", "reached": True, "note": "已告知"}), 201)
    assert sent(township.put(f"{path}/closing"))["state"] == "closed"
    steps = [step["what"] for step in sent(ask(stranger, made["number"], "1234"))["steps"]]
    assert steps[-1] == "办理结论：已解释说明。已核实，当日有会议"
    first = {"number": made["number"], "phone_last4": "1234", "reason": "不是事实"}
    assert stranger.post("/complaints/reopenings", first | {"phone_last4": "0000"}).status_code == 404
    again = sent(stranger.post("/complaints/reopenings", first), 201)
    assert (again["state"], again["round"], again["handler_code"]) == ("received", 2, cast.TOWNSHIP)
    assert stranger.post("/complaints/reopenings", first).status_code == 409
    refused = sent(township.put(f"{path}/refusal", {"reason": "重复投诉", "referral": "区行政服务中心"}))
    assert (refused["state"], refused["finding"]) == ("refused", None)
    second = sent(stranger.post("/complaints/reopenings", first), 201)
    assert (second["round"], second["handler_code"]) == (3, cast.DISTRICT)
    assert township.get(path).status_code == 404 and numbers(township, "?state=all") == []
    sent(supervisor.put(f"{path}/acceptance"))
    told = [one["template"] for one in sent(supervisor.get("/me/notices"))["items"]]
    assert told == ["complaint_reopened"]
    sent(supervisor.put(f"{path}/conclusion", verdict | {"finding": "solved", "upheld": True}))
    sql.execute("UPDATE notice SET state = 'delivered', ended_at = made_at WHERE template = 'complaint_concluded'")
    done = sent(supervisor.put(f"{path}/closing"))
    assert (done["told_how"], done["upheld"]) == ("sms", True)
    story = [one["action"] for one in sent(supervisor.get(f"{path}/events"))["items"]]
    assert story == [
        "take", "accept", "conclude", "tell", "tell", "close", "reopen", "refuse", "reopen", "accept", "conclude",
        "close",
    ]
    assert verification.verify().code == 0


def test_who_is_complained_about_never_handles_it_whatever_his_role(
    agent, operator, township, stranger, supervisor, admin, district_app
):
    house = sent(stranger.post("/complaints", complaint(about={"unit_code": cast.TOWNSHIP})), 201)
    desk = {"unit_code": cast.VILLAGE, "account_id": me(operator)}
    clerk = sent(stranger.post("/complaints", complaint(about=desk)), 201)
    head = {"unit_code": cast.VILLAGE, "account_id": me(township)}
    office = sent(stranger.post("/complaints", complaint(about=head)), 201)
    top = {"unit_code": cast.DISTRICT, "account_id": me(supervisor)}
    watch = sent(stranger.post("/complaints", complaint(about=top)), 201)
    keeper = {"unit_code": cast.DISTRICT, "account_id": me(admin)}
    board = sent(stranger.post("/complaints", complaint(about=keeper)), 201)
    assert numbers(township) == [] and sent(township.get("/me/notices"))["items"] == []
    assert numbers(operator) == numbers(agent) == []
    for one in (house, clerk, office):
        assert sent(supervisor.get(f"/complaints/{one['id']}"))["handler_code"] == cast.DISTRICT
    assert supervisor.get(f"/complaints/{watch['id']}").status_code == 404
    assert watch["number"] not in numbers(supervisor)
    assert sent(admin.put(f"/complaints/{watch['id']}/acceptance"))["state"] == "accepted"
    assert admin.get(f"/complaints/{board['id']}").status_code == 404
    outbox = sent(admin.get("/outbox?state=all&limit=200"))["items"]
    assert board["number"] not in {one["subject_number"] for one in outbox}
    assert admin.get(f"/outbox/{sql.value(NOTICE, (board['id'],))}").status_code == 404
    outbox = sent(supervisor.get("/outbox?state=all&limit=200"))["items"]
    told = {one["subject_number"] for one in outbox}
    assert board["number"] in told and watch["number"] not in told
    numbered = [one["number"].split("-")[2] for one in (house, clerk, office, watch, board)]
    assert numbered == ["0001", "0002", "0003", "0004", "0005"]
    later = sent(agent.post("/errands", cast.errand()), 201)
    assert later["number"].startswith("001001-260430-0001-")


def test_no_copy_and_no_access_log_tells_whom_a_complaint_is_about(
    agent, township, stranger, supervisor, admin
):
    """A township hands her the copy without what was said of it or of its house; nor is an act on those told."""
    her = completed(agent)["resident"]["id"]
    texts = ("关于镇办人员", "关于镇办", "关于监督员", "关于村里")
    places = (
        {"unit_code": cast.VILLAGE, "account_id": me(township)}, {"unit_code": cast.TOWNSHIP},
        {"unit_code": cast.DISTRICT, "account_id": me(supervisor)}, {"unit_code": cast.VILLAGE},
    )
    made = [
        sent(stranger.post("/complaints", complaint(about=about, text=text)), 201)["id"]
        for about, text in zip(places, texts)
    ]
    for caller, one in ((admin, made[2]), (township, made[3])):
        sent(caller.post(f"/complaints/{one}/full-view", {"reason": "回复投诉人"}), 201)
    for caller, told in ((township, {3}), (supervisor, {0, 1, 3}), (admin, {0, 1, 2, 3})):
        copy = sent(caller.post(f"/residents/{her}/copies", {"reason": "本人申请"}), 201)
        said = {each["value"] for row in copy["held"] for each in row["values"]}
        assert said & {*texts, *made} == {part[n] for part in (texts, made) for n in told}
        assert [act["what"] for act in copy["acts"]].count("收到投诉") == len(told)
    log = sent(supervisor.get("/access-log"))["items"]
    assert [entry["subject_id"] for entry in log if entry["subject_type"] == "complaint"] == [made[3]]


NOTICE = "SELECT id FROM notice WHERE subject_id = ? ORDER BY id LIMIT 1"


def test_an_anonymous_one_is_asked_for_with_four_digits_and_told_by_number(stranger, township, supervisor, later):
    body = complaint()
    del body["contact"]
    made = sent(stranger.post("/complaints", body, key="the-anonymous-one"), 201)
    again = stranger.post("/complaints", body, key="the-anonymous-one")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (made, "true")
    code = made["query_code"]
    assert len(code) == 4 and sent(ask(stranger, made["number"], code))["state"] == "received"
    path = f"/complaints/{made['id']}"
    shown = sent(township.get(path))
    assert (shown["anonymous"], shown["contact"]) == (True, None) and "query_code" not in shown
    sent(township.put(f"{path}/acceptance"))
    passed = sent(township.put(f"{path}/passing-up", {"reason": "涉及多个乡镇"}))
    assert passed["handler_code"] == cast.DISTRICT
    assert township.get(path).status_code == 404
    up = supervisor.put(f"{path}/passing-up", {"reason": "再上转"}, etag='"1-0"')
    assert sent(up, 409)["type"] == "/problems/nothing-above"
    sent(supervisor.put(f"{path}/conclusion", {"finding": "referred_up", "handling": "已报市级"}))
    sent(supervisor.post(f"{path}/feedbacks", {"method": "by_number", "reached": True}), 201)
    assert sent(supervisor.put(f"{path}/closing"))["told_how"] == "by_number"


def test_the_staff_write_down_what_they_are_told_and_nonsense_is_refused(operator, stranger, supervisor):
    taken = sent(operator.post("/complaints", complaint(channel="phone", contact="微信：桂香")), 201)
    assert numbers(operator) == [taken["number"]] and taken["query_code"]
    assert sent(operator.get(f"/complaints/{taken['id']}"))["contact"] == {
        "name": None, "phone": None, "text": "微信：桂香",
    }
    named = sent(stranger.post("/complaints", complaint(contact={"name": "王桂香", "phone": "138 0576 1234"})), 201)
    assert sent(supervisor.get(f"/complaints/{named['id']}"))["contact"]["phone"] == "138****1234"
    for changes, field in (
        ({"about": {"unit_code": "331003999999"}}, "about.unit_code"),
        ({"about": {"unit_code": "330000000000"}}, "about.unit_code"),
        ({"about": {"unit_code": cast.VILLAGE, "account_id": "nobody"}}, "about.account_id"),
        ({"about": {"unit_code": cast.VILLAGE, "errand_number": "12"}}, "about.errand_number"),
        ({"contact": {"phone": "12"}}, "contact.phone"), ({"contact": 5}, "contact"), ({"channel": "desk"}, "channel"),
        ({"text": " "}, "text"),
    ):
        answer = sent(stranger.post("/complaints", complaint(**changes)), 422)
        assert list(answer["errors"]) == [field], answer
    assert operator.post("/complaints", complaint(channel="web")).status_code == 422
    sql.execute("UPDATE failed_try SET times = 58 WHERE kind = 'complaint-source'")
    assert [stranger.post("/complaints", complaint()).status_code for _ in range(3)] == [201, 201, 429]


def test_what_is_late_climbs_and_what_is_laid_follows_the_calendar(stranger, admin, fixed_clock, later):
    made = sent(stranger.post("/complaints", complaint()), 201)
    closed = {"date": "2026-05-07", "unit_code": cast.TOWNSHIP, "reason": "停电"}
    sent(admin.post("/calendar/closures", closed), 201)
    jobs.reproject(actor=system("test"), now=fixed_clock.now())
    due = sql.rows("SELECT answer_due_at FROM complaint")[0]["answer_due_at"]
    assert due.isoformat() == "2026-05-09T09:30:00+00:00"

    def tick(moment):
        return jobs.lapse(actor=system("test"), now=fixed_clock.set(moment))

    assert (tick("2026-05-09 17:30"), tick("2026-05-09 17:31"), tick("2026-05-09 18:00")) == (0, 1, 0)
    township, supervisor = later("2026-06-01 17:31", cast.OFFICE_OF_TOWNSHIP, "supervisor")
    assert (tick("2026-06-01 17:31"), tick("2026-06-02 00:00")) == (1, 0)
    for caller in (township, supervisor):
        told = [one["template"] for one in sent(caller.get("/me/notices"))["items"]]
        assert told.count("complaint_late") == 2
    assert sent(township.get(f"/complaints/{made['id']}"))["overdue"]


def test_erasing_and_time_blank_what_a_complaint_says_of_people(agent, stranger, township, fixed_clock, later):
    case = completed(agent)
    about = {"unit_code": cast.VILLAGE, "errand_number": case["number"]}
    made = sent(stranger.post("/complaints", complaint(about=about)), 201)
    other = sent(stranger.post("/complaints", complaint(contact="13805769999")), 201)
    erasing.erase(case["resident"]["id"], reason="本人要求", actor=system("test"), now=fixed_clock.now())
    shown = sent(township.get(f"/complaints/{made['id']}"))
    assert (shown["text"], shown["contact"]) == (None, None)
    path = f"/complaints/{other['id']}"
    assert sent(township.put(f"{path}/refusal", {"reason": "不属实", "referral": "区政府"}))["text"]
    later_by = fixed_clock.set("2029-05-01 09:00")
    assert declared.forget(50, actor=system("test"), now=later_by) == 1
    assert declared.forget(50, actor=system("test"), now=later_by) == 0
    assert sql.value("SELECT count(*) FROM complaint WHERE text_sealed IS NOT NULL") == 0
    assert verification.verify().code == 0
