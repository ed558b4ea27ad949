"""Merging field by field, numbers in order, clocks that are wrong: the rules alone."""
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import secrets
from backend.core.problems import Invalid
from backend.sync.rules import devices, fieldwise, masking, mutations, numbering, refusals
from tests.conftest import START

NAMES = ("name", "phone", "address")
VALUES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(("1", "2", None)))
WHOLE = st.fixed_dictionaries({name: st.sampled_from(("1", "2", None)) for name in NAMES})


@given(WHOLE, VALUES, VALUES, st.none() | st.sets(st.sampled_from(NAMES)))
def test_nothing_is_overwritten_that_the_phone_has_not_seen(present, wanted, base, edited):
    merged = fieldwise.fields(present, wanted, base, edited=edited, masks={})
    same = {name for name, value in wanted.items() if present[name] == value}
    assert same | set(merged.taken) | set(merged.conflicts) == set(wanted)
    assert not set(merged.taken) & set(merged.conflicts) and not same & (set(merged.taken) | set(merged.conflicts))
    for name in merged.taken:
        unseen = edited is None or name in edited
        assert not unseen or name in base and base[name] == present[name]
    for name, said in merged.conflicts.items():
        assert said == {"base": base.get(name), "server": present[name], "device": wanted[name]}


@pytest.mark.parametrize("edited, conflict", [(None, False), (set(), False), ({"phone"}, True)])
def test_an_equal_mask_counts_only_where_the_ledger_cannot_tell(edited, conflict):
    merged = fieldwise.fields(
        {"phone": "13800001234"}, {"phone": "13900000000"}, {"phone": "138****1234"}, edited=edited,
        masks={"phone": secrets.mask_phone},
    )
    assert bool(merged.conflicts) == conflict


def paper(received, until=None):
    return {"received": received, "deferred_until": until}


@pytest.mark.parametrize("stands, told, base, moved, end", [
    (paper(False), paper(True), None, False, "taken"),
    (paper(True), paper(False), None, False, "taken"),
    (paper(False), paper(True), None, True, "taken"),
    (paper(True), paper(False), None, True, "conflict"),
    (paper(True), paper(False), paper(True), True, "taken"),
    (paper(True), paper(False), paper(False), True, "conflict"),
    (paper(True), paper(True), paper(False), True, "same"),
    (paper(False, "2026-03-01"), paper(False, "2026-04-01"), paper(False), True, "conflict"),
    (paper(False, "2026-03-01"), paper(False, "2026-04-01"), paper(False, "2026-03-01"), True, "taken"),
    (None, paper(True), None, True, "taken"),
])
def test_papers_merge_one_by_one(stands, told, base, moved, end):
    present = {"户口簿": stands} if stands else {}
    seen = {"户口簿": base} if base else {}
    merged = fieldwise.papers(present, [{"name": "户口簿"} | told], seen, moved=moved)
    assert ("taken" if merged.taken else "conflict" if merged.conflicts else "same") == end


def test_numbers_follow_one_another():
    numbering.check_consecutive([])
    numbering.check_consecutive([7, 8, 9])
    for wrong in ([1, 3], [2, 1], [1, 1]):
        with pytest.raises(Invalid):
            numbering.check_consecutive(wrong)
    numbering.check_first(3, 3)
    numbering.check_first(1, 3)
    with pytest.raises(numbering.OutOfOrder) as refused:
        numbering.check_first(4, 3)
    assert refused.value.extra == {"expected_n": 3}


@pytest.mark.parametrize("seconds, wrong", [(None, False), (300, False), (-300, False), (301, True), (-301, True)])
def test_a_clock_is_wrong_from_five_minutes_on(seconds, wrong):
    assert devices.is_skewed(seconds) is wrong
    assert devices.ahead(datetime.max.replace(tzinfo=START.tzinfo) - timedelta(days=2), START) == 2**31 - 1
    assert devices.is_from_the_future(START + timedelta(seconds=seconds or 0), START) is (seconds == 301)


def test_numbers_are_masked_wherever_they_stand():
    resident = {"phone": "13805761234", "id_number": 7, "name": "王"}
    said = {"resident": resident, "list": [{"address": "百花社区3幢201室"}], "latitude": 28.6}
    shown = masking.value("", said)
    assert shown["resident"] == {"phone": "138****1234", "id_number": None, "name": "王"}
    assert shown["latitude"] is None and "201" not in shown["list"][0]["address"]


def test_a_refusal_is_told_again_in_the_readers_language():
    kept = refusals.kept(mutations.UnexpectedState(state="accepted"))
    assert refusals.told(kept, english=False)["title"] == "状态已变化"
    assert refusals.told(kept, english=True)["state"] == "accepted"
