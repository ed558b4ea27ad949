"""Slip, mandate and decision: for the errand's readers, masked, and for nobody else."""
import re

import pytest

from backend.core import ledger
from backend.core.actor import system
from backend.core.transaction import transaction
from tests import cast
from tests.errands.test_papers import upload
from tests.errands.test_story import accepted, completed, path, registered

KINDS = ("slip", "mandate.html", "decision.html")
REFERRAL = {"where": "临海市民政局", "phone": "0576-85111111", "bring": ["户口簿"], "whom": "低保窗口"}


def text_of(caller, case, noun):
    answer = caller.get(path(case, noun))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "text/html" and answer.headers["Cache-Control"] == "no-store"
    return answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_there_for_its_readers_and_absent_for_everybody_else(agent, neighbour, township, kind):
    case = completed(agent)
    assert case["number"] in text_of(township, case, kind)
    foreign = neighbour.get(path(case, kind))
    absent = neighbour.get(path({"id": "0190aaaa-0000-7000-8000-000000000000"}, kind))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json | {"instance": ""} == absent.json | {"instance": ""}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.one_engine
def test_no_paper_shows_a_whole_number_even_to_the_admin(agent, admin, kind):
    page = text_of(admin, completed(agent), kind)
    assert cast.id_number(1) not in page and "13805761234" not in page


def test_a_slip_tells_number_due_moment_papers_and_where_to_look(agent):
    case = accepted(agent)
    page = text_of(agent, case, "slip")
    for told in ("代办事项受理单", case["number"], "2026年2月28日 17:30 前", "☑ 户口簿", "138****1234", "<svg"):
        assert told in page
    assert cast.id_number(1)[0] + "*" * 16 + cast.id_number(1)[-1] in page


def test_before_acceptance_a_slip_promises_no_date(agent):
    case = registered(agent, materials=[{"name": "申请书", "received": True}])
    page = text_of(agent, case, "slip")
    assert "代办事项收件单" in page and "受理后另行告知" in page and "☐ 户口簿（未收）" in page


def test_a_slip_tells_the_phone_of_the_nearest_who_has_one(agent, admin):
    township = admin.get(f"/units/{cast.TOWNSHIP}")
    etag = township.headers["ETag"]
    assert admin.patch(f"/units/{cast.TOWNSHIP}", {"phone": "0576-84110001"}, etag=etag).status_code == 200
    assert "0576-84110001" in text_of(agent, registered(agent), "slip")


@pytest.mark.one_engine
def test_what_people_write_cannot_become_markup(agent):
    case = registered(agent, resident={"name": "<b>王</b>", "id_number": cast.id_number(1)})
    assert "&lt;b&gt;王&lt;/b&gt;" in text_of(agent, case, "slip")
    body = {"reason": "<script>x</script>", "referral": REFERRAL}
    agent.put(path(case, "declination"), body)
    assert "&lt;script&gt;" in text_of(agent, case, "decision.html")


def test_a_mandate_tells_powers_and_the_days_it_runs(agent, fixed_clock):
    case = accepted(agent, mandate={
        "given_by": "witness", "expires_on": "2026-12-31", "powers": "代领补助通知书",
    })
    page = text_of(agent, case, "mandate.html")
    for told in ("代领补助通知书", "自2026年2月12日起至2026年12月31日止", "见证人在场", "临时救助"):
        assert told in page
    fixed_clock.set("2026-03-02 09:00")
    agent.put(path(case, "mandate"), {"given_by": "voice", "expires_on": "2027-01-31"})
    assert "自2026年3月2日起至2027年1月31日止" in text_of(agent, case, "mandate.html")


@transaction
def long_history(case, *, actor, now):
    for at in range(205):
        ledger.record("errand.note", "errand", case["id"], scope=cast.VILLAGE, detail={"text": f"第{at}次联系"})


def test_a_mandate_renewed_after_a_long_history_tells_its_own_day(agent, fixed_clock):
    """However many entries came before it: the form looks for what gave a mandate, not at the first 200."""
    case = registered(agent)
    long_history(case, actor=system("test"), now=fixed_clock.now())
    fixed_clock.set("2026-03-02 09:00")
    agent = cast.sign_in(agent.client, cast.AGENT)
    agent.put(f"/errands/{case['id']}/mandate", {"given_by": "voice", "expires_on": "2027-01-31"})
    assert "自2026年3月2日起至2027年1月31日止" in text_of(agent, case, "mandate.html")


def test_a_declined_errands_letter_has_reason_way_on_and_the_right_to_recheck(agent):
    case = registered(agent)
    agent.put(path(case, "declination"), {"reason": "户籍不在本区", "referral": REFERRAL})
    page = text_of(agent, case, "decision.html")
    for told in ("不予受理告知书", "户籍不在本区", "临海市民政局", "低保窗口", "户口簿", "东城街道", "要求复核"):
        assert told in page


@pytest.mark.one_engine
def test_a_way_on_without_a_person_is_printed_without_one(agent):
    case = registered(agent)
    referral = {name: told for name, told in REFERRAL.items() if name != "whom"}
    agent.put(path(case, "declination"), {"reason": "户籍不在本区", "referral": referral})
    page = text_of(agent, case, "decision.html")
    assert "临海市民政局" in page and "找谁" not in page


