"""The bulletin: what it says, when it is issued, and that it never changes (rules 7.5; the example of issue 5)."""
import hashlib
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest

from backend.core import db, ledger, sql
from backend.core.actor import OFFICE, Actor
from backend.core.problems import Invalid
from backend.reports import jobs
from backend.reports.actions import filing, issuing
from tests import cast
from tests.reports import filed, weekly
from tests.reports.weekly import at

WEEK, NEXT, EMPTY = "2026-W39", "2026-W40", "2026-W08"
MERGED, SILENT = "331003010000", "331003009000"
ISSUER = Actor(id="office-1", name="办公室", role=OFFICE, unit_code=cast.DISTRICT)


@pytest.fixture
def week(district_app, fixed_clock):
    """21 townships: one merged away, 17 in time, one late, one with a blank form, one silent."""
    weekly.add_township(MERGED, "并入镇")
    weekly.add_township(SILENT, "未报镇")
    sql.run("UPDATE unit SET valid_to_on = ? WHERE code = ?", ("2026-09-22", MERGED))
    fixed_clock.set("2026-09-21 09:00")
    weekly.fall_due(fixed_clock.now())
    ours = [code for code in weekly.townships() if code not in (MERGED, SILENT)]
    assert len(ours) == 19
    for code in ours[:16]:
        weekly.file(WEEK, code, at("2026-09-23 10:00"))
    weekly.file(WEEK, ours[16], at("2026-09-24 17:29:59"))
    weekly.file(WEEK, ours[17], at("2026-09-24 17:31"))
    with pytest.raises(Invalid):
        filing.file(WEEK, ours[18], actor=filed.clerk(ours[18]), now=at("2026-09-24 17:00"))
    fixed_clock.set("2026-09-24 18:00")
    return ours


def office(district_app):
    return cast.sign_in(district_app.test_client(), "office")


def test_the_worked_example(week, district_app, stranger, fixed_clock):
    preview = stranger.get(f"/bulletins/{WEEK}").json
    assert preview["issued_at"] is None and preview["content_sha256"] is None
    issuer = office(district_app)
    assert issuer.put(f"/bulletins/{NEXT}/issue").json["type"] == "/problems/not-yet-due"
    tag = issuer.get(f"/bulletins/{WEEK}").headers["ETag"]
    answer = issuer.put(f"/bulletins/{WEEK}/issue", etag=tag)
    issued = answer.json
    assert answer.status_code == 200 and issued["due_at"] == "2026-09-24T17:30:00+08:00"
    assert (issued["expected"], issued["received"], issued["on_time"]) == (20, 18, 17)
    assert (issued["received_rate_percent"], issued["on_time_rate_percent"]) == (90.0, 85.0)
    assert [one["unit_code"] for one in issued["missing"]] == sorted([SILENT, week[18]])
    assert [one["filed_at"] for one in issued["late"]] == ["2026-09-24T17:31:00+08:00"]
    assert issuer.put(f"/bulletins/{WEEK}/issue").json["type"] == "/problems/already-issued"
    forms = {ending: stranger.get(f"/bulletins/{WEEK}{ending}").data for ending in (".xlsx", ".docx", ".html", ".json")}

    weekly.correct(WEEK, week[0], at("2026-09-28 09:00"))
    weekly.file(WEEK, week[18], at("2026-09-28 10:00"))
    fixed_clock.set("2026-09-30 18:00")
    assert stranger.get(f"/bulletins/{WEEK}").json == issued
    assert {ending: stranger.get(f"/bulletins/{WEEK}{ending}").data for ending in forms} == forms
    assert hashlib.sha256(forms[".json"]).hexdigest() == issued["content_sha256"]
    on_time = sql.value("SELECT on_time FROM report WHERE week = ? AND unit_code = ?", (WEEK, week[0]))
    assert bool(on_time)

    issuing.issue(NEXT, actor=ISSUER, now=fixed_clock.now())
    following = stranger.get(f"/bulletins/{NEXT}").json
    assert [(one["week"], one["unit_code"], one["kind"]) for one in following["errata"]] == [
        (WEEK, week[0], "correction"), (WEEK, week[18], "filing"),
    ]
    assert following["errata"][0]["reason"] == "数字有误"
    assert stranger.get("/bulletins/2026-W41").json["errata"] == []


