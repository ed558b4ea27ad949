"""The sender against a gateway that takes, refuses, hangs, fails and answers too late."""
import json
import threading
from datetime import timedelta
from functools import partial

import pytest

from backend.core import erasure, sql
from backend.core import jobs as core_jobs
from backend.core.actor import Call
from backend.core.transaction import drop_connection
from backend.notifications import jobs, rules
from backend.notifications.actions import channels, sending
from backend.notifications.rules import outcomes, signing
from backend.notifications.rules.outcomes import Outcome
from tests.notifications.conftest import SECRET, SYSTEM, new_resident, post, send, state, tasks

MINUTE = timedelta(minutes=1)


def row(notice):
    return sql.row("SELECT * FROM notice WHERE id = ?", (notice,))


def test_a_due_notice_is_sent_signed_and_remembered(gateway, resident, now):
    notice = post("errand_accepted", resident, now)
    assert send(now) == 1
    (path, headers, body), = gateway.seen
    found = json.loads(body)
    assert (path, found["id"], found["to"]) == ("/send", notice, "13805761234")
    assert "临时救助" in found["text"] and found["values"]["due"] == "2月26日"
    assert signing.is_sealed(
        SECRET, headers["x-daiban-timestamp"], headers["x-daiban-nonce"], body, headers["x-daiban-signature"]
    )
    sent = row(notice)
    assert (sent["state"], sent["channel"], sent["provider_id"]) == ("sent", "webhook", "gw-1")
    assert send(now + 30 * MINUTE) == 0


def test_the_default_channel_writes_a_line_that_its_owner_alone_reads(resident, account, now, tmp_path):
    post("errand_accepted", resident, now, "1")
    post("card", account, now, "2")
    assert send(now) == 2
    path = tmp_path / "notices.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["to"] for line in lines} == {"138****1234", account}
    assert "13805761234" not in path.read_text()


def test_a_refusal_is_tried_again_later_and_given_up_after_ten(gateway, resident, fixed_clock):
    gateway.answer = lambda message: 503
    notice = post("errand_accepted", resident, fixed_clock.now())
    pauses = []
    while state(notice) == "waiting":
        before = fixed_clock.now()
        fixed_clock.at = max(before, row(notice)["next_at"])
        pauses.append((fixed_clock.at - before).total_seconds())
        assert send(fixed_clock.now()) == 1
    assert (state(notice), len(gateway.seen), row(notice)["trouble"]) == ("dead", 10, "http-503")
    for n, pause in enumerate(pauses[1:]):
        usual = min(30 * 2**n, 1800)
        assert usual * 0.79 <= pause <= min(usual * 1.21, 1801)
    assert tasks() == []


def test_a_hopeless_refusal_is_not_repeated(gateway, resident, now):
    notice = post("errand_refused", resident, now)
    sending.lease("resident", 1, actor=SYSTEM, now=now)
    told = sending.settle(notice, 2, outcomes.refused("isv.MOBILE_NUMBER_ILLEGAL"), "x", actor=SYSTEM, now=now)
    assert (told, [task["reason"] for task in tasks()]) == ("dead", ["errand_refused"])


def test_nothing_is_sent_by_night_or_after_its_time(gateway, resident, account, fixed_clock):
    evening = fixed_clock.set("2026-02-12 21:59")
    asleep = post("errand_accepted", resident, evening, "1")
    short = post("card", account, evening, "2", not_after=evening + MINUTE)
    lasting = post("card", account, evening, "3", not_after=evening + 2 * MINUTE)
    assert send(fixed_clock.set("2026-02-12 22:00")) == 1
    assert [state(notice) for notice in (asleep, short, lasting)] == ["waiting", "expired", "sent"]
    assert send(fixed_clock.set("2026-02-13 06:59")) == 0
    assert send(fixed_clock.set("2026-02-13 07:00")) == 1
    assert (state(asleep), tasks()) == ("sent", [])


def test_after_an_unknown_outcome_only_harmless_notices_go_again(gateway, impatient, resident, now):
    gateway.answer = lambda message: "late"
    once, again = post("errand_supplement", resident, now, "1"), post("errand_accepted", resident, now, "2")
    send(now)
    assert (state(once), state(again)) == ("unknown", "waiting")
    assert [task["reason"] for task in tasks()] == ["errand_supplement"]
    gateway.release.set()
    gateway.answer = lambda message: 200
    send(now + 5 * MINUTE)
    assert (gateway.taken.count(once), gateway.taken.count(again)) == (1, 2)
    assert (state(once), state(again)) == ("unknown", "sent")


def test_a_harmful_notice_that_surely_did_not_go_is_tried_again(gateway, resident, now):
    gateway.answer = lambda message: 429
    notice = post("errand_supplement", resident, now)
    send(now)
    assert state(notice) == "waiting"
    gateway.answer = lambda message: 200
    send(now + MINUTE)
    assert (state(notice), gateway.taken) == ("sent", [notice])


def test_a_hanging_gateway_holds_neither_other_rows_nor_the_job_up(gateway, impatient, district, now):
    hanging = new_resident("13800000001", now, 1)
    gateway.answer = lambda message: "hang" if message["to"] == "13800000001" else 200
    stuck = [post("errand_accepted", hanging, now - MINUTE, f"h{n}") for n in range(4)]
    others = [post("errand_accepted", new_resident("13800000002", now, 2), now, f"o{n}") for n in range(30)]
    send(now)
    assert gateway.held_out, "the run ended before the gateway let go"
    assert {state(notice) for notice in others} == {"sent"}
    assert {state(notice) for notice in stuck} == {"waiting"}


