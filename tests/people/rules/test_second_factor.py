"""One-time codes by RFC 6238, appendix B, and passwords."""
import base64
from datetime import UTC, datetime, timedelta

import pytest

from backend.core.problems import Invalid
from backend.people.rules import passwords, second_factor
from tests.conftest import FULL_COST

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(("seconds", "code"), [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
    (2000000000, "279037"), (20000000000, "353130"),
])
def test_codes_are_those_of_the_standard(seconds, code):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert second_factor.code_at(SECRET, second_factor.step_at(moment)) == code


@pytest.mark.parametrize(("away", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_one_step_to_either_side(away, taken):
    now = datetime(2026, 2, 12, tzinfo=UTC)
    code = second_factor.code_at(SECRET, second_factor.step_at(now) + away)
    assert (second_factor.step_of(code, SECRET, 0, now) is not None) == taken


def test_a_step_is_taken_once():
    now = datetime(2026, 2, 12, tzinfo=UTC)
    step = second_factor.step_at(now)
    code = second_factor.code_at(SECRET, step)
    assert second_factor.step_of(code, SECRET, step - 1, now) == step
    assert second_factor.step_of(code, SECRET, step, now) is None
    later = second_factor.code_at(SECRET, step + 1)
    assert second_factor.step_of(later, SECRET, step, now + timedelta(seconds=30)) == step + 1


def test_a_password_is_known_again_and_its_hash_tells_the_cost(monkeypatch):
    for name, cost in zip(("MEMORY_KIB", "PASSES"), FULL_COST):
        monkeypatch.setattr(passwords, name, cost)
    stored = passwords.hash_password("péage 123")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_password("pe\u0301age 123", stored)
    assert not passwords.is_password("peage 123", stored)
    assert not passwords.is_password("anything", None)


@pytest.mark.parametrize(("text", "passes"), [
    ("seven77", False), ("eight888", True), ("12345678", False), ("11111111", False), ("ABCD1234", False),
    ("my-agent-007", False), ("the old one 1", False), ("一二三四五六七八", True), ("x" * 129, False),
])
def test_new_passwords_by_the_table(text, passes):
    if passes:
        passwords.check_new(text, "agent", "the old one 1")
    else:
        with pytest.raises(Invalid):
            passwords.check_new(text, "agent", "the old one 1")
