"""The publish gate: six disclosures complete, limits and fees within their rules."""
import json

import pytest

from backend.catalogue.rules import disclosure
from tests.catalogue import SAMPLE, body_of


def faults_of(**changes):
    return disclosure.faults(disclosure.drafted(body_of(**changes)))


def fee(**changes):
    return body_of()["fee"] | changes


def test_a_whole_item_may_be_published():
    assert faults_of() == {}


@pytest.mark.parametrize(("left_out", "field", "told"), [
    ("name", "name", "未公开：事项名称"),
    ("department", "department", "未公开：主管部门"),
    ("kind", "kind", "未公开：办件类型"),
    ("process", "process", "未公开：办理流程"),
    ("materials", "materials", "未公开：申请材料（不需要材料的，须写明为空列表）"),
    ("promised_days", "promised_days", "未公开：承诺时限"),
    ("intake_levels", "intake_levels", "未公开：受理层级"),
])
def test_each_missing_disclosure_is_named(left_out, field, told):
    """Six disclosures (六公开): rules.md 2.2."""
    assert {name: [t.zh for t in texts] for name, texts in faults_of(**{left_out: None}).items()} == {
        field: [told]
    }


def test_a_missing_fee_names_amount_basis_and_standard():
    assert sorted(faults_of(fee=None)) == ["fee.basis", "fee.min_fen", "fee.standard"]


@pytest.mark.parametrize("part", ["basis", "standard"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_basis_or_standard_is_missing(part, blank):
    assert list(faults_of(fee=fee(**{part: blank}))) == [f"fee.{part}"]


def test_no_materials_is_said_by_an_empty_list():
    assert faults_of(materials=[]) == {}


@pytest.mark.parametrize(("changes", "field"), [
    ({"promised_days": 16}, "promised_days"),
    ({"kind": "instant"}, "promised_days"),
    ({"kind": "promise", "promised_days": 0, "process": ["受理"]}, "promised_days"),
    ({"kind": "report", "promised_days": 0, "process": ["受理"]}, "promised_days"),
    ({"process": [{"name": "初审", "limit_days": 4}, {"name": "审批", "limit_days": 4}]}, "process"),
    ({"materials": [{"name": "申请书"}, {"name": " 申请书"}]}, "materials"),
    ({"fee": fee(max_fen=1599)}, "fee.max_fen"),
    ({"fee": fee(charged_fen=1700)}, "fee.charged_fen"),
    ({"intake_levels": []}, "intake_levels"),
])
def test_a_broken_rule_names_its_field(changes, field):
    """Promised ≤ legal, steps ≤ promised, instant ⇔ 0, what is charged is the least: rules.md 2.2, 2.3."""
    assert list(faults_of(**changes)) == [field]


@pytest.mark.parametrize("changes", [
    {"promised_days": 15},
    {"legal_days": None, "promised_days": 400},
    {"kind": "instant", "promised_days": 0, "process": ["受理", {"name": "办结", "limit_days": 0}]},
    {"process": [{"name": "初审", "limit_days": 3}, {"name": "审批", "limit_days": 4}]},
    {"fee": {"min_fen": 0, "basis": "不收费", "standard": "免费"}},
])
def test_what_lies_on_the_boundary_passes(changes):
    assert faults_of(**changes) == {}


def test_a_refusal_names_every_fault_at_once():
    with pytest.raises(disclosure.NotPublishable) as refused:
        disclosure.check(disclosure.drafted({"name": "空"}))
    assert sorted(refused.value.errors) == [
        "department", "fee.basis", "fee.min_fen", "fee.standard", "intake_levels", "kind", "materials",
        "process", "promised_days",
    ]


def test_the_least_fee_is_charged_where_nothing_else_is_said():
    body = disclosure.drafted({"fee": {"min_fen": 1000}})
    assert (body["fee"]["charged_fen"], body["fee"]["max_fen"]) == (1000, 1000)


def test_every_item_of_the_sample_passes():
    items = json.loads(SAMPLE.read_text())["items"]
    assert {item["code"]: disclosure.faults(disclosure.drafted(item)) for item in items} == {
        item["code"]: {} for item in items
    }