@pytest.mark.parametrize(("outcome", "named", "rights"), [
    ("granted", "准予", ()), ("advised", "已答复", ("要求复核",)),
    ("returned", "退回", ("要求复核",)), ("refused", "不予批准", ("要求复核", "行政复议", "行政诉讼")),
])
@pytest.mark.one_engine
def test_a_completed_errands_letter_names_the_rights_that_its_outcome_leaves(agent, outcome, named, rights):
    """Rules 3.7; Administrative Licensing Law art. 38."""
    case = accepted(agent)
    agent.put(path(case, "completion"), {"outcome": outcome, "result": "如下", "reason": "收入高于标准"})
    page = text_of(agent, case, "decision.html")
    assert "办理结果告知书" in page and f"<strong>{named}</strong>" in page
    for right in ("要求复核", "行政复议", "行政诉讼"):
        assert (right in page) == (right in rights)


def test_there_is_no_letter_before_there_is_an_outcome(agent):
    case = accepted(agent)
    refused = agent.get(path(case, "decision.html"))
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/undecided")
    agent.put(path(case, "withdrawal"), {"reason": "不办了"})
    assert agent.get(path(case, "decision.html")).status_code == 409


@pytest.mark.one_engine
def test_a_papers_code_leads_to_the_progress_page_without_a_name(agent, monkeypatch):
    led = []
    monkeypatch.setattr("backend.web.pages.segno.make", lambda text, **_: led.append(text) or _Blank())
    case = registered(agent)
    text_of(agent, case, "slip")
    assert re.fullmatch(rf"http://127\.0\.0\.1:8000/progress#{case['number']}", led[0])


@pytest.mark.parametrize(("end", "told"), [
    (None, ("已用时限", "2 个工作日", "剩余时限", "5 个工作日")), ("resume", ("2026年3月10日", "时限继续计算")),
    ("restart", ("2026年3月10日", "时限重新计算")),
])
@pytest.mark.one_engine
def test_a_notice_of_suspension_tells_why_since_when_and_what_remains(agent, neighbour, fixed_clock, end, told):
    """Administrative Licensing Law art. 45: the resident is told in writing."""
    fixed_clock.set("2026-03-02 10:00")
    case = accepted(agent)
    fixed_clock.set("2026-03-05 10:00")
    body = {"reason": "quarantine", "notice": "送检疫站，预计五个工作日。<b>"}
    assert agent.post(path(case, "suspensions"), body).status_code == 201
    fixed_clock.set("2026-03-10 09:00")
    if end:
        agent.put(path(case, "suspensions/current/end"), {"mode": end})
    page = text_of(agent, case, "suspensions/1/notice.html")
    said = "预计五个工作日。&lt;b&gt;"
    for line in ("告知书", case["number"], "检疫", "第四十五条", "自2026年3月5日起", said, *told):
        assert line in page
    assert cast.id_number(1) not in page
    for caller, n in ((neighbour, 1), (agent, 2)):
        assert caller.get(path(case, f"suspensions/{n}/notice.html")).status_code == 404


class _Blank:
    def save(self, out, **_):
        out.write(b"<svg/>")


def lacking(agent):
    case = registered(agent, materials=[{"name": "申请书", "received": True}, {"name": "身份证", "received": True}])
    missing = [{"name": "户口簿"}, {"name": "困难情形证明", "note": "由村（居）委会出具，写明<原因>"}]
    answer = agent.post(path(case, "supplement-notices"), {"missing": missing})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_notice_tells_everything_that_is_missing_under_its_number(agent, neighbour):
    case = lacking(agent)
    noun = "supplement-notices/1/notice.html"
    page = text_of(agent, case, noun)
    for told in ("一次性告知书", f"{case['number']}-B1", "户口簿", "未提交", "写明&lt;原因&gt;", "第三十二条"):
        assert told in page
    assert cast.id_number(1) not in page
    assert neighbour.get(path(case, noun)).status_code == 404
    assert agent.get(path(case, "supplement-notices/2/notice.html")).status_code == 404


def test_a_second_notice_prints_its_legal_basis(agent):
    case = lacking(agent)
    missing = [{"name": "户口簿"}, {"name": "困难情形证明"}]
    agent.post(path(case, "supplement-notices"), {"missing": missing, "legal_basis": "《社会救助暂行办法》第四十八条"})
    page = text_of(agent, case, "supplement-notices/2/notice.html")
    assert "再次补正告知书" in page and "《社会救助暂行办法》第四十八条" in page


def test_an_undertaking_names_what_may_come_later_and_until_when(agent):
    papers = [{"name": name, "received": True} for name in ("身份证", "户口簿")]
    case = registered(agent, item_code="RS-002", materials=papers)
    page = text_of(agent, case, "undertaking.html")
    assert "容缺受理承诺书" in page and "银行卡" in page and "户口簿" not in page and "年　　月" in page
    later = {"name": "银行卡", "received": False, "deferred_until": "2026-02-20", "undertaking_file": upload(agent)}
    assert agent.put(path(case, "materials"), {"materials": [later]}).status_code == 200
    assert "2026年2月20日前" in text_of(agent, case, "undertaking.html")
    agent.put(path(case, "materials"), {"materials": [{"name": "银行卡", "received": True}]})
    refused = agent.get(path(case, "undertaking.html"))
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/nothing-deferrable")
