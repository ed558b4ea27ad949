"""The tree over HTTP: public to read, changed by an admin of its subtree with If-Match."""
import pytest

from backend.core import ledger, sql
from backend.core.actor import system
from backend.org.actions import departments

VILLAGE = "/api/v1/units/331003001001"


def patch(http, body, *, who="admin", etag="*", path=VILLAGE):
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    if etag:
        headers["If-Match"] = etag
    return http.patch(path, json=body, headers=headers)


def test_anyone_reads_a_unit(http):
    answer = http.get(VILLAGE)
    assert answer.json == {
        "code": "331003001001", "name": "百花社区居委会", "level": "village", "parent_code": "331003001000",
        "site_type": None, "status": "planned", "phone": None, "address": None, "latitude": None,
        "longitude": None, "office_hours": None, "valid_from": None, "valid_to": None,
        "successor_code": None, "in_office": True, "version": 1,
    }
    again = http.get(VILLAGE, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_anyone_lists_and_searches_units(http):
    found = http.get("/api/v1/units?q=hyq&level=district&level=township").json
    assert [row["code"] for row in found["items"]] == ["331003000000"]
    assert "pinyin" not in found["items"][0] and "place" not in found["items"][0]
    page = http.get("/api/v1/units?level=village&limit=2").json
    rest = http.get("/api/v1/units", query_string={"level": "village", "cursor": page["next_cursor"]}).json
    assert rest["items"][0]["code"] > page["items"][1]["code"]


@pytest.mark.parametrize(
    "query",
    [
        "level=hamlet", "parent_code=331003", "q=", "q=%20", "q=a&q=b", "in_office=maybe", "limit=0",
        "limit=201", "limit=1e1", "cursor=x", "name=x", "q=%00", "q=" + "a" * 101, "level=",
        "parent_code=" + "9" * 13,
        "&".join(["parent_code=331003000000"] * 21),
    ],
)
@pytest.mark.one_engine
def test_an_odd_query_is_refused(http, query):
    answer = http.get(f"/api/v1/units?{query}")
    assert answer.status_code == 422 and answer.json["errors"]


@pytest.mark.parametrize("code", ["331003001999", "x", "33100300100１", "%00", "1" * 65, "%F0%9F%98%80"])
@pytest.mark.one_engine
def test_an_unknown_code_is_not_found(http, code):
    assert http.get(f"/api/v1/units/{code}").status_code == 404


def test_an_admin_changes_a_unit(http):
    etag = http.get(VILLAGE).headers["ETag"]
    hours = {"weekdays": [{"from": "08:30", "to": "12:00"}], "weekends": [], "note": "赶集日延长"}
    body = {
        "name": "百合社区居委会", "site_type": "station", "status": "built", "phone": "0576-84100000",
        "address": "百花路1号", "latitude": 28.65, "longitude": 121.27, "office_hours": hours,
    }
    answer = patch(http, body, etag=etag)
    assert answer.status_code == 200 and answer.headers["ETag"] != etag
    assert answer.json == http.get(VILLAGE).json
    assert {name: answer.json[name] for name in body} == body and answer.json["version"] == 2
    found = http.get("/api/v1/units?q=baihe").json["items"]
    assert [row["code"] for row in found] == ["331003001001"]
    assert ledger.history("unit", "331003001001")[0]["detail"]["name"] == "百合社区居委会"
    assert answer.headers["Ledger-Receipt"].startswith("2.")


def test_a_change_that_says_nothing_new_writes_nothing(http):
    for body in ({}, {"name": "百花社区居委会", "phone": None}):
        answer = patch(http, body)
        assert answer.status_code == 200 and answer.json["version"] == 1
    assert ledger.head()[0] == 1


def test_a_unit_leaves_office_and_is_read_on(http):
    answer = patch(http, {"valid_to": "2026-02-12", "successor_code": "331003001002"})
    assert answer.json["in_office"] is False and answer.json["valid_to"] == "2026-02-12"
    assert http.get(VILLAGE).status_code == 200
    query = "/api/v1/units?parent_code=331003001000&limit=200"
    assert "331003001001" not in [row["code"] for row in http.get(query).json["items"]]
    gone = http.get(query + "&in_office=false").json["items"]
    assert [row["successor_code"] for row in gone] == ["331003001002"]
    back = patch(http, {"valid_to": None, "successor_code": None})
    assert back.json["in_office"] is True


def test_succession_must_not_run_in_a_circle(http):
    assert patch(http, {"valid_to": "2026-03-01", "successor_code": "331003001002"}).status_code == 200
    body = {"valid_to": "2026-03-01", "successor_code": "331003001001"}
    answer = patch(http, body, path="/api/v1/units/331003001002")
    assert answer.status_code == 422 and "successor_code" in answer.json["errors"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"), ({"name": "\u2003"}, "name"), ({"name": None}, "name"),
        ({"name": "东" * 101}, "name"), ({"status": "done"}, "status"), ({"site_type": "center"}, "site_type"),
        ({"latitude": 91, "longitude": 0}, "latitude"), ({"latitude": 28.6}, "longitude"),
        ({"latitude": True, "longitude": 1}, "latitude"), ({"longitude": "121"}, "longitude"),
        ({"valid_to": "2026-02-30"}, "valid_to"), ({"valid_to_on": "2026-03-01"}, "valid_to_on"),
        ({"successor_code": "331003001002"}, "successor_code"),
        ({"valid_to": "2026-03-01", "successor_code": "331003001001"}, "successor_code"),
        ({"valid_to": "2026-03-01", "successor_code": "331003999999"}, "successor_code"),
        ({"valid_to": "2026-03-01", "successor_code": "3310"}, "successor_code"),
        ({"office_hours": {}}, "office_hours.weekdays"), ({"office_hours": []}, "office_hours"),
        ({"office_hours": {"weekdays": [{"from": "12:00", "to": "08:30"}]}}, "office_hours.weekdays"),
        ({"office_hours": {"weekdays": [{"from": "24:00", "to": "25:00"}]}}, "office_hours.weekdays.0.from"),
        ({"code": "331003001009"}, "code"), ({"version": 2}, "version"),
    ],
)
@pytest.mark.one_engine
def test_a_change_without_shape_or_sense_is_refused_by_field(http, body, field):
    answer = patch(http, body)
    assert answer.status_code == 422 and field in answer.json["errors"], answer.json
    assert sql.value("SELECT version FROM unit WHERE code = '331003001001'") == 1


