"""Division codes: a subtree is a prefix of whole groups."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.problems import Forbidden, Invalid
from backend.org import rules
from backend.org.rules import units


@pytest.mark.parametrize(
    ("code", "prefix", "level"),
    [
        ("330000000000", "33", "province"),
        ("331000000000", "3310", "city"),
        ("331003000000", "331003", "district"),
        ("331010000000", "331010", "district"),
        ("331003100000", "331003100", "township"),
        ("331003001000", "331003001", "township"),
        ("331003001010", "331003001010", "village"),
        ("331003100100", "331003100100", "village"),
        ("441900000000", "4419", "city"),
        ("441900003000", "441900003", "township"),
        ("500000000000", "50", "province"),
    ],
)
def test_a_prefix_ends_with_the_last_group_that_says_something(code, prefix, level):
    """NBS code rules (国统字〔2009〕91号): groups of 2, 2, 2, 3 and 3 digits."""
    assert rules.prefix_of(code) == prefix
    assert rules.level_of(code) == level


@pytest.mark.parametrize(
    ("root", "code", "inside"),
    [
        ("331003000000", "331003001001", True),
        ("331003001000", "331003001001", True),
        ("331003001001", "331003001001", True),
        ("331003000000", "331003000000", True),
        ("331000000000", "331003001001", True),
        ("441900000000", "441900003001", True),
        ("331003001001", "331003001000", False),
        ("331003100000", "331003001001", False),
        ("331003001000", "331003010001", False),
        ("331001000000", "331010000000", False),
        ("331010000000", "331001000000", False),
        ("331003001000", "331003000000", False),
    ],
)
def test_a_unit_contains_itself_and_what_is_below(root, code, inside):
    assert rules.contains(root, code) is inside
    first, last = rules.subtree(root)
    assert (first <= code <= last) is inside


def test_twins_by_prefix_stand_apart():
    """331003001 is not under 33100300: cut by group, never by digit."""
    assert not rules.contains("331003000000".replace("331003000", "331003300"), "331003001000")
    assert rules.subtree("331003000000") == ("331003000000", "331003999999")
    assert rules.subtree("331003100000") == ("331003100000", "331003100999")
    assert rules.subtree("331003001001") == ("331003001001", "331003001001")


pairs, triples = st.integers(0, 99), st.integers(0, 999)
groups = st.tuples(st.integers(1, 99), pairs, pairs, triples, triples)
codes = groups.map(lambda parts: "{:02}{:02}{:02}{:03}{:03}".format(*parts))


@given(codes, codes)
def test_the_range_of_a_subtree_holds_what_the_unit_contains(root, code):
    first, last = rules.subtree(root)
    assert len(first) == len(last) == 12
    assert (first <= code <= last) == rules.contains(root, code)


@given(codes)
def test_a_unit_stands_in_its_township_and_district(code):
    assert rules.contains(rules.district_of(code), rules.township_of(code))
    assert rules.contains(rules.township_of(code), code)


def test_the_township_and_district_of_a_village():
    assert rules.township_of("331003001001") == "331003001000"
    assert rules.district_of("331003001001") == "331003000000"
    assert rules.township_of("331003000000") == rules.district_of("331003000000") == "331003000000"


DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "on", "told"),
    [
        (None, None, DAY, True),
        (DAY, None, DAY, True),
        (DAY, None, date(2026, 2, 28), False),
        (None, DAY, date(2026, 2, 28), True),
        (None, DAY, DAY, False),
    ],
)
def test_a_unit_is_in_office_from_its_first_day_to_the_day_before_it_leaves(valid_from, valid_to, on, told):
    assert rules.in_office(valid_from, valid_to, on) is told


def period(start, end):
    return {"from": start, "to": end}


@pytest.mark.parametrize(
    "hours",
    [
        {"weekdays": [period("12:00", "08:30")]},
        {"weekdays": [period("08:30", "08:30")]},
        {"weekdays": [period("08:30", "12:00"), period("11:30", "17:30")]},
        {"weekdays": [], "weekends": [period("14:00", "17:30"), period("08:30", "12:00")]},
    ],
)
def test_hours_that_overlap_or_run_backwards_are_refused(hours):
    with pytest.raises(Invalid):
        units.check_hours(hours)


@pytest.mark.parametrize(
    "hours", [None, {"weekdays": []}, {"weekdays": [period("08:30", "12:00"), period("12:00", "17:30")]}]
)
def test_hours_in_order_are_taken(hours):
    units.check_hours(hours)


def test_an_account_changes_units_of_its_own_subtree_only():
    units.check_scope("331003000000", "331003001001")
    units.check_scope(None, "110000000000")
    with pytest.raises(Forbidden):
        units.check_scope("331003000000", "331004001001")


@pytest.mark.parametrize("chain", [[], ["331003001001"], ["331003001002", "331003001001"]])
def test_a_successor_must_exist_and_not_lead_back(chain):
    with pytest.raises(Invalid):
        units.check_successor("331003001001", chain)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "successor"), [(DAY, DAY, None), (None, None, "331003001002")]
)
def test_leaving_before_coming_or_being_succeeded_while_staying_is_refused(valid_from, valid_to, successor):
    with pytest.raises(Invalid):
        units.check_validity(valid_from, valid_to, successor)
