"""Notices are issued and never change; cases close whole, promises are kept or broken (rules 10.7, 10.8)."""
import hashlib
import io
import zipfile

import apsw
import peewee
import pytest

from backend.core import sql
from tests import cast
from tests.supervision.calls import findings, pass_by, signed, told

NOTICE = {
    "kind": "praise", "title": "关于表扬百花社区的通报", "text": "服务周到。\n群众满意。",
    "about": [{"unit_code": cast.VILLAGE}, {"department_code": "MZ"}],
}


@pytest.fixture
def supervisor(district_app):
    return signed(district_app, "supervisor")


def draft(supervisor, **changes):
    made = supervisor.post("/notices", NOTICE | changes)
    assert made.status_code == 201, made.json
    return f"/notices/{made.json['id']}"


def test_a_notice_is_drafted_unseen_issued_and_never_changes(supervisor, agent, stranger):
    account_id = agent.get("/me").json["id"]
    path = draft(supervisor, about=[*NOTICE["about"], {"account_id": account_id}])
    misplaced = supervisor.post("/notices", NOTICE | {"about": [{"unit_code": cast.VILLAGE},
                                                                {"department_code": cast.VILLAGE}]})
    assert list(misplaced.json["errors"]) == ["about.1"]
    assert agent.get(path).status_code == stranger.get(path).status_code == 404
    assert agent.get("/notices?state=all").json["items"] == [] and supervisor.get(f"{path}.json").status_code == 404
    assert "草稿，尚未签发" in supervisor.get(f"{path}.html").get_data(as_text=True)
    edited = supervisor.put(path, NOTICE | {"title": "表扬", "about": [
        {"unit_code": cast.VILLAGE}, {"account_id": account_id}, {"unit_code": cast.VILLAGE}]})
    issued = supervisor.put(f"{path}/issue", etag=edited.headers["ETag"])
    assert (issued.json["state"], issued.json["number"]) == ("issued", "督查通报〔2026〕1号"), issued.json
    assert [one["kind"] for one in issued.json["about"]] == ["unit", "person"] and issued.json["about"][1]["name"]
    content = agent.get(f"{path}.json").get_data()
    assert hashlib.sha256(content).hexdigest() == issued.json["content_sha256"] and account_id.encode() not in content
    for act in ("issue", "discarding"):
        assert supervisor.put(f"{path}/{act}").json["type"] == "/problems/illegal-move"
    assert supervisor.put(path, NOTICE).status_code == 409
    notice_id = path.rpartition("/")[2]
    for act in ("UPDATE supervision_notice SET title = 'x'", "DELETE FROM supervision_notice"):
        with pytest.raises((peewee.PeeweeException, apsw.Error)):
            sql.execute(f"{act} WHERE id = ?", (notice_id,))
    assert told("notice_names_body") == told("notice_names_you") == [cast.AGENT]
    assert agent.get("/me/notices").json["items"]
    page, word = agent.get(f"{path}.html"), agent.get(f"{path}.docx")
    assert issued.json["content_sha256"] in page.get_data(as_text=True)
    assert stranger.get(f"{path}.html").status_code == 404
    text = zipfile.ZipFile(io.BytesIO(word.get_data())).read("word/document.xml").decode()
    assert "督查通报〔2026〕1号" in text and "予以表扬" in text
    assert word.get_data() == agent.get(f"{path}.docx").get_data()


