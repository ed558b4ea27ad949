"""The clerk's Friday over HTTP: draft, filing, return, acceptance, corrections, and several clerks at once."""
from collections import Counter
from io import BytesIO

import pytest

from backend.core import sql
from backend.reports.rules.checklists import SAMPLES
from tests import cast
from tests.files import samples
from tests.statements import count_statements

WEEK = "2026-W07"
PATH = f"/weekly-reports/{WEEK}/{cast.TOWNSHIP}"
BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def office(district_app):
    return cast.sign_in(district_app.test_client(), "office")


def draft(caller, **changes):
    """The draft as it is read, with a plan and what else is changed."""
    return caller.get(PATH).json | {"plan": "下周完成装修"} | changes


def filed(caller, **changes):
    saved = caller.put(PATH, draft(caller, **changes))
    assert saved.status_code == 200, saved.get_data(as_text=True)
    answer = caller.put(f"{PATH}/filing", etag=saved.headers["ETag"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def test_a_clerk_changes_three_numbers_and_files(township, office):
    body = township.get(PATH).json
    assert (body["state"], body["due_at"], body["version"]) == ("draft", "2026-02-14T17:30:00+08:00", 0)
    assert len(body["sites"]) == 20 and body["must_say"][0] == {
        "field": "plan", "text": "请填写下周计划", "required": True,
    }
    body["plan"] = "下周完成装修"
    body["sites"][1] |= {"percent": 40, "agents_in_place": 1, "spent_fen": 1_200_000}
    saved = township.put(PATH, body, etag=township.get(PATH).headers["ETag"])
    assert saved.status_code == 200 and saved.json["must_say"] == []
    with count_statements() as seen:
        receipt = township.put(f"{PATH}/filing", etag=saved.headers["ETag"], headers={"Idempotency-Key": "friday-17"})
    assert len([text for text in seen if not text.startswith(BRACKETS)]) <= 15, seen
    assert receipt.json == {
        "week": WEEK, "unit_code": cast.TOWNSHIP, "state": "filed", "receipt_number": "001000-260212-0001-3",
        "filed_at": "2026-02-12T10:00:00+08:00", "due_at": "2026-02-14T17:30:00+08:00", "on_time": True, "version": 2,
    }
    again = township.put(f"{PATH}/filing", etag=saved.headers["ETag"], headers={"Idempotency-Key": "friday-17"})
    assert (again.json, again.headers["Idempotent-Replayed"]) == (receipt.json, "true")
    site = office.get(f"/sites/{cast.VILLAGE}").json
    assert (site["percent"], site["status"], site["agents_in_place"]) == (40, "building", 1)
    assert office.get("/weekly-reports?state=filed").json["items"][0]["unit_code"] == cast.TOWNSHIP


def test_a_busy_week_is_filed_in_no_more_statements(township):
    """Two sites change their status, one is built, and a problem is raised; the sign-in is not counted."""
    passed = [{"code": code, "passed": True} for code in SAMPLES["village"].codes]
    offered = [{"department_code": "MZ", "items": 3}]
    saved = township.put(PATH, {
        "plan": "抓紧", "problems": [{"text": "缺电脑", "asked_of": "民政局", "due_on": "2026-03-01"}],
        "sites": [{"unit_code": cast.VILLAGE, "readiness": passed, "onboarded": offered},
                  {"unit_code": cast.NEIGHBOUR, "percent": 30}],
    })
    with count_statements() as seen:
        answer = township.put(f"{PATH}/filing", etag=saved.headers["ETag"])
    assert answer.status_code == 200
    assert len([text for text in seen if not text.startswith(BRACKETS)]) - 1 <= 15, seen
    statuses = {site["unit_code"]: site["status"] for site in township.get("/sites").json["items"]}
    assert (statuses[cast.VILLAGE], statuses[cast.NEIGHBOUR]) == ("built", "building")
    assert sql.value("SELECT department_code FROM report_problem") == "MZ"


def test_the_next_week_is_prefilled_from_the_register_and_the_last(township, fixed_clock):
    filed(township, sites=[{"unit_code": cast.VILLAGE, "percent": 60, "stage": "装修"}])
    fixed_clock.set("2026-02-24 09:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    found = township.get(f"/weekly-reports/2026-W09/{cast.TOWNSHIP}").json
    assert (found["sites"][1]["percent"], found["sites"][1]["stage"]) == (60, "装修")
    assert found["last_week"] == {"week": WEEK, "plan": "下周完成装修"} and found["plan"] == ""


@pytest.mark.parametrize("body", ({}, {"sites": [], "problems": [], "plan": ""}, {"plan": "好", "sites": []}))
def test_an_empty_report_is_refused(township, body):
    assert township.put(PATH, body).status_code == 200
    answer = township.put(f"{PATH}/filing")
    assert answer.status_code == 422 and set(answer.json["errors"]) <= {"plan", "sites"}
    assert township.get(PATH).json["state"] == "draft" and sql.value("SELECT count(*) FROM report_revision") == 0


@pytest.mark.parametrize("word", ("yes", 1, "off"))
def test_an_item_passes_or_does_not_and_nothing_else(township, word):
    readiness = [{"code": "room", "passed": word}]
    assert township.put(PATH, {"sites": [{"unit_code": cast.VILLAGE, "readiness": readiness}]}).status_code == 422


def test_a_refusal_speaks_chinese_and_names_field_and_site(township):
    answer = township.put(PATH, draft(township, sites=[{"unit_code": cast.VILLAGE, "percent": 120}]))
    assert answer.json["errors"] == {"sites.0.percent": ["百花社区居委会：进度须在 0 到 100 之间"]}
    filed(township, sites=[{"unit_code": cast.NEIGHBOUR, "percent": 50}])
    answer = township.post(f"{PATH}/corrections", {"reason": "笔误", "sites": [{"unit_code": cast.FAR_VILLAGE}]})
    assert answer.status_code == 422 and "不是本乡镇（街道）在册的站点" in str(answer.json["errors"])


def test_a_correction_keeps_the_filings_time_and_both_texts(township, fixed_clock, office):
    receipt = filed(township, sites=[{"unit_code": cast.VILLAGE, "percent": 60}]).json
    fixed_clock.set("2026-02-24 09:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    body = {"reason": "多报了", "sites": [{"unit_code": cast.VILLAGE, "percent": 45}], "plan": "改"}
    assert township.post(f"{PATH}/corrections", body | {"reason": None}).status_code == 422
    made = township.post(f"{PATH}/corrections", body)
    assert made.status_code == 201 and (made.json["n"], made.json["kind"], made.json["reason"]) == (
        2, "correction", "多报了",
    )
    now = township.get(PATH).json
    assert {name: now[name] for name in ("filed_at", "on_time", "receipt_number")} == {
        name: receipt[name] for name in ("filed_at", "on_time", "receipt_number")
    }
    assert (now["plan"], now["sites"][1]["percent"], now["revisions"]) == ("改", 45, 2)
    office = cast.sign_in(office.client, "office")
    texts = office.get(f"{PATH}/revisions").json["items"]
    village = [next(s for s in text["sites"] if s["unit_code"] == cast.VILLAGE)["percent"] for text in texts]
    assert village == [60, 45] and [text["plan"] for text in texts] == ["下周完成装修", "改"]
    assert office.get(f"{PATH}/revisions/1").json == texts[0]
    assert office.get(f"{PATH}/revisions/3").status_code == 404
    assert office.get(f"/sites/{cast.VILLAGE}").json["percent"] == 45


def test_a_returned_report_is_filed_again_and_keeps_its_time(township, office, fixed_clock):
    receipt = filed(township).json
    assert office.put(f"{PATH}/return", {"reason": "请补充问题"}).json["state"] == "returned"
    assert "请补充问题" in str(township.get("/me/notices").json)
    assert office.put(f"{PATH}/acceptance").status_code == 409
    fixed_clock.set("2026-02-15 09:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    assert township.get(PATH).json["returned_reason"] == "请补充问题"
    again = filed(township, problems=[{"text": "缺电脑", "asked_of": "民政局", "due_on": "2026-03-10"}]).json
    assert (again["filed_at"], again["on_time"], again["receipt_number"]) == (
        receipt["filed_at"], True, receipt["receipt_number"],
    )
    office = cast.sign_in(office.client, "office")
    assert office.put(f"{PATH}/acceptance").json["state"] == "accepted"
    assert sql.rows("SELECT text, department_code, state FROM report_problem") == [
        {"text": "缺电脑", "department_code": "MZ", "state": "open"}
    ]
    assert [one["kind"] for one in office.get(f"{PATH}/revisions").json["items"]] == ["filing", "refiling"]


def test_photos_are_seen_by_whoever_reads_the_report(township, office, agent):
    data = {"file": (BytesIO(samples.photo("JPEG")), "site.jpg")}
    sent = township._send("POST", "/files", data=data, headers={"Idempotency-Key": "photo-0001"}).json["sha256"]
    assert township.put(PATH, {"photos": ["0" * 64]}).json["errors"] == {
        "photos": ["没有这张照片，请先上传"],
    }
    assert office.get(f"{PATH}/photos/{sent}").status_code == 404
    filed(township, photos=[sent])
    assert office.get(f"{PATH}/photos/{sent}").headers["Content-Type"] == "image/jpeg"
    assert office.get(f"/files/{sent}").status_code == 404 and agent.get(f"{PATH}/photos/{sent}").status_code == 403
    assert office.get(f"{PATH}/revisions/1").json["photos"] == [sent]


def test_what_was_said_of_the_sites_can_be_forgotten(township):
    township.put(PATH, {"sites": [{"unit_code": cast.VILLAGE, "percent": 40}]})
    assert township.put(PATH, {"sites": []}).json["sites"] == []
    found = township.put(PATH, {"sites": None, "plan": "抓紧"}).json
    assert [site["percent"] for site in found["sites"]] == [0] * 20
    assert township.put(f"{PATH}/filing").status_code == 200


def test_the_state_decides_what_is_possible(township, office):
    assert office.put(f"{PATH}/return", {"reason": "无"}).status_code == 409
    assert township.post(f"{PATH}/corrections", {"reason": "笔误", "plan": "改"}).status_code == 409
    filed(township)
    assert township.put(PATH, {"plan": "改"}).status_code == 409
    assert township.put(f"{PATH}/filing").status_code == 409
    assert office.put(PATH, {"plan": "改"}).status_code == 403
    future = f"/weekly-reports/2026-W09/{cast.TOWNSHIP}"
    assert township.put(future, {"plan": "早"}).json["type"] == "/problems/week-not-begun"


def test_nobody_sees_the_neighbours_report(township, district_app):
    far = cast.sign_in(district_app.test_client(), cast.FAR_OFFICE)
    for address in (PATH, f"/weekly-reports/2026-W99/{cast.FAR_TOWNSHIP}", f"/weekly-reports/{WEEK}/{cast.FAR_VILLAGE}",
                    f"/weekly-reports/{WEEK}/{cast.DISTRICT}"):
        assert far.get(address).status_code == 404, address
    assert far.put(f"{PATH}/filing").status_code == 404
    assert [one["unit_code"] for one in far.get("/weekly-reports").json["items"]] == [cast.FAR_TOWNSHIP]


def test_the_list_of_a_week_names_those_that_have_not_begun(office, township):
    filed(township)
    with count_statements() as seen:
        page = office.get(f"/weekly-reports?week={WEEK}&limit=5").json
    assert len(seen) - 1 <= 3, seen
    assert [one["state"] for one in page["items"]] == ["filed"] + ["draft"] * 4
    rest = office.get(f"/weekly-reports?week={WEEK}&limit=200&cursor={page['next_cursor']}").json["items"]
    assert len(rest) == 14
    assert len(office.get(f"/weekly-reports?week={WEEK}&state=draft&limit=200").json["items"]) == 18


def test_of_two_clerks_who_file_at_once_one_has_the_receipt(township, district_app, together):
    etag = township.put(PATH, draft(township)).headers["ETag"]
    callers = [cast.Caller(district_app.test_client(), township.token) for _ in range(6)]
    answers = together(lambda number: callers[number].put(f"{PATH}/filing", etag=etag), 6)
    assert Counter(answer.status_code for answer in answers)[200] == 1, answers
    assert {answer.status_code for answer in answers} <= {200, 409, 412}
    assert sql.value("SELECT count(*) FROM report_revision") == 1


def test_of_two_clerks_who_save_at_once_none_overwrites_the_other(township, district_app, together):
    callers = [cast.Caller(district_app.test_client(), township.token) for _ in range(6)]
    tag = township.get(PATH).headers["ETag"]
    answers = together(lambda number: callers[number].put(PATH, {"plan": f"计划{number}"}, etag=tag), 6)
    found = Counter(answer.status_code for answer in answers)
    assert found[200] == 1 and set(found) <= {200, 409, 412}
    winner = next(answer.json["plan"] for answer in answers if answer.status_code == 200)
    assert township.get(PATH).json["plan"] == winner
