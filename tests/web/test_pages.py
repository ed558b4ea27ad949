"""Service card, progress page and leaflets: what everybody may read and print."""
import re

import pytest


def test_a_service_card_tells_what_who_and_phone(client, village):
    answer = client.get(f"/api/v1/units/{village}/card")
    assert answer.mimetype == "text/html"
    for told in ("大树下村", "王小燕", "0576-84110001", "<svg"):
        assert told in answer.text


@pytest.mark.parametrize("code", ("331003001002", "x", "%00"))
def test_there_is_no_card_of_a_unit_that_is_not(client, village, code):
    assert client.get(f"/api/v1/units/{code}/card").status_code == 404


def test_the_progress_page_asks_for_number_and_digits_and_sends_nothing_in_its_address(client):
    answer = client.get("/progress")
    assert answer.status_code == 200
    for told in ("查询进度", 'id="number"', 'id="digits"', "后四位", "<noscript>"):
        assert told in answer.text
    assert "action=" not in answer.text and 'method=' not in answer.text
    script = client.get(re.search(r'"(/static/progress\.js[^"]+)"', answer.text)[1]).text
    assert '"/api/v1/progress"' in script


def test_the_rating_page_asks_for_the_code_and_the_level_and_sends_nothing_in_its_address(client):
    answer = client.get("/rating")
    for told in ("服务评价", 'id="token"', 'value="1"', "非常满意", "<noscript>"):
        assert told in answer.text
    assert "action=" not in answer.text and 'method=' not in answer.text
    script = client.get(re.search(r'"(/static/rating\.js[^"]+)"', answer.text)[1]).text
    assert '"/api/v1/ratings/"' in script


def test_the_complaint_page_needs_no_name_and_sends_nothing_in_its_address(client):
    answer = client.get("/complaint")
    for told in ("投诉", 'id="unit"', 'id="text"', "匿名", "<noscript>"):
        assert told in answer.text
    assert "action=" not in answer.text and 'method=' not in answer.text
    script = client.get(re.search(r'"(/static/complaint\.js[^"]+)"', answer.text)[1]).text
    assert '"/complaints"' in script and "Idempotency-Key" in script


def test_the_survey_page_sends_a_slip_and_answers_and_nothing_else(client):
    answer = client.get("/survey")
    assert "不记名" in answer.text and "action=" not in answer.text
    script = client.get(re.search(r'"(/static/survey\.js[^"]+)"', answer.text)[1]).text
    assert "{ token: place[2], answers: answers }" in script and "localStorage" not in script


def test_the_leaflet_names_every_item_by_its_department(stranger):
    answer = stranger.client.get("/items")
    items = stranger.get("/items?limit=200").json["items"]
    for item in items:
        assert f'<a href="/items/{item["code"]}">{item["name"]}</a>' in answer.text
    assert answer.text.count("<section>") == len({item["department"] for item in items})


@pytest.mark.parametrize(("code", "told"), [
    ("MZ-003", ("临时救助", "申请书", "7 个工作日", "免费")),
    ("RS-005", ("社会保障卡补换", "工本费", "16元/张", "须上级批准的时间另计")),
])
def test_an_items_page_has_the_six_disclosures(stranger, code, told):
    answer = stranger.client.get(f"/items/{code}")
    assert answer.status_code == 200
    for text in ("一　事项", "二　流程", "三　材料", "四　承诺时限", "五　收费依据", "六　收费标准", *told):
        assert text in answer.text
    assert "unverified" not in answer.text and "local_guide" not in answer.text


def test_an_instant_items_page_does_not_say_that_the_day_is_not_counted(stranger):
    instant = stranger.get("/items?kind=instant&limit=1").json["items"][0]
    page = stranger.client.get(f"/items/{instant['code']}").text
    assert "当场办结" in page and "受理当日不算" not in page


@pytest.mark.parametrize("code", ("XX-999", "%00", "mz-003"))
def test_there_is_no_page_of_an_item_that_is_not(stranger, code):
    assert stranger.client.get(f"/items/{code}").status_code == 404
