"""The second factor over HTTP: begun, confirmed, asked for, used once, switched off."""
import pytest

from backend.core import actor as roles
from backend.core import sql
from backend.people.actions import sessions
from backend.people.rules import second_factor as codes
from backend.people.rules.second_factor import SecondFactorRequired

from .conftest import PASSWORD

PATH = "/me/second-factor"


@pytest.fixture
def secret(desk, fixed_clock):
    """The confirmed secret of the supervisor."""
    here = desk("supervisor")
    begun = here.put(PATH)
    assert begun.status_code == 200 and begun.json["state"] == "pending"
    found = begun.json["secret"]
    assert begun.json["otpauth_uri"].startswith("otpauth://totp/Daiban%3Asupervisor?secret=" + found)
    code = codes.code_at(found, codes.step_at(fixed_clock.now()))
    confirmed = here.put(PATH + "/confirmation", {"code": code}, match=begun.headers["ETag"])
    assert confirmed.json == {"state": "on", "secret": None, "otpauth_uri": None}
    fixed_clock.advance(minutes=2)
    return found


def sign_in(stranger, totp=None):
    body = {"username": "supervisor", "password": PASSWORD} | ({"totp": totp} if totp else {})
    return stranger.call("POST", "/sessions", body)


def test_a_code_is_asked_for_and_used_once(stranger, secret, fixed_clock):
    asked = sign_in(stranger)
    assert asked.status_code == 401 and asked.json["type"] == "/problems/second-factor-required"
    code = codes.code_at(secret, codes.step_at(fixed_clock.now()))
    assert sign_in(stranger, code).status_code == 201
    assert sign_in(stranger, code).status_code == 401
    fixed_clock.advance(seconds=30)
    assert sign_in(stranger, codes.code_at(secret, codes.step_at(fixed_clock.now()))).status_code == 201


def test_wrong_codes_lock_as_wrong_passwords_do(stranger, secret, fixed_clock):
    right = codes.code_at(secret, codes.step_at(fixed_clock.now()))
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)
    assert [sign_in(stranger, wrong).status_code for _ in range(6)] == [401] * 5 + [429]


def test_one_code_sent_by_many_at_once_signs_one_in(secret, staff, fixed_clock, together):
    now = fixed_clock.now()
    code = codes.code_at(secret, codes.step_at(now))

    def work(number):
        return sessions.sign_in(username="supervisor", password=PASSWORD, totp=code,
                                source=f"10.0.0.{number}", actor=roles.anonymous(), now=now)

    found = together(work, 5)
    assert sum(isinstance(item, dict) for item in found) == 1
    assert sum(isinstance(item, SecondFactorRequired) for item in found) == 4


def test_the_secret_is_sealed_in_the_database(secret):
    sealed = sql.value("SELECT totp_sealed FROM account WHERE username = 'supervisor'")
    assert secret.encode() not in bytes(sealed)


def test_it_can_be_switched_off_and_begun_anew(desk, stranger, secret):
    here = desk("supervisor")
    assert here.put(PATH).status_code == 409
    assert here.get(PATH).json["state"] == "on"
    assert here.delete(PATH).status_code == 204
    assert sign_in(stranger).status_code == 201
    assert here.delete(PATH).status_code == 409
    assert here.put(PATH).json["state"] == "pending"


def test_a_wrong_first_code_confirms_nothing(desk, stranger):
    here = desk("office")
    assert here.put(PATH + "/confirmation", {"code": "000000"}).status_code == 409
    secret = here.put(PATH).json["secret"]
    wrong = "000000" if codes.code_at(secret, 1) != "000000" else "000001"
    answer = here.put(PATH + "/confirmation", {"code": wrong})
    assert answer.status_code == 422 and list(answer.json["errors"]) == ["code"]
    assert here.get(PATH).json["state"] == "pending"
    answer = stranger.call("POST", "/sessions", {"username": "office", "password": PASSWORD})
    assert answer.status_code == 201


def test_it_is_for_office_supervisor_and_admin(desk):
    names = ("agent", "town", "office", "admin")
    assert [desk(name).get(PATH).status_code for name in names] == [403, 403, 200, 200]


def test_it_cannot_be_begun_on_what_one_has_not_seen(desk):
    assert desk("admin").put(PATH, match='"7-00000000"').status_code == 412
    assert desk("admin").call("PUT", PATH).status_code == 428