def test_an_exposure_is_for_everybody_and_a_correction_names_what_it_corrects(supervisor, agent, stranger):
    path = draft(supervisor, kind="exposure", title="曝光")
    assert supervisor.put(f"{path}/issue").status_code == 200
    assert [one["title"] for one in stranger.get("/notices").json["items"]] == ["曝光"]
    assert stranger.get(f"{path}.html").status_code == 200
    unissued = draft(supervisor)
    wrong = supervisor.post("/notices", NOTICE | {"corrects_id": unissued.rpartition("/")[2]})
    assert list(wrong.json["errors"]) == ["corrects_id"]
    later = draft(supervisor, kind="criticism", corrects_id=path.rpartition("/")[2])
    assert supervisor.put(f"{later}/issue").json["number"] == "督查通报〔2026〕2号"
    assert "更正督查通报〔2026〕1号" in agent.get(f"{later}.html").get_data(as_text=True)
    assert supervisor.put(f"{unissued}/discarding").json["state"] == "discarded"
    assert len(supervisor.get("/notices").json["items"]) == 2
    found = agent.get(f"/notices?unit_code={cast.VILLAGE}").json["items"]
    assert {one["kind"] for one in found} == {"criticism", "exposure"}
    refused = supervisor.post("/notices", NOTICE | {"about": [{"unit_code": "331004000000"}]})
    assert list(refused.json["errors"]) == ["about.0"]


CASE = {"unit_code": cast.VILLAGE, "facts": "群众反映窗口无人"}


def test_a_case_closes_only_whole_and_a_penalty_only_after_a_reminder(supervisor, agent, fixed_clock, district_app):
    person = agent.get("/me").json["id"]
    made = supervisor.post("/accountability-cases", CASE | {"person": {"account_id": person, "post": "代办员"}})
    assert (made.status_code, made.json["state"], made.json["number"]) == (201, "open", "问责〔2026〕1号"), made.json
    path = f"/accountability-cases/{made.json['id']}"
    refused = supervisor.put(f"{path}/closing")
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/case-incomplete")
    assert sorted(refused.json["errors"]) == ["category", "leader", "outcome", "severity"]
    known = {"leader": {"name": "李书记"}, "category": "absence", "severity": "moderate", "outcome": "criticism"}
    assert supervisor.patch(path, known).status_code == 200
    assert supervisor.put(f"{path}/closing").json["type"] == "/problems/reminder-first"
    reminded = supervisor.put(f"{path}/reminder", {"text": "请按时在岗", "due_on": "2026-02-13"})
    assert reminded.json["remedy_due_on"] == "2026-02-13" and told("case_reminder") == [cast.AGENT]
    again = supervisor.put(f"{path}/reminder", {"text": "再提醒", "due_on": "2026-02-13"})
    assert again.json["type"] == "/problems/reminded-before"
    stale = supervisor.put(f"{path}/reminder", {"text": "再提醒", "due_on": "2026-02-13"}, etag='"1"')
    assert stale.status_code == 409, "what the state forbids is said before what was seen of it"
    assert supervisor.put(f"{path}/closing").status_code == 409, "the time to put it right runs"
    heard = agent.put(f"{path}/statement", {"text": "当天上门服务"})
    assert heard.json["stated_by"]["id"] == person
    assert [each["id"] for each in agent.get("/accountability-cases").json["items"]] == [made.json["id"]]
    for who in (cast.OFFICE_OF_TOWNSHIP, "office", cast.NEIGHBOUR_AGENT):
        other = signed(district_app, who)
        assert other.get(path).status_code == 404 and other.get("/accountability-cases").json["items"] == [], who
    fixed_clock.set("2026-02-14 09:00")
    supervisor = signed(district_app, "supervisor")
    closed = supervisor.put(f"{path}/closing")
    assert (closed.status_code, closed.json["state"], closed.json["outcome"]) == (200, "closed", "criticism")
    assert told("case_closed") == [cast.AGENT]
    assert supervisor.patch(path, {"severity": "minor"}).status_code == 409
    swapped = supervisor.post("/accountability-cases", CASE | known | {"person": {"name": "赵某"}}).json["id"]
    swapped = f"/accountability-cases/{swapped}"
    supervisor.put(f"{swapped}/reminder", {"text": "请按时在岗", "due_on": "2026-02-14"})
    fixed_clock.set("2026-02-15 09:00")
    supervisor = signed(district_app, "supervisor")
    other = supervisor.patch(swapped, {"person": {"account_id": person}}).json
    assert other["reminder"] is other["remedy_due_on"] is None
    assert supervisor.put(f"{swapped}/closing").json["type"] == "/problems/reminder-first", "nobody reminded this one"
    assert supervisor.put(f"{swapped}/closing", {"outcome": "cleared"}).status_code == 200
    cleared = supervisor.post("/accountability-cases", CASE | known | {"person": {"name": "王某"}, "outcome": None})
    done = supervisor.put(f"/accountability-cases/{cleared.json['id']}/closing", {"outcome": "cleared"})
    assert done.json["state"] == "closed" and len(supervisor.get("/accountability-cases?state=all").json["items"]) == 3
    nobody = supervisor.post("/accountability-cases", CASE | {"person": {"post": "代办员"}})
    assert list(nobody.json["errors"]) == ["person.name"]


