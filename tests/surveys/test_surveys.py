"""Surveys over the wire: one slip one answer, nothing that ties an answer to anybody, results above a minimum."""
import threading
from collections import Counter

from backend.core import sql
from backend.core.actor import anonymous, system
from backend.core.problems import Problem
from backend.surveys import jobs
from backend.surveys.actions import answering
from tests import cast
from tests.statements import count_statements
from tests.surveys import calls


def supervisor_of(app):
    return cast.sign_in(app.test_client(), "supervisor")


def sign(app, name):
    return cast.sign_in(app.test_client(), name)


def stored():
    """Every row of every table that an answer touches, and its keys."""
    tables = ("survey", "survey_group", "survey_tally", "survey_slip", "idempotency_key")
    return {table: Counter(repr(row) for row in sql.plain(f"SELECT * FROM {table}")) for table in tables}


def test_a_survey_from_draft_to_published_results(district_app, stranger, fixed_clock):
    supervisor, office = supervisor_of(district_app), sign(district_app, "office")
    made = supervisor.post("/surveys", calls.body())
    assert made.json["state"] == "draft" and made.json["closes_at"] == "2026-03-31T17:30:00+08:00"
    path = f"/surveys/{made.json['id']}"
    assert stranger.get(path).status_code == office.get(path).status_code == 404
    assert stranger.get("/surveys?state=all").json["items"] == []
    changed = supervisor.put(path, calls.body(title="改了"), etag=made.headers["ETag"])
    assert changed.json["title"] == "改了" and supervisor.put(path, calls.body(), etag='"1"').status_code == 412
    assert supervisor.post(f"{path}/slips", {"count": 1, "unit_code": cast.VILLAGE}).status_code == 409
    assert supervisor.put(f"{path}/opening").json["state"] == "open"
    assert supervisor.put(path, calls.body()).json["type"] == "/problems/illegal-move"
    assert supervisor.post(f"{path}/slips", {"count": 1}).status_code == 422
    assert supervisor.post(f"{path}/slips", {"count": 1, "unit_code": cast.TOWNSHIP}).status_code == 422
    survey_id = made.json["id"]
    tokens = calls.slips(supervisor, survey_id, 7)
    others = calls.slips(supervisor, survey_id, 8, cast.NEIGHBOUR)
    given = [{"first": 1, "last": 7, "unit_code": cast.VILLAGE}, {"first": 8, "last": 15, "unit_code": cast.NEIGHBOUR}]
    assert supervisor.get(f"{path}/slips").json["items"] == given
    sheet = supervisor.get(f"{path}/slips.html?first=8")
    assert sheet.text.count("<svg") == 8 and "改了" in sheet.text and others[0] not in sheet.text, "in the code only"
    assert supervisor.get(f"{path}/slips.html?first=2").status_code == 404
    shown = stranger.get(path)
    assert shown.json["issued"] is None and len(shown.json["sections"]) == 2
    for token in tokens:
        assert calls.answer(stranger, survey_id, token).status_code == 201
    for token in others[:3]:
        assert calls.answer(stranger, survey_id, token, calls.answers(polite=1)).status_code == 201
    assert stranger.get(path).headers["ETag"] == shown.headers["ETag"], "an answer does not show in the survey"
    assert supervisor.get(path).json["returned_about"] == 10
    assert stranger.get(f"{path}/results").status_code == 404
    running = supervisor.get(f"{path}/results").json
    assert running["answers"] is None and running["sections"][0]["questions"][0]["by_choice"] is None
    assert supervisor.put(f"{path}/publication").status_code == 409
    fixed_clock.set("2026-03-31 17:30")
    assert calls.answer(stranger, survey_id, others[7]).status_code == 201, "exactly then is in time"
    fixed_clock.advance(seconds=1)
    assert calls.answer(stranger, survey_id, others[3]).json["type"] == "/problems/survey-over"
    assert jobs.close_surveys(actor=system("test"), now=fixed_clock.now()) == 1
    assert jobs.close_surveys(actor=system("test"), now=fixed_clock.now()) == 0
    told = sign(district_app, "office").get(f"{path}/results").json
    assert told["answers"] == 11 and told["sections"][0]["average"] == 3.95
    assert told["sections"][0]["questions"][0]["by_choice"] == [3, 0, 0, 0, 8]
    assert told["units"] == [], "the four of the other village would be what is left"
    assert supervisor_of(district_app).put(f"{path}/publication").json["state"] == "published"
    assert stranger.get(f"{path}/results").json["answers"] == 11
    assert [each["id"] for each in stranger.get("/surveys?state=published").json["items"]] == [survey_id]
    assert sql.value("SELECT count(*) FROM notice WHERE template = 'survey_closed'") == 1
    assert sql.value("SELECT count(*) FROM survey_slip") == 0