def test_a_gateway_that_hangs_for_staff_leaves_residents_alone(gateway, impatient, resident, account, now):
    gateway.answer = lambda message: "hang" if message["audience"] == "account" else 200
    for n in range(2 * jobs.AT_ONCE["account"]):
        post("card", account, now - MINUTE, f"c{n}")
    notice = post("errand_accepted", resident, now)
    send(now)
    assert state(notice) == "sent" and gateway.held_out


def test_a_gateway_that_fails_a_third_of_the_time_loses_nothing(gateway, resident, fixed_clock):
    count = iter(range(10**6))
    gateway.answer = lambda message: 500 if next(count) % 3 == 0 else 200
    notices = [post("errand_accepted", resident, fixed_clock.now(), f"k{n}") for n in range(30)]
    for _ in range(12):
        send(fixed_clock.now())
        fixed_clock.advance(minutes=40)
    assert {state(notice) for notice in notices} == {"sent"}
    assert sorted(gateway.taken) == sorted(notices)


def test_a_lease_that_ran_out_is_taken_over_and_its_late_holder_changes_nothing(resident, now):
    once, again = post("errand_supplement", resident, now, "1"), post("errand_accepted", resident, now, "2")
    held = sending.lease("resident", 5, actor=SYSTEM, now=now)
    assert {found["id"] for found in held} == {once, again}
    assert sending.lease("resident", 5, actor=SYSTEM, now=now + rules.LEASE / 2) == []
    later = now + rules.LEASE
    (taken,) = sending.lease("resident", 5, actor=SYSTEM, now=later)
    assert (taken["id"], state(once)) == (again, "unknown")
    for found in held:
        outcome = Outcome(outcomes.SENT)
        assert sending.settle(found["id"], found["version"], outcome, "x", actor=SYSTEM, now=later) is None
    assert state(again) == "sending"


def test_a_receipt_that_is_missing_is_chased_a_day_later(gateway, resident, now):
    relied_on, other = post("errand_posted", resident, now, "1"), post("errand_accepted", resident, now, "2")
    send(now)
    assert jobs.chase(actor=SYSTEM, now=now + rules.PATIENCE - MINUTE) == 0
    assert jobs.chase(actor=SYSTEM, now=now + rules.PATIENCE + MINUTE) == 1
    assert jobs.chase(actor=SYSTEM, now=now + rules.PATIENCE + MINUTE) == 0
    assert (state(relied_on), state(other)) == ("sent", "sent")
    assert [task["reason"] for task in tasks()] == ["posted_result"]


def test_what_is_long_over_is_forgotten(gateway, resident, account, now):
    notices = [post("errand_posted", resident, now, "1"), post("card", account, now, "2")]
    waiting = post("card", account, now, "3", not_before=now + timedelta(days=400))
    send(now)
    assert jobs.purge(actor=SYSTEM, now=now + rules.KEPT - MINUTE) == 0
    assert jobs.purge(actor=SYSTEM, now=now + rules.KEPT + MINUTE) == 2
    for notice in notices:
        assert (row(notice)["address_sealed"], row(notice)["values_sealed"]) == (None, None)
    assert row(waiting)["values_sealed"] is not None


def test_an_erased_notice_is_never_sent(gateway, resident, now):
    notice = post("errand_accepted", resident, now)
    cells = [erasure.Cells("notice", notice, ("address_sealed", "values_sealed"))]
    erasure.erase_details([], cells=cells, actor=SYSTEM, now=now)
    assert send(now) == 0
    assert (state(notice), row(notice)["trouble"]) == ("dead", "erased")


def test_a_fault_of_a_channel_is_logged_without_values_and_settled(gateway, resident, now, monkeypatch, caplog):
    def fail(message):
        raise ValueError(message.to)

    monkeypatch.setattr(jobs.channels.to("resident"), "send", fail, raising=False)
    notice = post("errand_accepted", resident, now)
    assert send(now) == 1
    assert (state(notice), row(notice)["trouble"]) == ("waiting", "fault")
    assert "a channel failed: ValueError" in caplog.text


@pytest.mark.parametrize("answer", [302, 307])
def test_a_redirect_is_a_refusal(answer, gateway, resident, now):
    gateway.answer = lambda message: answer
    notice = post("errand_accepted", resident, now)
    send(now)
    assert (len(gateway.seen), row(notice)["trouble"]) == (1, f"http-{answer}")


def test_a_channel_that_never_comes_back_holds_nothing_up_and_what_it_says_late_is_not_heard(
    gateway, resident, now, monkeypatch
):
    monkeypatch.setattr(jobs, "ENDS_UNTIL", 0.3)
    stuck, late = threading.Event(), []
    monkeypatch.setattr(channels.to("resident"), "send", lambda message: late.append(stuck.wait(90)), raising=False)
    notice = post("errand_accepted", resident, now)
    assert send(now) == 0
    assert late == [], "the run ended while its try went on"
    stuck.set()
    monkeypatch.undo()
    assert state(notice) == "sending"
    assert send(now + rules.LEASE + MINUTE) == 1
    assert (state(notice), gateway.taken) == ("sent", [notice])


def test_a_sender_that_lost_the_jobs_lease_records_nothing_more(gateway, resident, now):
    token = core_jobs.take_lease("a")
    actor = SYSTEM.calling(Call(fence=partial(core_jobs.keep_lease, token)))

    def taken_over(message):
        sql.run("UPDATE lease SET expires = 0, holder = 'b', token = token + 1")
        drop_connection()
        return 200

    gateway.answer = taken_over
    notice = post("errand_accepted", resident, now)
    with pytest.raises(core_jobs.LeaseLost):
        jobs.send(actor=actor, now=now)
    assert state(notice) == "sending"
    gateway.answer = lambda message: 200
    assert send(now + rules.LEASE + MINUTE) == 1
    assert (state(notice), gateway.taken) == ("sent", [notice, notice])