PROMISE = {"department_code": "MZ", "text": "临时救助三日内答复", "quality": "全覆盖", "due_on": "2026-02-26"}


def test_a_promise_whose_date_passes_in_silence_is_broken_and_proposes_a_case(district_app, fixed_clock, stranger):
    handler = signed(district_app, "handler-MZ")
    made = handler.post("/commitments", PROMISE)
    assert (made.status_code, made.json["number"], made.json["state"]) == (201, "承诺〔2026〕1号", "running"), made.json
    assert signed(district_app, "handler-RS").post("/commitments", PROMISE).json["type"] == "/problems/not-your-body"
    path = f"/commitments/{made.json['id']}"
    for moment in ("2026-02-25 09:00", "2026-02-26 17:30", "2026-02-26 17:31", "2026-02-27 09:00"):
        pass_by(fixed_clock.set(moment))
    assert told("promise_reminder") == ["handler-mz"] and findings() == [("MZ", "promise_broken")]
    shown = stranger.get(path).json
    assert (shown["state"], len(shown["breaches"])) == ("broken", 1)
    assert shown["breaches"][0]["effective_at"] == "2026-02-26T17:30:00+08:00"
    supervisor = signed(district_app, "supervisor")
    (proposed,) = supervisor.get("/accountability-cases?state=proposed").json["items"]
    assert (proposed["category"], proposed["number"], proposed["source"]["type"]) == (
        "promise_broken", None, "commitment")
    case = f"/accountability-cases/{proposed['id']}"
    assert supervisor.put(f"{case}/opening").json["number"] == "问责〔2026〕1号"
    assert supervisor.put(f"{case}/dismissal", {"reason": "不立"}).status_code == 409, "an opened case closes whole"
    assert supervisor.put(f"{path}/fulfilment").json["state"] == "made_good"
    assert stranger.get("/commitments").json["items"] == []
    assert len(stranger.get("/commitments?state=all").json["items"]) == 1


def test_evidence_is_judged_and_a_standing_promise_can_be_broken_and_withdrawn(district_app, fixed_clock, supervisor):
    handler = signed(district_app, "handler-MZ")
    dated = f"/commitments/{handler.post('/commitments', PROMISE).json['id']}"
    assert handler.post(f"{dated}/evidence", {"text": "已答复12件"}).json["evidence"][0]["n"] == 1
    standing = supervisor.post("/commitments", PROMISE | {"due_on": None}).json
    path = f"/commitments/{standing['id']}"
    broken = supervisor.post(f"{path}/breaches", {"what": "抽查一件五日才答复"})
    assert (broken.status_code, broken.json["state"], broken.json["breaches"][0]["kind"]) == (201, "broken", "found")
    second = supervisor.post(f"{path}/breaches", {"what": "又一件"})
    assert [each["n"] for each in second.json["breaches"]] == [1, 2] and len(findings()) == 2
    assert supervisor.put(f"{path}/withdrawal", {"reason": "政策调整"}).json["state"] == "withdrawn"
    pass_by(fixed_clock.set("2026-02-27 09:00"))
    assert len(findings()) == 2 and told("promise_to_judge") == ["office"]
    supervisor = signed(district_app, "supervisor")
    assert supervisor.get(dated).json["state"] == "running"
    assert supervisor.put(f"{dated}/fulfilment", {"note": "属实"}).json["state"] == "kept"