def test_a_week_without_working_day_owes_nothing(district_app, stranger, fixed_clock):
    fixed_clock.set("2026-02-20 10:00")
    found = stranger.get(f"/bulletins/{EMPTY}").json
    assert found["expected"] == 0 and found["due_at"] is None
    assert found["received_rate_percent"] is None and found["on_time_rate_percent"] is None
    issuer = office(district_app)
    assert issuer.put(f"/bulletins/{EMPTY}/issue").status_code == 409
    fixed_clock.set("2026-02-23 08:00")
    assert office(district_app).put(f"/bulletins/{EMPTY}/issue").json["on_time_rate_percent"] is None


def test_the_bulletin_of_a_week_that_was_over_when_the_product_came_counts_who_was_in_office(
    district_app, stranger, fixed_clock
):
    """The clock's own pass leaves that week to nobody; whoever asks for its bulletin asks for its obligations."""
    fixed_clock.set("2026-09-27 10:00")
    weekly.fall_due(fixed_clock.now())
    ours = weekly.townships()
    weekly.file(WEEK, ours[0], at("2026-09-27 11:00"))
    preview = stranger.get(f"/bulletins/{WEEK}").json
    issued = office(district_app).put(f"/bulletins/{WEEK}/issue").json
    for found in (preview, issued):
        assert (found["expected"], found["received"], found["on_time"]) == (19, 1, 0)
        assert [one["unit_code"] for one in found["late"]] == ours[:1]
        assert [one["unit_code"] for one in found["missing"]] == ours[1:]
    assert stranger.get(f"/bulletins/{EMPTY}").json["expected"] == 0


def test_the_ledger_holds_the_hash_and_the_bulletin_the_head(week, fixed_clock):
    head = ledger.head()
    issuing.issue(WEEK, actor=ISSUER, now=fixed_clock.now())
    entry = ledger.history("bulletin", f"{WEEK}/{cast.DISTRICT}")[0]
    body = sql.row("SELECT body, content_sha256 FROM bulletin")
    assert entry["detail"]["content_sha256"] == body["content_sha256"]
    assert f'"seq":{head[0]}' in body["body"] and head[1].hex() in body["body"]


@pytest.mark.parametrize("statement", ["UPDATE bulletin SET body = '{}'", "DELETE FROM bulletin"])
def test_the_database_itself_refuses_to_change_an_issued_bulletin(district, statement):
    issuing.issue("2026-W06", actor=ISSUER, now=at("2026-02-12 10:00"))
    with pytest.raises(db.FAULTS, match="never changes"):
        sql.execute(statement)


def test_coverage_pace_forecast_and_rank_are_told(week, stranger):
    """What the sample brings along is taken away first."""
    first, second = week[:2]
    sql.execute("DELETE FROM unit_built")
    own = [code for (code,) in sql.tuples(
        "SELECT code FROM unit WHERE level = 'village' AND code LIKE ? ORDER BY code", (f"{second[:9]}%",))[1]]
    weekly.build(own[:2], date(2026, 7, 1))
    weekly.build(own[2:4], date(2026, 9, 22))
    weekly.build([first], date(2026, 9, 1))
    found = stranger.get(f"/bulletins/{WEEK}").json
    township, village = found["coverage"]
    assert (township["level"], township["planned"], township["built"], township["new"]) == ("township", 20, 1, 0)
    assert (village["built"], village["new"], village["pace_a_week"]) == (4, 2, 0.5)
    assert village["forecast_on"] > "2026-09-24" and township["needed_a_week"] is None
    best = found["townships"][0]
    assert (best["unit_code"], best["rank"], best["built"], best["new"]) == (second, 1, 4, 2)
    assert found["townships"][1]["rank"] == 2 and not best["own_built"]
    assert found["burn_up"][-1]["week"] == WEEK and found["burn_up"][-1]["village_built"] == 4