def test_a_slip_answers_once_and_a_wrong_answer_leaves_it(district_app, stranger):
    supervisor = supervisor_of(district_app)
    survey_id = calls.opened(supervisor)
    key = {"key": "slips-once-more"}
    first = supervisor.post(f"/surveys/{survey_id}/slips", {"count": 2, "unit_code": cast.VILLAGE}, **key)
    again = supervisor.post(f"/surveys/{survey_id}/slips", {"count": 2, "unit_code": cast.VILLAGE}, **key)
    assert again.headers["Idempotent-Replayed"] == "true" and again.json == first.json
    token, other = first.json["tokens"]
    wrong = calls.answer(stranger, survey_id, token, calls.answers()[:1])
    assert wrong.status_code == 422 and "answers" in wrong.json["errors"]
    assert calls.answer(stranger, survey_id, token).status_code == 201
    assert calls.answer(stranger, survey_id, token).json["type"] == "/problems/slip-used"
    forged = token.partition(".")[0] + "." + other.partition(".")[2]
    assert calls.answer(stranger, survey_id, forged).status_code == 422
    assert calls.answer(stranger, survey_id, "999." + "a" * 20).status_code == 422
    assert calls.answer(stranger, "nowhere", token).status_code == 404
    few = supervisor.put(f"/surveys/{survey_id}/closing")
    assert few.json["state"] == "closed" and few.json["returned_about"] is None
    early = supervisor.put(f"/surveys/{survey_id}/publication", etag='"1-0"')
    assert early.json["type"] == "/problems/too-few-answers", "whatever the ETag"
    results = supervisor.get(f"/surveys/{survey_id}/results").json
    assert results["answers"] is None and results["sections"][0]["average"] is None


def test_an_answer_leaves_counts_and_nothing_that_tells_whose_it_was(district_app, agent, fixed_clock):
    """Sent with an agent's sign-in and a key, which is what a careless client does: neither is kept."""
    survey_id = calls.opened(supervisor_of(district_app))
    token, other = calls.slips(supervisor_of(district_app), survey_id, 2)
    before = stored()
    fixed_clock.advance(minutes=7)
    body = {"token": token, "answers": calls.answers(polite=2)}
    with count_statements() as seen:
        done = agent._send("POST", f"/surveys/{survey_id}/answers", json=body, headers={"Idempotency-Key": "mine-1234"})
    assert done.status_code == 201 and done.json == {"survey_id": survey_id, "counted": True}
    written = [text for text in seen if text.split()[0] in ("INSERT", "UPDATE", "DELETE", "WITH")]
    assert len([text for text in written if "ledger" not in text]) == 3, "the slip, the unit's answers, the counts"
    assert len(written) == (4 if sql.on_postgresql() else 6), "and the entry, its detail, the head"
    after = stored()
    assert after["idempotency_key"] == before["idempotency_key"] and after["survey"] == before["survey"]
    assert sum((before["survey_slip"] - after["survey_slip"]).values()) == 1 and len(after["survey_slip"]) == 1
    assert len(after["survey_tally"]) == len(before["survey_tally"]) == 13
    entry = sql.row("SELECT * FROM ledger_entry ORDER BY seq DESC LIMIT 1")
    assert (entry["action"], entry["actor"], entry["role"]) == ("survey.answer", "", "anonymous")
    assert (entry["unit"], entry["device"], entry["scope"], entry["subject_id"]) == ("", "", "", survey_id)
    columns = {name for row in sql.plain("SELECT * FROM survey_tally LIMIT 1") for name in row}
    assert columns == {"survey_id", "unit_code", "question", "choice", "times"}
    assert done.headers["Ledger-Receipt"].startswith(f"{entry['seq']}.")
    assert "/answers" not in agent.client.get("/metrics").text, "nor how few have answered"


def test_racing_answers_with_one_slip_count_once(district_app):
    supervisor = supervisor_of(district_app)
    survey_id = calls.opened(supervisor, unit_codes=[])
    tokens, found = calls.slips(supervisor, survey_id, 5, None), []

    def send(token):
        try:
            answering.answer(
                survey_id, token=token, answers=calls.answers(), actor=anonymous(),
                now=district_app.extensions["daiban"].clock.now(),
            )
            found.append("counted")
        except Problem as refusal:
            found.append(refusal.slug)

    threads = [threading.Thread(target=send, args=(token,)) for token in tokens for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(found) == {"counted": 5, "slip-used": 5}
    assert sql.value("SELECT sum(times) FROM survey_tally") == 15
    assert sql.value("SELECT answers FROM survey_group") == 5
