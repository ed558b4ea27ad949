"""GB 11643-1999 (resident identity numbers) and the phones that people give."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.problems import Invalid
from backend.people.rules import check_id_number, normal_phone, numbers

TODAY = date(2026, 2, 12)


def told(number: str) -> str:
    with pytest.raises(Invalid) as refused:
        check_id_number(number, TODAY)
    assert refused.value.errors and set(refused.value.errors) == {"id_number"}
    return refused.value.errors["id_number"][0].zh


@pytest.mark.parametrize("number", [
    "11010519491231002X",  # the example of GB 11643-1999
    "440524188001010014",  # its second example
])
def test_the_standards_own_examples_pass(number):
    assert check_id_number(number, TODAY) == number


def test_a_lower_case_x_and_spaces_are_accepted():
    assert check_id_number("110105 19491231 002x", TODAY) == "11010519491231002X"


@pytest.mark.parametrize(("first", "passes"), [
    ("33100319500101001", True),   # this district
    ("33260319500101001", True),   # its code of before 1994: a hint, never a rule
    ("81000019900101001", True), ("82000019900101001", True), ("83000019900101001", True),
    ("91000019900101001", True), ("93315619900101001", True),
    ("99999919900101001", True), ("00000019900101001", False), ("16000019900101001", False),
    ("84000019900101001", False),
    ("33100320260212001", True), ("33100320260213001", False),  # born today, tomorrow
    ("33100320250229001", False), ("33100320240229001", True), ("33100319001301001", False),
    ("33100300000101001", False),
])
def test_province_and_birth_date_are_checked(first, passes):
    number = first + numbers.check_digit(first)
    if passes:
        assert check_id_number(number, TODAY) == number
    else:
        assert told(number)


def test_old_numbers_of_fifteen_digits_are_told_so():
    assert "15 位" in told("331003500101001")


@pytest.mark.parametrize("number", ["", "1", "33100319500101001", "3310031950010100123", "3310031950010100１8"])
def test_other_lengths_and_digits_of_other_scripts_are_refused(number):
    assert "18 位" in told(number)


@given(st.integers(0, 16), st.integers(1, 9), st.integers(0, 999), st.dates(date(1900, 1, 1), TODAY))
def test_every_single_wrong_digit_is_found(place, shift, serial, born):
    """MOD 11-2 finds every single substitution; oracle: the weighted sum is 1 modulo 11."""
    first = f"331003{born:%Y%m%d}{serial:03}"
    number = first + numbers.check_digit(first)
    digits = [10 if char == "X" else int(char) for char in number]
    assert sum(d * w for d, w in zip(digits, [*numbers.WEIGHTS, 1])) % 11 == 1
    assert check_id_number(number, TODAY) == number
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Invalid):
        check_id_number(wrong, TODAY)


@pytest.mark.parametrize(("text", "normal"), [
    ("13812345678", "13812345678"), ("138 1234 5678", "13812345678"),
    ("+86 138-1234-5678", "13812345678"), ("008613812345678", "13812345678"),
    ("8613812345678", "13812345678"), ("0576-84112233", "057684112233"),
    ("(0576) 84112233", "057684112233"), ("010-62345678", "01062345678"),
    ("+86 576 8411 2233", "057684112233"), ("05764112233", "05764112233"),
])
def test_phones_are_stored_as_plain_digits(text, normal):
    assert normal_phone(text) == normal


@pytest.mark.parametrize("text", [
    "", "84112233", "1381234567", "138123456789", "12812345678", "abc", "+1 212 555 0100",
    "１３８１２３４５６７８", "110", "0576-1112233",
])
def test_other_phones_are_refused(text):
    with pytest.raises(Invalid) as refused:
        normal_phone(text)
    assert set(refused.value.errors or {}) == {"phone"}


@pytest.mark.parametrize(("text", "masked"), [
    ("浙江省台州市黄岩区宁溪镇1号", "浙江省台州市****"), ("宁溪镇1号", "宁溪****"), ("甲", "****"),
])
def test_an_address_shows_its_beginning_only(text, masked):
    assert numbers.mask_address(text) == masked
