"""From a result sent by post to the archive, over HTTP: a message that arrives, fails or cannot go, and a call."""
import itertools
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.app import Installation
from backend.core import clock
from backend.notifications import jobs
from backend.notifications.rules import PATIENCE, signing
from tests import cast
from tests.cast import errand
from tests.errands.test_story import completed, path, registered
from tests.notifications.conftest import SECRET, SYSTEM, file_channel, gateway, settings_of

__all__ = ["file_channel", "gateway"]
MINUTE = timedelta(minutes=1)
_nonces = itertools.count()


@pytest.fixture
def house(district_app, fixed_clock, tmp_path, gateway):
    """The application of an installation that has a gateway."""
    settings = replace(district_app.extensions["daiban"].settings, notices=settings_of(tmp_path, gateway).notices)
    district_app.extensions["daiban"] = Installation(settings, fixed_clock)
    return district_app


@pytest.fixture
def send(house, gateway, fixed_clock):
    """Send what is due; the messages that went to the gateway by it."""
    def _send():
        before = len(gateway.seen)
        jobs.send(actor=SYSTEM, now=fixed_clock.now())
        return [json.loads(body) for _, _, body in gateway.seen[before:]]

    return _send


@pytest.fixture
def receipt(house, fixed_clock):
    """The gateway's word on a message."""
    def _receipt(message, status):
        data = json.dumps({"notice_id": message["id"], "status": status}).encode()
        stamp, nonce = str(clock.to_micros(fixed_clock.now()) // 1_000_000), f"nonce-{next(_nonces):04d}"
        answer = house.test_client().post("/api/v1/outbox/receipts", data=data, headers={
            "X-Daiban-Timestamp": stamp, "X-Daiban-Nonce": nonce, "Content-Type": "application/json",
            "X-Daiban-Signature": signing.seal(SECRET, stamp, nonce, data),
        })
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json["state"]

    return _receipt


def by_post(agent, fixed_clock, **changes):
    """A completed errand whose result was posted a minute later."""
    case = completed(agent, **changes)
    fixed_clock.advance(minutes=1)
    answer = agent.put(path(case, "delivery"), {"method": "posted", "received_by": "王桂香"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return case


def closing(agent, case):
    answer = agent.put(path(case, "closing"))
    return answer.json["state"] if answer.status_code == 200 else answer.json["type"].removeprefix("/problems/")


def calls(agent):
    return [(task["reason"], task["errand_number"]) for task in agent.get("/call-tasks").json["items"]]


def rung(agent, reached):
    (task,) = agent.get("/call-tasks").json["items"]
    answer = agent.put(f"/call-tasks/{task['id']}/outcome", {"reached": reached, "note": "已与本人通话"})
    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_a_message_that_arrived_lets_the_errand_close(agent, send, receipt, fixed_clock):
    case = by_post(agent, fixed_clock)
    messages = {message["template"]: message for message in send()}
    assert set(messages) == {"errand_accepted", "errand_completed", "errand_posted"}
    assert {message["to"] for message in messages.values()} == {"13805761234"}
    assert f"（编号{case['number']}）结果已经寄出" in messages["errand_posted"]["text"]
    assert closing(agent, case) == "resident-not-told"
    assert receipt(messages["errand_completed"], "delivered") == "delivered"
    assert closing(agent, case) == "resident-not-told", "what was told before the delivery does not count"
    assert receipt(messages["errand_posted"], "delivered") == "delivered"
    assert (calls(agent), closing(agent, case)) == ([], "closed")


def test_a_message_that_failed_is_rung_and_the_call_lets_the_errand_close(agent, send, receipt, fixed_clock):
    case = by_post(agent, fixed_clock)
    messages = {message["template"]: message for message in send()}
    assert receipt(messages["errand_accepted"], "failed") == "failed"
    assert calls(agent) == [], "nobody rings for a courtesy"
    assert receipt(messages["errand_posted"], "failed") == "failed"
    assert calls(agent) == [("posted_result", case["number"])]
    rung(agent, reached=False)
    assert closing(agent, case) == "resident-not-told"
    rung(agent, reached=True)
    assert (calls(agent), closing(agent, case)) == ([], "closed")
    told = [event["action"] for event in agent.get(path(case, "events")).json["items"]]
    assert told[-3:] == ["call", "call", "close"]


def test_a_gateway_that_refuses_for_good_and_one_that_stays_silent_are_rung_too(agent, send, gateway, fixed_clock):
    first = by_post(agent, fixed_clock)
    gateway.answer = lambda message: 503
    for _ in range(12):
        send()
        fixed_clock.advance(minutes=31)
    assert calls(agent) == [("posted_result", first["number"])]
    rung(agent, reached=True)
    assert closing(agent, first) == "closed"
    gateway.answer = lambda message: 200
    fixed_clock.set("2026-02-13 09:00")
    second = by_post(agent, fixed_clock, resident=errand()["resident"] | {"id_number": cast.id_number(2)})
    assert len(send()) == 3
    fixed_clock.at += PATIENCE + MINUTE
    jobs.chase(actor=SYSTEM, now=fixed_clock.now())
    assert calls(agent) == [("posted_result", second["number"])]


@pytest.mark.parametrize("phone", [None, "0576-84110001"])
def test_without_a_mobile_phone_only_what_must_arrive_is_rung(phone, agent, send, fixed_clock):
    case = by_post(agent, fixed_clock, resident=errand()["resident"] | {"phone": phone})
    assert send() == []
    assert calls(agent) == [("posted_result", case["number"])]
    assert closing(agent, case) == "resident-not-told"
    rung(agent, reached=True)
    assert closing(agent, case) == "closed"


def test_who_takes_no_messages_gets_none_until_she_changes_her_mind(agent, send, fixed_clock):
    resident = registered(agent)["resident"]["id"]
    assert agent.patch(f"/residents/{resident}", {"takes_sms": False}).status_code == 200
    case = by_post(agent, fixed_clock)
    assert (send(), calls(agent)) == ([], [("posted_result", case["number"])])
    assert agent.patch(f"/residents/{resident}", {"takes_sms": True}).status_code == 200
    completed(agent)
    assert [message["to"] for message in send()] == ["13805761234"] * 2


def test_what_happens_at_night_is_told_in_the_morning(agent, send, fixed_clock):
    fixed_clock.set("2026-02-12 22:30")
    by_post(agent, fixed_clock)
    assert send() == []
    fixed_clock.set("2026-02-13 07:00")
    assert len(send()) == 3
