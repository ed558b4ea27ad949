"""The calendar over HTTP."""
import pytest

from tests.clocks.conftest import TOWNSHIP, VILLAGE, signed
from tests.clocks.test_actions import NEXT

URL = "/api/v1/calendar"
LEGAL = {"accepted_at": "2026-02-12T10:00:00+08:00", "working_days": 5}


def due(web, **query):
    answer = web.get(f"{URL}/deadline", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def refused(web, path, status=422, **query):
    answer = web.get(f"{URL}/{path}", query_string=query)
    assert answer.status_code == status, answer.json
    assert answer.content_type == "application/problem+json"
    return answer.json.get("errors", {})


def test_anyone_asks_when_an_errand_would_be_due_day_by_day(web):
    """rules.md 1.2: accepted Thu 12 Feb 2026 with 5 working days → Thu 26 Feb 17:30."""
    found = due(web, **LEGAL)
    assert (found["due_at"], found["provisional"]) == ("2026-02-26T17:30:00+08:00", False)
    days = {day["date"]: day for day in found["days"]}
    assert len(days) == 15 and sum(day["counted"] for day in found["days"]) == 5
    assert days["2026-02-17"] == {
        "date": "2026-02-17", "counted": False, "reason": "holiday", "text": "节假日：春节"
    }
    assert days["2026-02-12"]["reason"] == "acceptance_day"


@pytest.mark.one_engine
def test_reasons_are_told_in_english_where_asked(web):
    answer = web.get(f"{URL}/deadline", query_string=LEGAL, headers={"Accept-Language": "en"})
    assert "public holiday: Spring Festival" in {day["text"] for day in answer.json["days"]}


@pytest.mark.one_engine
def test_suspended_and_interrupted_as_in_the_law(web):
    case = {"accepted_at": "2026-03-02T09:00:00+08:00", "working_days": 10}
    assert due(web, **case)["due_at"] == "2026-03-16T17:30:00+08:00"
    assert due(web, **case, suspended="2026-03-05/2026-03-10")["due_at"] == "2026-03-20T17:30:00+08:00"
    assert due(web, **case, interrupted="2026-03-05/2026-03-10")["due_at"] == "2026-03-24T17:30:00+08:00"
    twice = ["2026-03-05/2026-03-10", "2026-03-10/2026-03-12"]
    assert due(web, **case, suspended=twice)["due_at"] == "2026-03-24T17:30:00+08:00"


@pytest.mark.parametrize("typed", ["10:00:00%2B08:00", "10:00:00+08:00", "02:00:00Z", "03:00:00.5%2B01:00"])
@pytest.mark.one_engine
def test_a_plus_sign_may_be_typed_as_it_is(web, typed):
    answer = web.get(f"{URL}/deadline?accepted_at=2026-02-12T{typed}&working_days=5")
    assert answer.json["due_at"] == "2026-02-26T17:30:00+08:00"
    assert answer.json["accepted_at"] == "2026-02-12T10:00:00+08:00"


def test_without_an_instant_it_is_now(web):
    assert due(web, working_days=5)["due_at"] == "2026-02-26T17:30:00+08:00"


def test_instant_items_and_years_not_announced(web):
    in_time = due(web, accepted_at="2026-03-02T17:30:00+08:00", working_days=0)
    late = due(web, accepted_at="2026-03-02T17:30:01+08:00", working_days=0)
    assert [found["due_at"][:16] for found in (in_time, late)] == ["2026-03-02T17:30", "2026-03-03T17:30"]
    beyond = due(web, accepted_at="2027-03-01T09:00:00+08:00", working_days=5)
    assert (beyond["due_at"], beyond["provisional"]) == ("2027-03-08T17:30:00+08:00", True)
    assert due(web, accepted_at="2199-12-30T09:00:00+08:00", working_days=250)["provisional"]


REFUSED = [
    ({"working_days": 251}, "working_days"), ({"working_days": "-1"}, "working_days"),
    ({"working_days": "5.0"}, "working_days"), ({}, "working_days"),
    ({"working_days": 5, "accepted_at": "2026-02-12"}, "accepted_at"),
    ({"working_days": 5, "accepted_at": "2026-02-12T10:00:00"}, "accepted_at"),
    ({"working_days": 5, "suspended": "2026-03-05"}, "suspended.0"),
    ({"working_days": 5, "suspended": "2026-02-30/2026-03-01"}, "suspended.0"),
    ({"working_days": 5, "suspended": "2026-03-10/2026-03-05"}, "suspended"),
    ({"working_days": 5, "suspended": "2026-02-11/2026-03-05"}, "suspended"),
    ({"working_days": 5, "interrupted": "2026-03-10/2199-03-05"}, "interrupted"),
    ({"working_days": 5, "suspended": ["2026-02-13/2026-02-24", "2026-02-14/2026-02-25"]}, "suspended"),
    ({"working_days": 5, "suspended": "2026-02-13/2026-02-24", "interrupted": "2026-02-14/2026-02-25"},
     "interrupted"),
    ({"working_days": 5, "accepted_at": "1999-12-31T10:00:00Z"}, "accepted_at"),
    ({"working_days": 5, "unit_code": "999999999999"}, "unit_code"), ({"working_days": 5, "x": 1}, "x"),
]


@pytest.mark.parametrize("query, field", REFUSED)
@pytest.mark.one_engine
def test_what_cannot_be_is_refused_naming_the_field(web, query, field):
    assert list(refused(web, "deadline", **query)) == [field]


def test_days_are_listed_with_their_holidays(web):
    answer = web.get(f"{URL}/days?from=2026-02-14&to=2026-02-15")
    assert answer.json == {"items": [
        {"date": "2026-02-14", "kind": "makeup", "name": "春节", "provisional": False},
        {"date": "2026-02-15", "kind": "holiday", "name": "春节", "provisional": False},
    ], "next_cursor": None}
    assert len(web.get(f"{URL}/days?from=2026-01-01&to=2027-02-04").json["items"]) == 400
    assert list(refused(web, "days", **{"from": "2026-01-01", "to": "2027-02-05"})) == ["to"]
    assert list(refused(web, "days", **{"from": "2026-01-02", "to": "2026-01-01"})) == ["to"]
    assert list(refused(web, "days", **{"from": "2026-01-02"})) == ["to"]


def closed(web, code, day="2026-02-13", **headers):
    body = {"date": day, "unit_code": code, "reason": "台风"}
    return web.post(f"{URL}/closures", json=body, headers=signed(**headers))


def test_an_admin_closes_a_day_and_clocks_of_the_subtree_move(web):
    made = closed(web, TOWNSHIP)
    assert made.status_code == 201 and made.headers["ETag"] and made.headers["Ledger-Receipt"]
    assert {name: made.json[name] for name in ("date", "unit_code", "reason", "version")} == {
        "date": "2026-02-13", "unit_code": TOWNSHIP, "reason": "台风", "version": 1
    }
    assert web.get(f"{URL}/closures/{made.json['id']}").json == made.json
    assert due(web, **LEGAL, unit_code=VILLAGE)["due_at"] == "2026-02-27T17:30:00+08:00"
    assert due(web, **LEGAL)["due_at"] == "2026-02-26T17:30:00+08:00"
    assert closed(web, TOWNSHIP).status_code == 409
    assert closed(web, "999999999999").status_code == 422


def test_a_closure_is_taken_back_by_the_version_it_was_read_at(web):
    made = closed(web, TOWNSHIP)
    path, head = f"{URL}/closures/{made.json['id']}", {"Authorization": "Bearer admin"}
    assert web.delete(path, headers=head).status_code == 428
    assert web.delete(path, headers=head | {"If-Match": '"9-0"'}).status_code == 412
    assert web.delete(path, headers=head | {"If-Match": made.headers["ETag"]}).status_code == 204
    assert web.delete(path, headers=head).status_code == 404
    assert due(web, **LEGAL, unit_code=VILLAGE)["due_at"] == "2026-02-26T17:30:00+08:00"


def test_a_repeated_call_closes_once(web):
    first, again = closed(web, TOWNSHIP, key="key-00001"), closed(web, TOWNSHIP, key="key-00001")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_closures_are_paged_latest_first_and_filtered_by_unit(web):
    for day in ("2026-03-02", "2026-03-03"):
        for code in (TOWNSHIP, "331003101000"):
            closed(web, code, day)
    first = web.get(f"{URL}/closures?limit=3").json
    rest = web.get(f"{URL}/closures?limit=3&cursor={first['next_cursor']}").json
    seen = [(item["date"], item["unit_code"]) for item in first["items"] + rest["items"]]
    assert seen == [("2026-03-03", TOWNSHIP), ("2026-03-03", "331003101000"),
                    ("2026-03-02", TOWNSHIP), ("2026-03-02", "331003101000")]
    of_village = web.get(f"{URL}/closures?unit_code={VILLAGE}").json["items"]
    assert {item["unit_code"] for item in of_village} == {TOWNSHIP} and len(of_village) == 2


@pytest.mark.parametrize("path", ["closures", "years"])
@pytest.mark.one_engine
def test_only_admins_write(web, path):
    assert web.post(f"{URL}/{path}", json={}).status_code == 401
    assert web.post(f"{URL}/{path}", json={}, headers=signed("township")).status_code == 403
    assert web.post(f"{URL}/{path}", json={}, headers=signed()).status_code == 422


def test_a_year_is_tried_then_imported_under_the_same_key(web):
    head = signed(key="key-00002")
    tried = web.post(f"{URL}/years?dry_run=true", json=NEXT, headers=head)
    assert tried.json["dry_run"] and len(tried.json["difference"]) == 4 and tried.json["version"] is None
    assert web.get(f"{URL}/years/2027").status_code == 404
    done = web.post(f"{URL}/years", json=NEXT, headers=head)
    assert done.status_code == 201 and not done.json["dry_run"]
    assert done.json["difference"] == tried.json["difference"]
    again = web.post(f"{URL}/years", json=NEXT, headers=head)
    assert again.json == done.json and again.headers["Idempotent-Replayed"] == "true"
    shown = web.get(f"{URL}/years/2027").json
    assert (shown["days"], shown["version"]) == (NEXT["days"], 1)
    found = due(web, accepted_at="2026-12-30T09:00:00+08:00", working_days=1)
    assert (found["due_at"], found["provisional"]) == ("2027-01-04T17:30:00+08:00", False)


def test_years_are_listed(web):
    assert [item["year"] for item in web.get(f"{URL}/years").json["items"]] == list(range(2015, 2027))
    page = web.get(f"{URL}/years?limit=5").json
    assert web.get(f"{URL}/years?limit=5&cursor={page['next_cursor']}").json["items"][0]["year"] == 2020
    assert web.get(f"{URL}/years/1999").status_code == 404
    assert web.get(f"{URL}/years/99999999999999999999").status_code == 404


BAD_BODIES = [
    (NEXT | {"year": "2027"}, "year"), (NEXT | {"extra": 1}, "extra"), (NEXT | {"days": []}, "days"),
    (NEXT | {"days": NEXT["days"] * 2}, "days.4"), (NEXT | {"days": [NEXT["days"][0] | {"x": 1}]}, "days.0.x"),
    (NEXT | {"year": 2028}, "days.0"), ([], "_schema"),
]


@pytest.mark.parametrize("body, field", BAD_BODIES)
@pytest.mark.one_engine
def test_a_notice_that_cannot_be_is_refused(web, body, field):
    answer = web.post(f"{URL}/years", json=body, headers=signed())
    assert answer.status_code == 422 and field in answer.json["errors"]


@pytest.mark.one_engine
def test_the_document_names_the_routes_and_their_parameters(web, app):
    paths = app.extensions["daiban.api"].document()["paths"]
    names = {one["name"] for one in paths[f"{URL}/deadline"]["get"]["parameters"]}
    assert names == {"accepted_at", "working_days", "suspended", "interrupted", "unit_code"}
    assert {one["name"] for one in paths[f"{URL}/days"]["get"]["parameters"]} == {"from", "to"}
