"""Ratings by the resident's own token, and what a low one starts (issue 7, rules 10.3 and 10.5)."""
import pytest

from backend.core import sql, verification
from backend.core.actor import system
from backend.voice import jobs
from tests import cast
from tests.voice.calls import completed, me, rated, sent, slip


@pytest.fixture(autouse=True)
def june(fixed_clock):
    """The first of June of the worked example."""
    return fixed_clock.set("2026-06-01 09:00")


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


def only(caller, case, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    [found] = sent(caller.get(f"/rectifications?errand_id={case['id']}{query}"))["items"]
    return found


def test_one_star_starts_a_call_and_a_rectification_and_a_second_rating_is_refused(
    agent, neighbour, operator, township, stranger, supervisor, fixed_clock
):
    """The worked example: finished Mon 1 Jun 2026; call-back 2 Jun, rectification Tue 23 Jun (19 Jun is a holiday)."""
    case = completed(agent)
    path = f"/errands/{case['id']}"
    assert agent.post(f"{path}/rating-slips", {"channel": "slip"}).status_code == 403
    made = slip(township, case)
    token = made["token"]
    assert (made["round"], made["expires_at"]) == (1, "2026-08-30T09:00:00+08:00")
    given = {"level": 1, "comment": "态度不好"}
    assert sent(agent.put(f"/ratings/{token}", given, etag=None), 403)["type"] == "/problems/own-work"
    assert stranger.put("/ratings/nobodys", {"level": 9}, etag=None).status_code == 404, "before its shape"
    fixed_clock.set("2026-06-01 16:00")
    before = sent(agent.get(path)), agent.get(path).headers["ETag"], sent(agent.get(f"{path}/events"))
    answer = sent(stranger.put(f"/ratings/{token}", given, etag=None))
    assert (answer["level"], answer["level_name"]) == (1, "非常不满意")
    again = stranger.put(f"/ratings/{token}", {"level": 5}, etag=None)
    assert sent(again, 409)["type"] == "/problems/already-rated"
    assert agent.put(f"/ratings/{token}", {"level": 5}, etag=None).status_code == 403
    assert (sent(agent.get(path)), agent.get(path).headers["ETag"], sent(agent.get(f"{path}/events"))) == before
    found = only(township, case)
    assert found["callback_due_at"] == "2026-06-02T17:30:00+08:00"
    assert found["due_at"] == "2026-06-23T17:30:00+08:00"
    assert (found["state"], found["level"], found["comment"]) == ("open", 1, "态度不好")
    assert found["resident"]["phone"] == "138****1234"
    assert only(supervisor, case)["id"] == found["id"]
    for caller in (agent, neighbour, operator):
        assert caller.get(f"/rectifications?errand_id={case['id']}").status_code == 403
    assert sent(operator.get("/me/notices"))["items"] == []
    assert [one["template"] for one in sent(township.get("/me/notices"))["items"]] == ["rating_low"]
    assert "2026" not in sent(township.get("/me/notices"))["items"][0]["text"][:30]
    assert stranger.put(f"/ratings/{token}", {"level": 6}, etag=None).status_code == 422
    assert sent(township.post(f"{path}/rating-slips", {"channel": "slip"}), 409)["type"] == "/problems/already-rated"


def test_what_is_put_right_needs_a_call_four_things_and_ends_with_one_follow_up(agent, township, stranger, later):
    case = completed(agent)
    rated(township, stranger, case, 2)
    path = f"/rectifications/{only(township, case)['id']}"
    four = {"goal": "当面道歉", "person": "张三", "due_on": "2026-06-10", "quality": "群众满意"}
    late = four | {"due_on": "2026-06-24"}
    assert list(sent(township.put(f"{path}/plan", late), 422)["errors"]) == ["due_on"]
    lacking = sent(township.put(f"{path}/plan", {"goal": "x"}), 422)["errors"]
    assert sorted(lacking) == ["due_on", "person", "quality"]
    planned = sent(township.put(f"{path}/plan", four))
    assert (planned["state"], planned["person"], planned["promised_on"]) == ("planned", "张三", "2026-06-10")
    done = {"result": "已道歉"}
    unrung = township.put(f"{path}/completion", done, etag='"1-0"')
    assert sent(unrung, 409)["type"] == "/problems/callback-outstanding", "whatever the ETag"
    assert sent(township.post(f"{path}/calls", {"reached": False}), 201)["calls"] == 1
    reached = township.post(f"{path}/calls", {"reached": True, "note": "愿意谅解"})
    assert sent(reached, 201)["called_at"] == "2026-06-01T09:00:00+08:00"
    again = township.post(f"{path}/calls", {"reached": True}, headers={"If-Match": '"1-0"'})
    assert sent(again, 409)["type"] == "/problems/already-called-back"
    stale = township.put(f"{path}/completion", done, etag='"1-00000000"')
    assert stale.status_code == 412
    township, supervisor = later("2026-06-10 10:00", cast.OFFICE_OF_TOWNSHIP, "supervisor")
    assert sent(township.put(f"{path}/completion", done, etag=reached.headers["ETag"]))["state"] == "done"
    asked = sql.row("SELECT * FROM rating_slip WHERE round = 2")
    assert (asked["channel"], asked["state"]) == ("sms", "open")
    token = slip(township, case, "phone")["token"]
    sent(stranger.put(f"/ratings/{token}", {"level": 1}, etag=None))
    assert only(supervisor, case)["state"] == "unresolved"
    assert sql.value("SELECT count(*) FROM rectification") == 1
    told = [one["template"] for one in sent(supervisor.get("/me/notices"))["items"]]
    assert told == ["rating_unresolved"]
    assert township.put(f"{path}/closing", {"reason": "已尽力"}).status_code == 403
    assert sent(supervisor.put(f"{path}/closing", {"reason": "已尽力"}))["state"] == "closed"
    assert township.post(f"/errands/{case['id']}/rating-slips", {"channel": "slip"}).status_code == 409
    story = sent(supervisor.get(f"{path}/events"))["items"]
    assert [one["action"] for one in story] == ["begin", "plan", "call", "call", "finish", "follow_up", "close"]
    assert verification.verify().code == 0


def test_what_is_late_is_told_once_and_a_good_follow_up_ends_it(agent, township, stranger, fixed_clock, later):
    case = completed(agent)
    rated(township, stranger, case, 1)

    def tick(moment):
        return jobs.lapse(actor=system("test"), now=fixed_clock.set(moment))

    assert (tick("2026-06-02 17:30"), tick("2026-06-02 17:31"), tick("2026-06-03 09:00")) == (0, 1, 0)
    assert (tick("2026-06-23 17:30"), tick("2026-06-24 00:00"), tick("2026-06-25 00:00")) == (0, 1, 0)
    found = sql.rows("SELECT kind, code, effective_at, detected_at FROM voice_lapse ORDER BY effective_at")
    assert [(one["kind"], one["code"]) for one in found] == [
        ("callback", cast.TOWNSHIP), ("rectify", cast.TOWNSHIP)
    ]
    township, supervisor = later("2026-06-25 09:00", cast.OFFICE_OF_TOWNSHIP, "supervisor")
    for caller in (township, supervisor):
        told = [one["template"] for one in sent(caller.get("/me/notices"))["items"]]
        assert told.count("rectification_late") == 2
    path = f"/rectifications/{only(township, case)['id']}"
    assert only(township, case)["overdue"]
    for _ in range(3):
        sent(township.post(f"{path}/calls", {"reached": False}), 201)
    plan = {"goal": "补办", "person": "李四", "due_on": "2026-06-25", "quality": "一次办成"}
    sent(township.put(f"{path}/plan", plan))
    sent(township.put(f"{path}/completion", {"result": "已办"}))
    token = slip(township, case)["token"]
    sent(stranger.put(f"/ratings/{token}", {"level": 4}, etag=None))
    assert sent(township.get(f"/rectifications?errand_id={case['id']}"))["items"] == []
    assert only(township, case, state="all")["state"] == "closed"


def test_an_upheld_appeal_excludes_from_scores_and_deletes_nothing(
    agent, township, stranger, supervisor, later
):
    levels = (5, 5, 4, 4, 4, 1)
    cases = [completed(agent, serial) for serial in range(1, 7)]
    for case, level in zip(cases[:4], levels):
        rated(township, stranger, case, level)
    nothing = {"count": None, "average": None, "by_level": None}
    span = f"/ratings?unit_code={cast.VILLAGE}&from=2026-06-01&to=2026-06-01"
    assert sent(township.get(span)) == nothing
    for case, level in zip(cases[4:], levels[4:]):
        rated(township, stranger, case, level)
    found = sent(township.get(span))
    assert found == {"count": 6, "average": 3.83, "by_level": {"1": 1, "2": 0, "3": 0, "4": 3, "5": 2}}
    assert sent(supervisor.get(f"/ratings?unit_code={cast.VILLAGE}&unit_code={cast.TOWNSHIP}"))["count"] == 6
    assert sent(township.get(f"/ratings?unit_code={cast.FAR_VILLAGE}")) == nothing
    assert sent(agent.get(span)) == nothing
    agent, township, supervisor = later("2026-06-02 09:00", cast.AGENT, cast.OFFICE_OF_TOWNSHIP, "supervisor")
    assert sent(agent.get(span))["by_level"] == {"1": 0, "2": 0, "3": 0, "4": 3, "5": 2}
    path = f"/rectifications/{only(township, cases[5])['id']}"
    assert supervisor.put(f"{path}/appeal/decision", {"upheld": True, "answer": "x"}).status_code == 409
    assert sent(township.put(f"{path}/appeal", {"reason": "并非代办员办理"}))["appeal"]["state"] == "asked"
    assert sent(township.put(f"{path}/appeal", {"reason": "再诉"}), 409)["type"] == "/problems/already-appealed"
    assert township.put(f"{path}/appeal/decision", {"upheld": True, "answer": "x"}).status_code == 403
    done = sent(supervisor.put(f"{path}/appeal/decision", {"upheld": True, "answer": "属实"}))
    assert (done["state"], done["excluded"], done["appeal"]["state"]) == ("dropped", True, "upheld")
    assert sent(supervisor.put(f"{path}/appeal/decision", {"upheld": True, "answer": "属实"}), 409)["type"] == (
        "/problems/appeal-decided"
    )
    assert sent(township.get(span))["by_level"] == {"1": 0, "2": 0, "3": 0, "4": 3, "5": 2}
    assert sql.value("SELECT count(*) FROM rating") == 6
    assert sent(agent.get(span))["count"] == 5


def test_a_slip_runs_out_is_replaced_and_waits_for_completion(
    agent, operator, township, stranger, later
):
    open_case = sent(agent.post("/errands", cast.errand()), 201)
    path = f"/errands/{open_case['id']}/rating-slips"
    assert sent(township.post(path, {"channel": "slip"}), 409)["type"] == "/problems/errand-not-finished"
    far = later("2026-06-01 10:00", f"operator-{cast.FAR_TOWNSHIP}")[0]
    assert far.post(path, {"channel": "slip"}).status_code == 404
    case = completed(agent, 2)
    first = township.post(f"/errands/{case['id']}/rating-slips", {"channel": "slip"}, key="the-first-slip")
    old = sent(first, 201)["token"]
    again = township.post(f"/errands/{case['id']}/rating-slips", {"channel": "slip"}, key="the-first-slip")
    assert (again.json["token"], again.headers["Idempotent-Replayed"]) == (old, "true")
    page = f"/errands/{case['id']}/rating-slip.html"
    assert old in township.get(page).text and "<svg" in operator.get(page).text
    assert (agent.get(page).status_code, far.get(page).status_code) == (403, 404)
    undo = f"/errands/{case['id']}/reversals"
    sent(township.post(undo, {"reason": "误点办结"}), 201)
    undone = stranger.put(f"/ratings/{old}", {"level": 3}, etag=None)
    assert sent(undone, 409)["type"] == "/problems/errand-not-finished"
    sent(agent.put(f"/errands/{case['id']}/completion", {"outcome": "granted", "result": "批准"}))
    new = slip(operator, case, "sms")["token"]
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'rating_asked'") == 1
    assert stranger.put(f"/ratings/{old}", {"level": 3}, etag=None).status_code == 410
    agent, township = later("2026-08-30 10:00", cast.AGENT, cast.OFFICE_OF_TOWNSHIP)
    assert sent(stranger.put(f"/ratings/{new}", {"level": 3}, etag=None), 410)["type"] == "/problems/slip-expired"
    assert sql.value("SELECT count(*) FROM rating_slip WHERE token_hash = ?", (new,)) == 0
    silent = completed(agent, 3, resident=cast.errand()["resident"] | {"phone": "0576-84110001"})
    refused = township.post(f"/errands/{silent['id']}/rating-slips", {"channel": "sms"})
    assert sent(refused, 409)["type"] == "/problems/no-mobile"
    taken = slip(township, silent, "phone")["token"]
    sent(township.put(f"/ratings/{taken}", {"level": 5}, etag=None))
    assert sql.value("SELECT taken_by FROM rating") == me(township)
