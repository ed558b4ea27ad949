"""What the bulletin says in words, whatever the figures; its Word file can always be opened."""
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest

from backend.core import blocks, official
from backend.reports.rules import body as bodies
from backend.reports.rules import standing, targets, wording
from backend.reports.rules.body import Counts, Found
from backend.reports.rules.burnup import Span
from backend.reports.rules.standing import Owed
from tests.reports.weekly import at

DUE = at("2026-09-24 17:30")
ISSUED = {"number": 3, "issued_at": "2026-09-28T09:00:00+08:00", "ledger": {"seq": 7, "hash": "ab"}}
PREVIEW = {"number": None, "issued_at": None, "ledger": None}
TOWN, PLACE = "331003001000", "331003001"


def found(planned=10, built=4, before=2, **changes):
    """One township with so many villages, in time."""
    counts = Counts(
        {("village", PLACE): planned, ("township", PLACE): 1}, {("village", PLACE): built}, {("village", PLACE): 1},
        {("village", PLACE): before},
    )
    given = Found(
        week="2026-W39", district={"code": "331003000000", "name": "黄岩区"}, due_at=DUE, as_of=date(2026, 9, 24),
        today=date(2026, 9, 24), standing=standing.standing([Owed(TOWN, "东城街道", DUE)], {TOWN: DUE}),
        townships={TOWN: "东城街道"}, counts=counts, planned=[("village", Span(None, None, planned))],
        built=[("village", Span(date(2026, 9, 1), None, built))], targets=targets.usual(2026), problems=[], errata=[],
    )
    return replace(given, **changes)


def said(given, head=ISSUED):
    return list(wording.document(bodies.body(given) | head))


def text(content):
    return "\n".join(block.text for block in content if hasattr(block, "text"))


@pytest.mark.parametrize("figures, told", [
    ({}, "应建10个，已建成4个，建成率40.0%，目标为2026年10月31日前达到100%；本周新增1个，近四周平均每周新增0.5个，"
         "按此进度预计2026年12月17日全部建成；要按期达到目标，每周需建成1.2个。"),
    ({"before": 4}, "按此进度无法预计全部建成的日期"), ({"built": 10}, "建成率100.0%"), ({"built": 10}, "已全部建成。"),
    ({"planned": 0, "built": 0, "before": 0}, "村居社区：没有应建站点，建成率不适用"),
])
def test_coverage_in_words(figures, told):
    assert told in text(said(found(**figures)))


def test_a_target_whose_day_has_come_is_said_to_be_missed():
    assert "目标日期已到，尚未达到目标" in text(said(found(as_of=date(2026, 11, 1))))


def test_a_week_that_owes_nothing_says_so_and_a_preview_says_what_it_is():
    told = text(said(found(standing=standing.standing([], {}), due_at=None), PREVIEW))
    assert "不要求报送周报，报送率、按时率均不适用" in told and "签发前的预览" in told


def test_a_bulletin_issued_late_gives_no_forecast_that_its_day_has_overtaken():
    covered = bodies.body(found(planned=10, built=9, before=8))["coverage"][1]
    assert covered["forecast_on"] == "2026-10-22"
    for today, told in ((date(2026, 10, 21), "2026-10-22"), (date(2026, 10, 22), None)):
        late = bodies.body(found(planned=10, built=9, before=8, today=today))
        assert {one["forecast_on"] for one in (late["coverage"][1], late["townships"][0])} == {told}


def test_late_and_missing_are_named():
    other = Owed("331003002000", "南城街道", DUE)
    stands = standing.standing([Owed(TOWN, "东城街道", DUE), other], {TOWN: at("2026-09-24 17:31")})
    told = text(said(found(standing=stands)))
    assert "迟报1个：东城街道（9月24日17:31）。" in told and "未报1个：南城街道。" in told


HOSTILE = "<w:p>&\"'\x0b\ud800\ufffe𠮷\n=1+1"


def test_a_word_file_can_be_opened_whatever_stands_in_it():
    asked = {"week": "2026-W39", "unit_code": TOWN, "name": HOSTILE, "text": HOSTILE, "asked_of": "MZ",
             "asked_of_name": HOSTILE, "due_on": "2026-09-01", "overdue": True}
    erratum = {"week": "2026-W38", "unit_code": TOWN, "name": HOSTILE, "kind": "correction", "reason": HOSTILE,
               "corrected_at": "2026-09-21T09:00:00+08:00"}
    district = {"code": "331003000000", "name": HOSTILE}
    file = BytesIO()
    official.write(file, HOSTILE, said(found(problems=[asked], errata=[erratum], district=district)))
    paper = docx.Document(file)
    assert len(paper.tables) == 4 and "𠮷" in paper.tables[1].rows[1].cells[1].text
    with ZipFile(file) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


def test_a_document_without_a_chart_has_none():
    file = BytesIO()
    official.write(file, "x", [blocks.Title("题"), blocks.Heading("（一）", 2), blocks.Signed("办公室", None)])
    with ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "chart" in name]
    assert [line.text for line in docx.Document(file).paragraphs] == ["题", "（一）", "办公室", "（未签发）"]
