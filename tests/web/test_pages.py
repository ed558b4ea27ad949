"""Printed matter: what stands on a card, a slip and a mandate."""
from datetime import date, datetime

import pytest

from backend.web import pages

DUE = datetime.fromisoformat("2026-02-26T17:30:00+08:00")
RESIDENT = {"name": "张三<script>", "id_number": "3****************4", "phone": "138****5678"}
AGENT = {"name": "王小燕", "phone": "0576-84110001"}
SLIP = {
    "number": "001001-260212-0001-7", "item": "特困人员认定", "unit": "大树下村", "received_at": DUE,
    "due_at": DUE, "provisional": False, "resident": RESIDENT, "agent": AGENT,
    "materials": [{"name": "申请书", "received": True}], "url": "https://daiban.example/",
}
MANDATE = {
    "number": "001001-260212-0001-7", "items": ["特困人员认定"], "powers": [], "unit": "大树下村",
    "resident": RESIDENT, "agent": AGENT, "given_by": "witness", "given_on": date(2026, 2, 12),
    "expires_on": None, "witness": "李四",
}


@pytest.fixture
def rendered(app):
    def _rendered(template, **context):
        with app.test_request_context():
            return pages.render(template, **context).get_data(as_text=True)
    return _rendered


def test_a_service_card_tells_what_who_and_phone(client, village):
    answer = client.get(f"/api/v1/units/{village}/card")
    assert answer.mimetype == "text/html"
    for told in ("大树下村", "王小燕", "0576-84110001", "<svg"):
        assert told in answer.text


@pytest.mark.parametrize("code", ("331003001002", "x", "%00"))
def test_there_is_no_card_of_a_unit_that_is_not(client, village, code):
    assert client.get(f"/api/v1/units/{code}/card").status_code == 404


def test_a_slip_tells_the_due_moment_and_escapes_names(rendered):
    html = rendered("slip.html", **SLIP)
    assert "2026年2月26日 17:30 前" in html
    assert "<script>" not in html and "张三&lt;script&gt;" in html


def test_a_slip_without_a_date_says_so(rendered):
    assert "受理后另行告知" in rendered("slip.html", **SLIP | {"due_at": None})


def test_a_provisional_date_is_marked(rendered):
    assert "暂定" in rendered("slip.html", **SLIP | {"provisional": True})


def test_a_mandate_without_an_end_lasts_until_delivery(rendered):
    html = rendered("mandate.html", **MANDATE)
    assert "办结送达止" in html and "见证人：李四" in html


def test_what_the_caller_forgot_is_a_fault_and_not_a_blank(rendered):
    with pytest.raises(Exception, match="undefined"):
        rendered("slip.html", number="1")
