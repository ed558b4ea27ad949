"""The catalogue over HTTP: public reading, the admin's changes, refusals that name the field."""
import pytest

from backend.catalogue.schemas import ItemShape, VersionShape
from tests.catalogue import body_of


def errors_of(answer):
    return answer.get_json()["errors"]


def made(call, **changes):
    answer = call["admin"].post("/items", body_of(**changes))
    assert answer.status_code == 201, answer.get_json()
    return answer


def offered(call, **changes):
    made(call, **changes)
    code = changes.get("code", "MZ-003")
    answer = call["admin"].put(f"/items/{code}/versions/1/publication", {})
    assert answer.status_code == 200, answer.get_json()
    return code


def codes(answer):
    assert answer.status_code == 200, answer.get_json()
    return [item["code"] for item in answer.get_json()["items"]]


def test_an_item_goes_from_draft_to_the_public(call):
    draft = made(call)
    assert (draft.get_json()["state"], draft.get_json()["version"]) == ("draft", 1)
    assert call["stranger"].get("/items/MZ-003").status_code == 404
    published = call["admin"].put(
        "/items/MZ-003/versions/1/publication", {}, match=draft.headers["ETag"]
    )
    assert (published.status_code, published.get_json()["valid_from"]) == (200, "2026-02-12")
    assert published.headers["Ledger-Receipt"]
    found = call["stranger"].get("/items/MZ-003").get_json()
    given = body_of()
    assert {key: found[key] for key in given} == given
    assert (found["department_name"], found["state"], found["version"]) == ("民政局", "published", 1)
    assert ItemShape().validate(found) == {}
    assert VersionShape().validate(published.get_json()) == {}


@pytest.mark.parametrize(("left_out", "field", "told"), [
    ("name", "name", "事项名称"),
    ("process", "process", "办理流程"),
    ("materials", "materials", "申请材料"),
    ("promised_days", "promised_days", "承诺时限"),
    ("fee", "fee.basis", "收费依据"),
    ("fee", "fee.standard", "收费标准"),
])
@pytest.mark.one_engine
def test_a_missing_disclosure_is_refused_by_name_in_chinese(call, left_out, field, told):
    made(call, **{left_out: None})
    answer = call["admin"].put("/items/MZ-003/versions/1/publication", {})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["type"] == "/problems/not-publishable"
    assert told in errors_of(answer)[field][0]
    assert call["stranger"].get("/items/MZ-003").status_code == 404


def test_a_draft_is_edited_until_it_is_published(call):
    draft = made(call, process=None)
    path = "/items/MZ-003/versions/1"
    edited = call["admin"].put(path, draft.get_json() | body_of(), match=draft.headers["ETag"])
    assert (edited.status_code, edited.get_json()["process"]) == (200, body_of()["process"])
    assert call["admin"].put(path, body_of(), match=draft.headers["ETag"]).status_code == 412
    assert call["admin"].put(f"{path}/publication", {}, match=edited.headers["ETag"]).status_code == 200
    refused = call["admin"].put(path, body_of(), match=draft.headers["ETag"])
    assert (refused.status_code, refused.get_json()["possible"]) == (409, ["withdraw"])


@pytest.mark.one_engine
def test_a_change_needs_if_match(call):
    made(call)
    path = "/items/MZ-003/versions/1"
    for part, body in (("", body_of()), ("/publication", {}), ("/withdrawal", {"reason": "误"})):
        assert call["admin"].put(path + part, body, match=None).status_code == 428


def test_only_the_admin_changes_the_catalogue(call):
    offered(call)
    path = "/items/MZ-003/versions/1"
    for who, status in (("stranger", 401), ("agent", 403)):
        assert call[who].post("/items", body_of()).status_code == status
        assert call[who].post("/items/MZ-003/versions", body_of()).status_code == status
        for where in (path, f"{path}/publication", f"{path}/withdrawal"):
            assert call[who].put(where, {}).status_code == status


def test_drafts_are_there_for_the_admin_only(call):
    offered(call)
    call["admin"].post("/items/MZ-003/versions", body_of(promised_days=5))
    assert len(call["admin"].get("/items/MZ-003/versions").get_json()["items"]) == 2
    for who in ("stranger", "agent"):
        assert len(call[who].get("/items/MZ-003/versions").get_json()["items"]) == 1
        draft, absent = (call[who].get(f"/items/MZ-003/versions/{n}") for n in (2, 3))
        assert draft.status_code == absent.status_code == 404
        assert draft.get_json() | {"instance": ""} == absent.get_json() | {"instance": ""}


def test_an_item_of_drafts_only_is_not_there_for_others(call):
    made(call)
    assert call["stranger"].get("/items/MZ-003/versions").status_code == 404
    assert call["admin"].get("/items/MZ-003/versions").status_code == 200
    assert call["admin"].get("/items/ZZ-999/versions").status_code == 404


