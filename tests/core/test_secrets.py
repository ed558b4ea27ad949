"""Sealed fields open only where they belong; masks show what may be shown."""
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import secrets

PLACE = "resident|phone|r1"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_at_its_place(text):
    assert secrets.unseal(secrets.seal(text, PLACE), PLACE) == text


@pytest.mark.parametrize("place", ("resident|phone|r2", "resident|address|r1", "account|phone|r1", ""))
def test_a_sealed_value_moved_elsewhere_does_not_open(place):
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(secrets.seal("13812345678", PLACE), place)


@pytest.mark.parametrize("place", range(3, 40))
def test_a_changed_byte_is_noticed(place):
    blob = bytearray(secrets.seal("13812345678", PLACE))
    blob[place % len(blob)] ^= 1
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(bytes(blob), PLACE)


@pytest.mark.parametrize("blob", (
    b"", b"\x02", b"\x02k1", b"\x02k1" + b"x" * 12, b"\xff" * 40, b"\x02\xff\xfe" + b"x" * 40,
))
def test_a_mutilated_value_is_unreadable_and_no_fault(blob):
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(blob, PLACE)


def test_the_same_text_is_never_sealed_the_same():
    assert secrets.seal("a", PLACE) != secrets.seal("a", PLACE)


def test_a_blind_index_keeps_kinds_apart():
    assert secrets.blind("phone", "1") == secrets.blind("phone", "1") != secrets.blind("id", "1")


@pytest.mark.parametrize("text, shown", [
    ("331003194912011234", "3****************4"), ("33100319491201123X", "3****************X"),
    ("1", "*"), ("", "*"), ("12", "12"),
])
def test_an_id_number_shows_its_first_and_last_character_only(text, shown):
    assert secrets.mask_id_number(text) == shown


@pytest.mark.parametrize("text, shown", [
    ("13812345678", "138****5678"), ("057684110001", "057*****0001"), ("84110001", "******01"),
    ("110", "*10"), ("", ""),
])
def test_a_phone_shows_at_most_seven_digits(text, shown):
    assert secrets.mask_phone(text) == shown


def test_a_key_file_is_private_and_never_overwritten(tmp_path):
    path = tmp_path / "keys.json"
    secrets.make_key_file(path)
    first = path.read_text()
    secrets.make_key_file(path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ("", "[]", "{}", '{"current": "k1", "fields": {}}'))
def test_an_unusable_key_file_is_told(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(secrets.KeyFileError):
        secrets.load(path)


def test_an_old_key_still_opens_after_rotation(tmp_path):
    held = secrets.keys()
    path = tmp_path / "keys.json"
    secrets.make_key_file(path)
    content = json.loads(path.read_text())
    try:
        secrets.load(path)
        old = secrets.seal("a", PLACE)
        content["fields"]["k2"], content["current"] = content["server"], "k2"
        secrets.use(secrets.Keys(content))
        assert secrets.unseal(old, PLACE) == "a"
        assert secrets.key_name(secrets.seal("a", PLACE)) == "k2"
    finally:
        secrets.use(held)
