"""Coverage on any day, its targets, the checklists, the matrix (issue 5.1)."""
import pytest

from backend.reports.rules.checklists import SAMPLES
from tests import cast
from tests.reports.filed import at, file
from tests.statements import count_statements

WEEK = "2026-W07"
PASSED = [{"code": code, "passed": True} for code in SAMPLES["village"].codes]


@pytest.fixture
def office(district_app):
    return cast.sign_in(district_app.test_client(), "office")


def row(caller, code, level="village", **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    items = caller.get(f"/coverage?limit=200&{asked}").json["items"]
    return next(one for one in items if (one["unit_code"], one["level"]) == (code, level))


def test_coverage_of_a_day_is_what_was_built_that_day(stranger, office, admin, fixed_clock):
    fixed_clock.set("2026-02-12 10:00")
    file(cast.TOWNSHIP, WEEK, fixed_clock.now(), sites=[
        {"unit_code": cast.VILLAGE, "status": "built", "percent": 100, "readiness": PASSED},
    ])
    fixed_clock.set("2026-02-13 10:00")
    admin = cast.sign_in(admin.client, "admin")
    unit = admin.get(f"/units/{cast.VILLAGE}").json
    assert unit["status"] == "built"
    admin.patch(f"/units/{cast.NEIGHBOUR}", {"status": "built"})
    fixed_clock.set("2026-02-25 10:00")
    admin = cast.sign_in(admin.client, "admin")
    admin.patch(f"/units/{cast.VILLAGE}", {"status": "building"})
    built = {day: row(stranger, cast.DISTRICT, as_of=day)["built"] for day in
             ("2026-02-11", "2026-02-12", "2026-02-13", "2026-02-24", "2026-02-25")}
    assert [count - built["2026-02-11"] for count in built.values()] == [0, 3, 4, 4, 3]
    assert row(stranger, cast.TOWNSHIP, as_of="2026-02-13")["rate_percent"] == 10.5
    assert row(stranger, cast.TOWNSHIP, level="township")["planned"] == 1


def test_coverage_counts_the_units_in_office_that_day(stranger, admin):
    before = row(stranger, cast.DISTRICT)["planned"]
    admin.patch(f"/units/{cast.NEIGHBOUR}", {"valid_to": "2026-02-12"})
    assert row(stranger, cast.DISTRICT)["planned"] == before - 1
    assert row(stranger, cast.DISTRICT, as_of="2026-02-11")["planned"] == before


def test_coverage_is_one_or_two_statements_and_paged(stranger, office):
    with count_statements() as seen:
        first = stranger.get("/coverage?level=village&limit=7").json
    assert len(seen) <= 3, seen
    found, cursor = first["items"], first["next_cursor"]
    while cursor:
        page = stranger.get(f"/coverage?level=village&limit=7&cursor={cursor}").json
        found, cursor = found + page["items"], page["next_cursor"]
    assert [one["unit_code"] for one in found] == sorted({one["unit_code"] for one in found})
    assert found[0]["unit_code"] == cast.DISTRICT and len(found) == 20
    assert sum(one["planned"] for one in found[1:]) == found[0]["planned"] == 348
    assert [one["level"] for one in stranger.get(f"/coverage?unit_code={cast.TOWNSHIP}").json["items"]] == [
        "township", "village",
    ]
    assert stranger.get("/coverage?unit_code=990000000000").status_code == 404


def test_targets_are_the_usual_ones_until_the_office_decides(stranger, office, township):
    usual = stranger.get("/coverage/targets")
    assert usual.json == {
        "unit_code": cast.DISTRICT, "version": 0, "items": [
            {"level": "township", "target_on": "2026-07-31", "target_percent": 100},
            {"level": "village", "target_on": "2026-10-31", "target_percent": 100},
        ],
    }
    body = {"items": [{"level": "village", "target_on": "2026-12-31", "target_percent": 90}]}
    assert township.put("/coverage/targets", body).status_code == 403
    etag = office.get("/coverage/targets").headers["ETag"]
    changed = office.put("/coverage/targets", body, etag=etag)
    assert (changed.status_code, changed.json["items"][1]) == (200, body["items"][0])
    assert office.put("/coverage/targets", body, etag=etag).status_code == 412
    assert office.put("/coverage/targets", {"items": body["items"] * 2}).status_code == 422
    assert row(stranger, cast.TOWNSHIP)["target_percent"] == 90
    whole = office.get("/coverage/targets")
    assert office.put("/coverage/targets", whole.json, etag=whole.headers["ETag"]).json["items"] == whole.json["items"]


def test_a_new_checklist_holds_from_its_day_and_what_is_built_stays_built(office, stranger, township, fixed_clock):
    file(cast.TOWNSHIP, WEEK, fixed_clock.now(), sites=[{"unit_code": cast.VILLAGE, "readiness": PASSED}])
    samples = stranger.get("/checklists?level=village").json["items"]
    assert [(one["number"], one["sample"], one["in_force"], len(one["items"])) for one in samples] == [
        (1, True, True, 10)
    ]
    body = {"level": "village", "valid_from": "2026-02-16", "items": [{"code": "ramp", "text": "一条无障碍坡道"}]}
    made = office.post("/checklists", body)
    assert made.status_code == 201 and (made.json["number"], made.json["in_force"]) == (2, False)
    assert office.post("/checklists", body | {"valid_from": "2026-02-12"}).status_code == 422
    assert office.post("/checklists", body | {"items": body["items"] * 2}).status_code == 422
    fixed_clock.set("2026-02-24 10:00")
    township = cast.sign_in(township.client, cast.OFFICE_OF_TOWNSHIP)
    site = township.get(f"/sites/{cast.VILLAGE}").json
    assert (site["status"], site["ready"]) == ("built", False)
    assert site["readiness"] == [{"code": "ramp", "text": "一条无障碍坡道", "passed": False}]
    draft = township.get(f"/weekly-reports/2026-W09/{cast.TOWNSHIP}").json
    assert "百花社区居委会：已建成，清单未核实：一条无障碍坡道" in [hint["text"] for hint in draft["must_say"]]
    file(cast.TOWNSHIP, "2026-W09", fixed_clock.now())
    path = f"/weekly-reports/{WEEK}/{cast.TOWNSHIP}"
    filed = township.get(path).json
    assert [one["passed"] for one in filed["sites"][1]["readiness"]] == [True] * 10
    whole = {"reason": "笔误", "plan": "改", "sites": filed["sites"]}
    assert township.post(f"{path}/corrections", whole).status_code == 201


def test_the_matrix_adds_up_what_each_site_offers(stranger, fixed_clock):
    file(cast.TOWNSHIP, WEEK, fixed_clock.now(), sites=[
        {"unit_code": cast.VILLAGE, "onboarded": [{"department_code": "MZ", "items": 5}]},
        {"unit_code": cast.NEIGHBOUR, "onboarded": [{"department_code": "MZ", "items": 2},
                                                    {"department_code": "RS", "items": 1}]},
    ])
    found = stranger.get("/coverage/onboarded").json
    assert [one["code"] for one in found["departments"]] == ["MZ", "RS"]
    assert found["rows"][0] == {"unit_code": cast.TOWNSHIP, "items": [7, 1], "total": 8}


def test_the_register_is_read_as_far_as_one_reaches(office, township, agent, district_app):
    with count_statements() as seen:
        own = township.get("/sites?limit=200").json["items"]
    assert len(seen) - 1 <= 3, seen
    assert len(own) == 20 and {one["unit_code"][:9] for one in own} == {cast.TOWNSHIP[:9]}
    assert len(office.get("/sites?level=township&limit=200").json["items"]) == 19
    assert [one["percent"] for one in office.get("/sites?status=built").json["items"]] == [100, 100, 100]
    assert len(office.get(f"/sites?unit_code={cast.FAR_TOWNSHIP}&level=township").json["items"]) == 1
    assert township.get(f"/sites/{cast.FAR_VILLAGE}").status_code == 404
    assert agent.get("/sites").status_code == 403
    tag = township.get(f"/sites/{cast.VILLAGE}").headers["ETag"]
    assert township.get(f"/sites/{cast.VILLAGE}", headers={"If-None-Match": tag}).status_code == 304


def test_a_designated_agent_counts_where_the_district_says_so(admin, fixed_clock):
    admin.patch(f"/units/{cast.VILLAGE}", {"site_type": "designated_agent"})
    said = [{"unit_code": cast.VILLAGE, "status": "built", "percent": 100, "agents_in_place": 1}]
    admin.put("/settings/designated-agents-count", {"value": True})
    assert admin.put("/settings/designated-agents-count", {"value": "yes"}).status_code == 422
    file(cast.TOWNSHIP, WEEK, at("02-13 10:00"), sites=said)
    assert admin.get(f"/units/{cast.VILLAGE}").json["status"] == "built"
