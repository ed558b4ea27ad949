"""How a cell of the Excel form is read, and that the form of whatever stands there comes back as it went out."""
from dataclasses import replace

import pytest

from backend.core.sheetparts import Row
from backend.reports.rules import cells, form
from backend.reports.rules.checklists import Checklist
from tests.reports.test_filing_rules import LISTS, VILLAGE, ground, site

ITEMS = (("desk", "一桌、两椅"), ("more", "一桌、两椅、一柜"), ("sign", "标识牌；门牌"), ("book", "台账"))


@pytest.mark.parametrize(("told", "passed"), (
    ("一桌、两椅", ["desk"]), ("一桌、两椅、一柜", ["more"]),
    ("台账、一桌、两椅、一桌、两椅、一柜", ["desk", "more", "book"]),
    ("标识牌；门牌;book", ["sign", "book"]), ("全部", ["desk", "more", "sign", "book"]), ("无", []), ("、", []),
))
def test_an_item_whose_text_holds_the_sign_that_parts_items_is_found_whole(told, passed):
    assert [code for code, passes in cells.passed(told, ITEMS).items() if passes] == passed


def test_what_is_no_item_is_named():
    with pytest.raises(cells.Wrong) as wrong:
        cells.passed("台账、两椅", ITEMS)
    assert wrong.value.told.zh == "现行清单中没有：两椅"


def test_a_line_broken_in_its_cell_is_one_line_and_a_paragraph_keeps_its_lines():
    assert cells.text("党群中心\r\n一楼\t东", 20) == "党群中心 一楼 东"
    assert cells.paragraph("一、装修\r\n二、培训", 20) == "一、装修\n二、培训"


@pytest.mark.parametrize(("given", "fen"), ((100_000_000_000, 10**13), ("12,000.5", 1_200_050), (0.07, 7)))
def test_an_amount_of_yuan_is_told_in_fen(given, fen):
    assert cells.fen(given) == fen


@pytest.mark.parametrize("given", ("100000000000.01", "-1", "1.234", "一万", True))
def test_what_is_no_amount_or_too_much_is_refused(given):
    with pytest.raises(cells.Wrong):
        cells.fen(given)


def taken(lines, held):
    return form.read([Row(number, {
        place: value for place, value in enumerate(line) if value is not None
    }) for number, line in enumerate([[column.title for column in form.COLUMNS], *lines], 1)], held)


def test_the_form_of_a_report_comes_back_as_it_went_out():
    lists = LISTS | {"village": Checklist("village", 2, LISTS["village"].valid_from_on, ITEMS, False)}
    one = site(readiness={"desk": True, "more": True}, planned_fen=5, onboarded={"MZ": 3}, place="一楼", percent=40)
    held = replace(ground(one), checklists=lists)
    body = {"problems": [{"text": "缺\n电脑", "asked_of": "MZ", "due_on": "2026-09-30"}], "plan": "一\n二"}
    found = taken(form.lines([one], body, held), held)
    assert not found.faults and found.body["plan"] == "一\n二" and found.body["problems"] == body["problems"]
    said = found.body["sites"][0]
    assert [code for code, passes in said.pop("readiness").items() if passes] == ["desk", "more"]
    assert said == {name: one[name] for name in said} and said["unit_code"] == VILLAGE


def test_a_form_takes_no_more_than_a_draft_may_hold():
    asked = {"kind": form.PROBLEM, "text": "缺电脑", "asked_of": "MZ"}
    lines = [[{"kind": form.SITE, "unit_code": VILLAGE}.get(column.name) for column in form.COLUMNS]]
    lines += [[asked.get(column.name) for column in form.COLUMNS]] * 51
    lines += [[{"kind": form.PLAN, "text": "长" * 2500}.get(column.name) for column in form.COLUMNS]] * 2
    assert [(fault.line, fault.told.zh) for fault in taken(lines, ground(site())).faults] == [
        (53, "问题不得超过 50 个"), (55, "计划合计不得超过 4000 个字"),
    ]
