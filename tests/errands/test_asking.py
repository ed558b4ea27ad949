"""Guessing is slowed down, and those who do not guess do not pay for it."""
from dataclasses import replace

import pytest

from tests.errands.test_story import registered


@pytest.fixture
def ask(stranger):
    def _ask(number, digits, address=None):
        headers = {"X-Forwarded-For": address} if address else {}
        body = {"number": number, "phone_last4": digits}
        return stranger.post("/progress", body, headers=headers).status_code

    return _ask


def test_mistyped_numbers_of_many_people_lock_nobody_out(agent, ask):
    case = registered(agent)
    wrong = case["number"][:-1] + str((int(case["number"][-1]) + 1) % 10)
    assert {ask(wrong, "1234") for _ in range(12)} == {404}
    assert ask(case["number"], "1234") == 200


def test_behind_a_proxy_each_caller_counts_for_himself(agent, ask, district_app):
    """Without it the guesses of one would lock out the whole district."""
    installation = district_app.extensions["daiban"]
    settings = replace(installation.settings, proxies=1)
    district_app.extensions["daiban"] = replace(installation, settings=settings)
    case = registered(agent)
    tries = [ask(f"n{turn}", "0000", "198.51.100.7") for turn in range(61)]
    assert (tries[0], tries[-1]) == (404, 429)
    assert ask(case["number"], "1234", "198.51.100.8") == 200
