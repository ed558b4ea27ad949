"""What a correction changes of a filed report, and what it leaves alone (rules 7.3)."""
from dataclasses import replace
from datetime import date

import pytest

from backend.core.problems import Invalid
from backend.reports.rules import corrections, sites
from backend.reports.rules.checklists import Checklist
from tests.reports.test_filing_rules import BUILDING, CENTRE, LISTS, VILLAGE, ground, site

GONE = "331003001002"
NEWER = Checklist("village", 2, date(2026, 9, 1), (("lamp", "一盏灯"),), False)


def filed(**more):
    """A text that was filed of a village under way, of its centre, and of one that has left office since."""
    entries = [site(CENTRE), site(**BUILDING), site(GONE, **BUILDING)]
    return {"sites": sites.without_gaps(entries), "problems": [], "plan": "抓紧", "photos": []} | more


def corrected(said, held=None, text=None):
    return corrections.corrected(text or filed(), said, "笔误", held or ground(site(CENTRE), site(**BUILDING)))


def of(found, code=VILLAGE):
    return next(one for one in found if one["unit_code"] == code)


def test_only_what_is_corrected_changes_in_the_text_and_in_the_register():
    text, entered = corrected({"sites": [{"unit_code": VILLAGE, "percent": 45}]})
    assert [one["unit_code"] for one in text["sites"]] == [CENTRE, VILLAGE, GONE]
    assert (of(text["sites"])["percent"], of(text["sites"])["reason"], text["plan"]) == (45, "笔误", "抓紧")
    assert of(text["sites"], CENTRE) == of(filed()["sites"], CENTRE)
    assert [(one["unit_code"], one["percent"]) for one in entered] == [(VILLAGE, 45)]


@pytest.mark.parametrize("held", (
    ground(site(CENTRE)),
    ground(site(CENTRE), site(**BUILDING | {"status": "built", "percent": 100})),
    replace(ground(site(CENTRE), site(**BUILDING)), checklists=LISTS | {"village": NEWER}),
    replace(ground(site(CENTRE), site(**BUILDING)), departments={}),
), ids=("the site has left office", "an admin said it is built", "the checklist is another", "the department is gone"))
def test_a_correction_of_the_plan_is_no_matter_of_what_has_changed_since(held):
    text = filed(problems=[{"text": "缺电脑", "asked_of": "MZ", "due_on": "2026-09-01"}])
    found, entered = corrected({"plan": "改"}, held, text)
    assert found == text | {"plan": "改"} and entered == []


def test_of_a_checklist_only_the_items_that_differ_are_corrected():
    held = replace(ground(site(CENTRE), site(**BUILDING)), checklists=LISTS | {"village": NEWER})
    text, entered = corrected({"sites": [{"unit_code": VILLAGE, "readiness": {"room": True, "lamp": True}}]}, held)
    assert of(text["sites"])["readiness"] == {"room": True, "lamp": True} and of(entered)["status"] == "built"
    with pytest.raises(Invalid):
        corrected({"sites": [{"unit_code": VILLAGE, "readiness": {"room": False}}]}, held)


def test_a_report_sent_back_whole_changes_what_differs_only():
    """An admin has the village built meanwhile; the clerk corrects the centre, and sends back all that she read."""
    held = ground(site(CENTRE), site(**BUILDING | {"status": "built", "percent": 100}))
    read = [dict(one) for one in filed()["sites"]]
    of(read, CENTRE)["agents_in_place"] = 2
    of(read)["readiness"] = dict.fromkeys(LISTS["village"].codes, False) | of(read)["readiness"]
    text, entered = corrected({"sites": read}, held)
    assert [one["unit_code"] for one in entered] == [CENTRE]
    assert of(text["sites"]) == of(filed()["sites"]) and of(text["sites"], CENTRE)["agents_in_place"] == 2


@pytest.mark.parametrize(("said", "field"), (
    ({"unit_code": GONE, "percent": 70}, "unit_code"), ({"unit_code": "9" * 12}, "unit_code"),
    ({"unit_code": VILLAGE, "percent": 101}, "percent"),
    ({"unit_code": VILLAGE, "agents_trained": 3}, "agents_trained"),
    ({"unit_code": VILLAGE, "status": "built", "percent": 100}, "status"),
))
def test_what_a_correction_does_say_must_be_right(said, field):
    with pytest.raises(Invalid) as refused:
        corrected({"sites": [{"unit_code": CENTRE, "staff": 2}, said]})
    assert list(refused.value.errors) == [f"sites.1.{field}"]


def test_an_older_weeks_correction_is_held_against_what_was_filed():
    held = ground(site(CENTRE), site(**BUILDING | {"percent": 90}), newest=False)
    text, _ = corrected({"sites": [{"unit_code": VILLAGE, "agents_in_place": 2, "agents_trained": 2}]}, held)
    assert (of(text["sites"])["percent"], of(text["sites"])["agents_trained"]) == (60, 2)


def test_a_corrected_site_that_passes_all_of_its_checklist_is_built():
    passed = dict.fromkeys(LISTS["village"].codes, True)
    text, entered = corrected({"sites": [{"unit_code": VILLAGE, "readiness": passed}]})
    assert of(text["sites"])["status"] == of(entered)["status"] == "built"
