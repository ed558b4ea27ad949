"""A gateway's receipts: signed, about now, once; what did not arrive is rung."""
import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.app import Installation
from backend.core import clock, ledger, sql
from backend.core.transaction import drop_connection
from backend.notifications import rules
from backend.notifications.rules import signing
from tests import cast
from tests.notifications.conftest import SECRET, new_resident, post, send, settings_of, state, tasks


@pytest.fixture
def keeper(district_app, fixed_clock, tmp_path, gateway):
    """The application of an installation that has a gateway."""
    settings = replace(district_app.extensions["daiban"].settings, notices=settings_of(tmp_path, gateway).notices)
    district_app.extensions["daiban"] = Installation(settings, fixed_clock)
    return district_app


@pytest.fixture
def notice(keeper, now):
    found = post("errand_posted", new_resident("13805761234", now), now)
    send(now)
    return found


def tell(app, now, body, *, nonce="nonce-0001", secret=SECRET, at=None, **headers):
    data = json.dumps(body).encode()
    stamp = str(clock.to_micros(at or now) // 1_000_000)
    sent = {
        "X-Daiban-Timestamp": stamp, "X-Daiban-Nonce": nonce,
        "X-Daiban-Signature": signing.seal(secret, stamp, nonce, data), "Content-Type": "application/json",
    } | headers
    return app.test_client().post("/api/v1/outbox/receipts", data=data, headers=sent)


def test_a_receipt_settles_a_notice(keeper, notice, now):
    told = tell(keeper, now, {"notice_id": notice, "status": "delivered"})
    assert (told.status_code, told.json) == (200, {"id": notice, "state": "delivered"})
    assert told.headers["Ledger-Receipt"]
    assert tasks() == []


def test_the_gateways_own_name_of_a_message_will_do(keeper, notice, now):
    told = tell(keeper, now, {"provider_id": "gw-1", "status": "failed", "code": "DELIVRD.NOT"})
    assert (told.json["id"], told.json["state"]) == (notice, "failed")
    assert sql.value("SELECT trouble FROM notice WHERE id = ?", (notice,)) == "DELIVRD.NOT"


def test_a_message_that_did_not_arrive_is_rung_once(keeper, notice, now):
    for n in range(3):
        assert tell(keeper, now, {"notice_id": notice, "status": "failed"}, nonce=f"nonce-{n:04d}").status_code == 200
    assert [task["reason"] for task in tasks()] == ["posted_result"]


def test_the_first_word_on_an_arrival_stands(keeper, notice, now):
    tell(keeper, now, {"notice_id": notice, "status": "delivered"})
    told = tell(keeper, now, {"notice_id": notice, "status": "failed"}, nonce="nonce-0002")
    assert (told.json["state"], tasks()) == ("delivered", [])


def test_a_copy_of_a_receipt_is_answered_alike_and_does_nothing(keeper, notice, now):
    body = {"notice_id": notice, "status": "delivered"}
    first, head = tell(keeper, now, body), ledger.head()
    again = tell(keeper, now, body)
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert ledger.head() == head


def test_copies_at_the_same_moment_settle_it_once(keeper, notice, now):
    found = []

    def send_one():
        try:
            found.append(tell(keeper, now, {"notice_id": notice, "status": "failed"}).status_code)
        finally:
            drop_connection()

    threads = [threading.Thread(target=send_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 6
    assert (state(notice), len(tasks())) == ("failed", 1)
    actions = [entry["action"] for entry in ledger.history("notice", notice)]
    assert actions == ["notice.post", "notice.send", "notice.fail"]


@pytest.mark.parametrize("wrong", [
    {"secret": "another-secret-of-strangers"}, {"X-Daiban-Signature": ""}, {"X-Daiban-Signature": "sha256=00"},
    {"X-Daiban-Timestamp": "1"}, {"X-Daiban-Timestamp": "x"}, {"X-Daiban-Timestamp": "9" * 30},
    {"X-Daiban-Nonce": "nonce-0002"}, {"nonce": "short"}, {"nonce": "n" * 65},
])
def test_a_receipt_that_is_not_rightly_signed_is_refused(wrong, keeper, notice, now):
    told = tell(keeper, now, {"notice_id": notice, "status": "delivered"}, **wrong)
    assert (told.status_code, told.json["type"]) == (403, "/problems/bad-receipt")
    assert state(notice) == "sent"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_early_receipt_is_refused(minutes, keeper, notice, now):
    at = now + timedelta(minutes=minutes)
    assert tell(keeper, now, {"notice_id": notice, "status": "delivered"}, at=at).status_code == 403


def test_a_receipt_of_a_changed_body_is_refused(keeper, notice, now):
    stamp = str(clock.to_micros(now) // 1_000_000)
    seal = signing.seal(SECRET, stamp, "nonce-0001", b'{"notice_id":"x","status":"delivered"}')
    told = tell(keeper, now, {"notice_id": notice, "status": "failed"}, **{"X-Daiban-Signature": seal})
    assert told.status_code == 403


def test_without_a_secret_no_receipt_is_taken(district_app, now):
    stamp = str(clock.to_micros(now) // 1_000_000)
    body = {"notice_id": "x", "status": "delivered"}
    seal = signing.seal("", stamp, "nonce-0001", json.dumps(body).encode())
    assert tell(district_app, now, body, **{"X-Daiban-Signature": seal}).status_code == 403


def test_a_receipt_of_nobodys_message_is_404_and_of_no_shape_422(keeper, now):
    assert tell(keeper, now, {"notice_id": "nobody", "status": "delivered"}).status_code == 404
    for body in ({"status": "delivered"}, {"notice_id": "a", "provider_id": "b", "status": "failed"},
                 {"notice_id": "a", "status": "read"}):
        assert tell(keeper, now, body).status_code == 422


@pytest.mark.parametrize(("before", "status", "after"), [
    ("waiting", "delivered", "delivered"), ("waiting", "failed", "waiting"), ("sending", "delivered", "delivered"),
    ("sending", "failed", "failed"), ("unknown", "delivered", "delivered"), ("unknown", "failed", "failed"),
    ("dead", "delivered", "delivered"), ("dead", "failed", "dead"), ("expired", "delivered", "expired"),
])
def test_what_a_receipt_means_depends_on_the_state(before, status, after, keeper, notice, now):
    sql.run("UPDATE notice SET state = ? WHERE id = ?", (before, notice))
    assert tell(keeper, now, {"notice_id": notice, "status": status}).json["state"] == after


def test_a_receipt_that_overtakes_the_senders_own_record_wins(keeper, gateway, district, now):
    def answer(message):
        tell(keeper, now, {"notice_id": message["id"], "status": "delivered"})
        drop_connection()
        return 200

    gateway.answer = answer
    found = post("errand_posted", new_resident("13805761234", now), now)
    send(now)
    assert state(found) == "delivered"


def test_a_posted_result_that_arrived_lets_the_errand_close(keeper, gateway, agent, now):
    case = agent.post("/errands", cast.errand()).json
    path = f"/errands/{case['id']}"
    agent.put(f"{path}/acceptance")
    agent.put(f"{path}/completion", {"outcome": "granted", "result": "已批准"})
    agent.put(f"{path}/delivery", {"method": "posted", "received_by": "王桂香"})
    assert agent.get("/call-tasks").json["items"] == []
    assert agent.put(f"{path}/closing").json["type"] == "/problems/resident-not-told"
    send(now)
    posted = sql.value("SELECT id FROM notice WHERE template = 'errand_posted'")
    assert tell(keeper, now, {"notice_id": posted, "status": "delivered"}).json["state"] == rules.DELIVERED
    assert agent.put(f"{path}/closing").status_code == 200
