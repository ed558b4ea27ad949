"""What a resident is told without account, and how guessing is slowed down."""
import pytest

from backend.core import actor
from backend.people.actions import tries
from tests import cast
from tests.cast import errand


@pytest.fixture
def case(agent):
    return agent.post("/errands", errand()).json


def ask(stranger, case, digits="0000", **headers):
    body = {"number": case["number"], "phone_last4": digits}
    return stranger.post("/progress", body, headers=headers)


def guess(stranger, case, times, **headers):
    return [ask(stranger, case, f"{n:04d}", **headers).status_code for n in range(times)]


def test_eight_wrong_guesses_lock_the_number_whoever_asks(stranger, case, fixed_clock):
    assert guess(stranger, case, 9) == [404] * 8 + [429]
    locked = ask(stranger, case, "1234")
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) == 3600
    fixed_clock.advance(hours=1)
    assert ask(stranger, case, "1234").status_code == 200


def test_the_hour_of_guesses_outlives_the_hourly_broom(stranger, case, fixed_clock):
    assert guess(stranger, case, 7) == [404] * 7
    now = fixed_clock.advance(minutes=20)
    tries.forget_old(actor=actor.system("test"), now=now)
    assert guess(stranger, case, 2) == [404, 429]


def test_the_source_is_the_one_our_proxy_saw_and_not_one_the_caller_wrote(
    stranger, case, district_app, fixed_clock
):
    """X-Forwarded-For counts through DAIBAN_PROXIES only."""
    absent = {"number": "001001-260212-9999-1"}
    for n in range(60):
        assert ask(stranger, absent, **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code in (404, 429)
        fixed_clock.advance(seconds=1)
    unknown = [{"number": f"001001-260212-{serial:04d}-0"} for serial in range(70)]
    for n, body in enumerate(unknown):
        ask(stranger, body, **{"X-Forwarded-For": f"10.0.1.{n}"})
    assert ask(stranger, case, "1234", **{"X-Forwarded-For": "10.9.9.9"}).status_code == 429
    object.__setattr__(district_app.extensions["daiban"].settings, "proxies", 1)
    assert ask(stranger, case, "1234", **{"X-Forwarded-For": "10.9.9.9"}).status_code == 200


def test_what_cannot_be_a_number_locks_nobody_else_out(stranger, district_app):
    object.__setattr__(district_app.extensions["daiban"].settings, "proxies", 1)
    odd = {"number": "not a number"}
    for n in range(20):
        assert ask(stranger, odd, **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code == 404


def test_every_step_is_told_however_much_was_noted_between(agent, stranger, case):
    path = f"/errands/{case['id']}"
    agent.put(f"{path}/acceptance")
    for n in range(205):
        assert agent.post(f"{path}/notes", {"text": f"第{n}次联系"}).status_code == 201
    agent.put(f"{path}/completion", {"outcome": "granted", "result": "已批准"})
    told = ask(stranger, case, cast.errand()["resident"]["phone"][-4:])
    assert [step["what"] for step in told.json["steps"]] == ["登记", "受理", "办结"]