def test_a_version_dated_ahead_changes_the_item_and_its_etag_at_midnight(call, fixed_clock):
    offered(call)
    call["admin"].post("/items/MZ-003/versions", body_of(promised_days=4, process=["受理"]))
    ahead = call["admin"].put("/items/MZ-003/versions/2/publication", {"valid_from": "2026-03-01"})
    assert (ahead.status_code, ahead.get_json()["state"]) == (200, "published")
    fixed_clock.set("2026-02-28 23:59")
    before = call["stranger"].get("/items/MZ-003")
    assert (before.get_json()["version"], before.get_json()["valid_to"]) == (1, "2026-03-01")
    unchanged = call["stranger"].client.get(
        "/api/v1/items/MZ-003", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert unchanged.status_code == 304
    fixed_clock.set("2026-03-01 00:00")
    after = call["stranger"].get("/items/MZ-003")
    assert (after.get_json()["version"], after.get_json()["promised_days"]) == (2, 4)
    assert after.headers["ETag"] != before.headers["ETag"]
    states = [v["state"] for v in call["stranger"].get("/items/MZ-003/versions").get_json()["items"]]
    assert states == ["superseded", "published"]


def test_a_version_says_whether_it_cuts_the_promise_by_30_percent(call):
    offered(call, promised_days=10)
    cuts = []
    for promised in (8, 7):
        answer = call["admin"].post("/items/MZ-003/versions", body_of(promised_days=promised))
        cuts.append(answer.get_json()["cut"])
    assert cuts == [{"from_days": 10, "target_days": 7, "met": met} for met in (False, True)]


def test_withdrawing_takes_the_item_off_the_list_with_a_reason(call):
    offered(call)
    path = "/items/MZ-003/versions/1/withdrawal"
    assert list(errors_of(call["admin"].put(path, {}))) == ["reason"]
    answer = call["admin"].put(path, {"reason": "上级取消"})
    assert (answer.get_json()["state"], answer.get_json()["withdrawal_reason"]) == ("withdrawn", "上级取消")
    assert call["stranger"].get("/items/MZ-003").status_code == 404
    assert codes(call["stranger"].get("/items")) == []
    assert call["stranger"].get("/items/MZ-003/versions/1").status_code == 200


def test_a_repeated_post_shows_the_same_draft_again(call):
    first = call["admin"].post("/items", body_of(), key="same-key-1")
    again = call["admin"].post("/items", body_of(), key="same-key-1")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.get_json() == first.get_json()
    assert len(call["admin"].get("/items/MZ-003/versions").get_json()["items"]) == 1
    other = call["admin"].post("/items", body_of(name="别的"), key="same-key-1")
    assert other.get_json()["type"] == "/problems/idempotency-key-reused"


def test_a_repeated_publication_with_a_key_is_answered_as_the_first(call):
    etag = made(call).headers["ETag"]
    path = "/items/MZ-003/versions/1/publication"
    for _ in range(2):
        answer = call["admin"].client.put("/api/v1" + path, json={}, headers={
            "Authorization": "Bearer admin", "If-Match": etag, "Idempotency-Key": "publish-1"})
        assert (answer.status_code, answer.get_json()["state"]) == (200, "published")


def test_a_publication_needs_no_body(call):
    made(call)
    answer = call["admin"].put("/items/MZ-003/versions/1/publication")
    assert answer.status_code == 200


def test_a_taken_code_is_a_conflict(call):
    made(call)
    answer = call["admin"].post("/items", body_of())
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/item-exists")


@pytest.mark.parametrize(("changes", "field"), [
    ({"surprise": 1}, "surprise"),
    ({"code": "有汉字"}, "code"),
    ({"kind": "promised"}, "kind"),
    ({"department": "ZZ"}, "department"),
    ({"promised_days": "7"}, "promised_days"),
    ({"promised_days": 7.5}, "promised_days"),
    ({"promised_days": -1}, "promised_days"),
    ({"legal_days": 2**31}, "legal_days"),
    ({"fee": {"min_fen": 10**12}}, "fee.min_fen"),
    ({"fee": {"agent_fee_fen": 1}}, "fee.agent_fee_fen"),
    ({"fee": []}, "fee"),
    ({"process": ["步骤"] * 31}, "process"),
    ({"process": [{"name": "受理"}]}, "process.0.limit_days"),
    ({"process": [7]}, "process.0"),
    ({"materials": [{"name": "纸"}] * 51}, "materials"),
    ({"materials": [{"required": True}]}, "materials.0.name"),
    ({"intake_levels": ["village", "village"]}, "intake_levels"),
    ({"intake_levels": ["moon"]}, "intake_levels.0"),
    ({"name": "长" * 101}, "name"),
])
@pytest.mark.one_engine
def test_a_misshapen_body_names_its_field(call, changes, field):
    answer = call["admin"].post("/items", body_of() | changes)
    assert (answer.status_code, list(errors_of(answer))) == (422, [field])


def test_the_code_of_path_and_body_must_agree(call):
    offered(call)
    answer = call["admin"].post("/items/MZ-003/versions", body_of(code="MZ-004"))
    assert (answer.status_code, list(errors_of(answer))) == (422, ["code"])


def test_a_new_version_honours_the_items_etag_where_it_is_sent(call):
    offered(call)
    etag = call["admin"].get("/items/MZ-003").headers["ETag"]
    assert call["admin"].post("/items/MZ-003/versions", body_of(), match=etag).status_code == 201
    assert call["admin"].post("/items/MZ-003/versions", body_of(), match='"7-0"').status_code == 412


@pytest.mark.parametrize("path", [
    "/items/NO-1", "/items/NO-1/versions", "/items/NO-1/versions/1", "/items/MZ-003/versions/0",
    "/items/MZ-003/versions/99999999999999999999", "/items/%00", "/items/" + "9" * 70,
])
@pytest.mark.one_engine
def test_what_is_not_there_is_404(call, path):
    assert call["stranger"].get(path).status_code == 404


@pytest.mark.parametrize(("query", "field"), [
    ("q=", "q"), ("q=" + "长" * 51, "q"), ("kind=x", "kind.0"), ("level=city", "level.0"),
    ("limit=201", "limit"), ("cursor=abc", "cursor"), ("name=x", "name"),
    ("department=%E6%B0%91", "department.0"),
])
@pytest.mark.one_engine
def test_a_wrong_query_is_named(call, query, field):
    answer = call["stranger"].get(f"/items?{query}")
    assert (answer.status_code, list(errors_of(answer))) == (422, [field])


def test_items_are_found_by_chinese_pinyin_and_initials(call, sample):
    found = {q: codes(call["stranger"].get(f"/items?q={q}"))
             for q in ("临时救助", "救助", "linshijiuzhu", "LinShi jiuzhu", "lsjz", "没有这样的", "%25", "_")}
    for q in ("临时救助", "linshijiuzhu", "LinShi jiuzhu", "lsjz"):
        assert found[q] == ["MZ-003"], q
    assert "MZ-002" in found["救助"] and "MZ-003" in found["救助"]
    assert found["没有这样的"] == found["%25"] == found["_"] == []


def test_filters_narrow_and_repeated_ones_widen(call, sample):
    def count(query):
        return len(codes(call["stranger"].get(f"/items?limit=200&{query}")))

    assert count("") == 40
    assert (count("kind=instant"), count("kind=instant&kind=report")) == (10, 21)
    assert (count("department=MZ"), count("department=MZ&department=RS")) == (6, 12)
    assert (count("level=village"), count("level=township"), count("level=district")) == (31, 40, 0)
    assert count("department=MZ&kind=instant&kind=promise&kind=report&level=village&q=a") <= 6


def test_pages_go_by_code_without_gaps(call, sample):
    seen, cursor = [], ""
    while cursor is not None:
        answer = call["stranger"].get(f"/items?limit=7{cursor and '&cursor=' + cursor}").get_json()
        seen += [item["code"] for item in answer["items"]]
        cursor = answer["next_cursor"]
    assert len(seen) == len(set(seen)) == 40
    assert seen == codes(call["stranger"].get("/items?limit=200"))


def test_versions_come_in_pages_by_number(call):
    offered(call)
    for _ in range(3):
        call["admin"].post("/items/MZ-003/versions", body_of())
    first = call["admin"].get("/items/MZ-003/versions?limit=3").get_json()
    second = call["admin"].get(f"/items/MZ-003/versions?limit=3&cursor={first['next_cursor']}").get_json()
    assert [v["version"] for v in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert second["next_cursor"] is None


def test_figures_are_public_and_labelled(call, sample):
    assert call["stranger"].get("/catalogue/figures").get_json() == {
        "items": 40, "by_kind": {"instant": 10, "promise": 19, "report": 11},
        "items_with_legal_limit": 25, "legal_days": 540, "promised_days": 248,
        "speed_up_percent": 54.1, "speed_up_mean_of_items_percent": 54.9,
    }


@pytest.mark.parametrize("path", [
    "/items?limit=200", "/items?q=jz&kind=promise&level=village", "/items/MZ-003",
    "/items/MZ-003/versions", "/items/MZ-003/versions/1", "/catalogue/figures",
])
def test_reading_takes_one_statement(call, sample, statements, path):
    statements.clear()
    assert call["stranger"].get(path).status_code == 200
    assert len(statements) == 1


@pytest.mark.one_engine
def test_the_routes_are_documented(app, call):
    document = app.extensions["daiban.api"].document()
    paths = {path for path in document["paths"] if "/items" in path or "/catalogue" in path}
    assert len(paths) == 7
    step = document["components"]["schemas"]["ItemShape"]["properties"]["process"]["items"]
    assert {shape["type"] for shape in step["oneOf"]} == {"string", "object"}


@pytest.mark.parametrize("number", [10**8, 2**31, 2**63, 10**40])
@pytest.mark.one_engine
def test_a_version_that_cannot_be_is_not_found_whatever_the_method(call, number):
    assert call["stranger"].get(f"/items/MZ-003/versions/{number}").status_code == 404
    assert call["admin"].put(f"/items/MZ-003/versions/{number}", body_of()).status_code == 404