@pytest.mark.parametrize(
    ("who", "etag", "path", "body", "status"),
    [
        (None, "*", VILLAGE, {}, 401),
        ("township", "*", VILLAGE, {}, 403),
        ("admin", "*", "/api/v1/units/331003999999", {"name": ""}, 404),
        ("admin", None, VILLAGE, {"phone": "1"}, 428),
        ("admin", None, VILLAGE, {"name": ""}, 422),
        ("elsewhere", '"1-0"', VILLAGE, {"phone": "1"}, 403),
        ("elsewhere", '"9-0"', VILLAGE, {"phone": "1"}, 403),
        ("admin", '"9-0"', VILLAGE, {"phone": "1"}, 412),
        ("admin", '"9-0"', VILLAGE, {"latitude": 1}, 412),
        ("admin", '"1-0"', VILLAGE, [], 422),
    ],
)
@pytest.mark.one_engine
def test_refusals_come_in_their_order(http, who, etag, path, body, status):
    assert patch(http, body, who=who, etag=etag, path=path).status_code == status


def test_departments_are_public(http, now):
    departments.ensure("MZ", "民政局", sample=True, actor=system("import"), now=now)
    shown = {
        "code": "MZ", "name": "民政局", "valid_to": None, "successor_code": None, "in_office": True,
        "version": 1,
    }
    assert http.get("/api/v1/departments").json == {"items": [shown], "next_cursor": None}
    assert http.get("/api/v1/departments/MZ").json == shown
    assert http.get("/api/v1/departments/XX").status_code == 404