def test_word_and_excel_are_what_they_should_be(week, stranger, fixed_clock):
    issuing.issue(WEEK, actor=ISSUER, now=fixed_clock.now())
    paper = docx.Document(BytesIO(stranger.get(f"/bulletins/{WEEK}.docx").data))
    page = paper.sections[0]
    margins = [page.top_margin, page.left_margin, page.right_margin, page.bottom_margin]
    assert [round(size.mm) for size in (page.page_width, page.page_height, *margins)] == [210, 297, 37, 28, 26, 35]
    assert 'w:eastAsia="仿宋"' in paper.styles.element.xml and 'w:eastAsia="方正小标宋简体"' in paper.styles.element.xml
    text = "\n".join(line.text for line in paper.paragraphs)
    assert "应报20个，已报18个，报送率90.0%；其中按时报送17个，按时率85.0%" in text and "代办通报〔2026〕1号" in text
    assert len(paper.tables[0].rows) == 21
    assert any("charts/chart" in part.partname for part in paper.part.package.iter_parts())
    book = openpyxl.load_workbook(BytesIO(stranger.get(f"/bulletins/{WEEK}.xlsx").data))
    assert book.sheetnames == ["通报", "建成率", "乡镇（街道）", "未答复问题", "更正", "逐周走势"]
    assert dict(book["通报"].iter_rows(min_row=2, values_only=True))["按时率（%）"] == 85


def test_the_page_is_for_everybody_and_runs_nothing(week, stranger, fixed_clock):
    preview = stranger.get(f"/bulletins/{WEEK}.html").get_data(as_text=True)
    assert "（预览，尚未签发）" in preview and "<svg" in preview and "<script" not in preview
    issuing.issue(WEEK, actor=ISSUER, now=fixed_clock.now())
    page = stranger.get(f"/bulletins/{WEEK}.html")
    digest = stranger.get(f"/bulletins/{WEEK}").json["content_sha256"]
    assert digest in page.get_data(as_text=True) and page.headers["ETag"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_clock_issues_where_the_district_decided_so(week, stranger, fixed_clock):
    def passed(text):
        jobs.issue_bulletins(actor=jobs_actor, now=fixed_clock.set(text))
        return [one["week"] for one in stranger.get("/bulletins").json["items"]]

    jobs_actor = Actor(id="system:issue-bulletins", name="issue-bulletins", role="system")
    assert passed("2026-09-28 15:01") == []
    sql.execute(
        "INSERT INTO setting (id, name, valid_from_on, value, made_at, version) VALUES (?, ?, ?, ?, ?, ?)",
        ("bulletin-issue/1", "bulletin-issue", "2026-09-25", '{"automatic":true,"at":"15:00"}', 0, 1),
    )
    assert passed("2026-09-28 14:59") == []
    assert passed("2026-09-28 15:00") == [WEEK]
    assert passed("2026-09-28 15:01") == [WEEK]


def test_a_replayed_issue_answers_as_the_first_did(week, district_app):
    issuer, key = office(district_app), {"Idempotency-Key": "issue-2026-w39"}
    first = issuer.put(f"/bulletins/{WEEK}/issue", headers=key)
    again = issuer.put(f"/bulletins/{WEEK}/issue", headers=key)
    assert again.json == first.json and again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("name", ["2026-W54", "2026-39", "x", "2026-W39.pdf"])
def test_what_is_no_week_is_not_there(district_app, stranger, name):
    assert stranger.get(f"/bulletins/{name}").status_code == 404


def test_another_districts_bulletins_are_asked_for_by_any_of_its_units(week, stranger, fixed_clock):
    issuing.issue(WEEK, actor=ISSUER, now=fixed_clock.now())
    assert len(stranger.get(f"/bulletins?unit_code={cast.VILLAGE}").json["items"]) == 1
    assert stranger.get(f"/bulletins/{WEEK}?unit_code=331004000000").status_code == 404
