"""A notice is written with what it tells, once, sealed; who takes no messages is rung."""
import threading
from datetime import timedelta

import pytest

from backend.core import clock, secrets, sql
from backend.core.actor import Actor
from backend.core.transaction import drop_connection, transaction
from backend.notifications import queries, rules
from backend.notifications.actions import calls, outbox
from backend.notifications.queries import outbox as box
from tests import cast
from tests.notifications.conftest import SYSTEM, VALUES, new_resident, post, state, tasks


def test_a_notice_is_posted_once_per_dedupe_key(resident, now):
    first = post("errand_accepted", resident, now)
    assert first is not None
    assert post("errand_accepted", resident, now) is None
    assert sql.value("SELECT count(*) FROM notice") == 1
    assert (state(first), tasks()) == ("waiting", [])


def test_posted_at_the_same_moment_it_is_one_notice(resident, now):
    def act():
        try:
            post("errand_accepted", resident, now)
        finally:
            drop_connection()

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sql.value("SELECT count(*) FROM notice") == 1


def test_a_notice_stands_or_falls_with_its_transaction(resident, now):
    @transaction
    def act(*, actor, now):
        post("errand_accepted", resident, now)
        new_resident(None, now, 2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act(actor=SYSTEM, now=now)
    assert sql.value("SELECT count(*) FROM notice") == 0


def test_number_and_words_are_sealed_in_the_row(resident, now):
    notice = post("errand_supplement", resident, now)
    row = sql.plain("SELECT * FROM notice WHERE id = ?", (notice,))[0]
    for blob in (row["address_sealed"], row["values_sealed"]):
        assert b"13805761234" not in bytes(blob) and "户口簿".encode() not in bytes(blob)
    assert "13805761234" not in str(row) and "户口簿" not in str(row)
    assert secrets.unseal(row["address_sealed"], f"notice|address|{notice}") == "13805761234"
    assert "户口簿" in box.wording(row)


@pytest.mark.parametrize("phone", [None, "0576-84110001"])
def test_who_has_no_mobile_phone_is_rung_at_once(phone, district, now):
    resident = new_resident(phone, now)
    assert post("errand_refused", resident, now) is None
    assert post("errand_refused", resident, now) is None
    assert sql.value("SELECT count(*) FROM notice") == 0
    (task,) = tasks()
    assert (task["subject_type"], task["subject_id"], task["reason"]) == ("errand", "e1", "errand_refused")
    assert (task["unit_code"], task["township_code"]) == (cast.VILLAGE, cast.TOWNSHIP)
    assert (task["resident_id"], task["subject_number"]) == (resident, VALUES["number"])


def test_who_wants_no_messages_is_rung(agent, resident, now):
    assert agent.get(f"/residents/{resident}").json["takes_sms"] is True
    changed = agent.patch(f"/residents/{resident}", {"takes_sms": False})
    assert (changed.status_code, changed.json["takes_sms"]) == (200, False)
    assert post("errand_refused", resident, now) is None
    assert len(tasks()) == 1
    assert agent.patch(f"/residents/{resident}", {"takes_sms": True}).json["takes_sms"] is True
    assert post("errand_accepted", resident, now, "again") is not None


@pytest.mark.parametrize("phone", [None, "13805761234"])
def test_nobody_rings_for_a_courtesy(phone, district, now):
    post("errand_accepted", new_resident(phone, now), now)
    assert tasks() == []


def test_a_person_without_a_row_is_told_by_her_phone_or_rung(district, now):
    notice = post("errand_refused", "e1", now, phone="13805769999")
    assert sql.value("SELECT recipient_id FROM notice WHERE id = ?", (notice,)) == "e1"
    assert box.address(box.row(notice)) == "13805769999"
    assert post("errand_refused", "e1", now, "landline", phone=None) is None
    assert [(task["resident_id"], task["subject_id"]) for task in tasks()] == [(None, "e1")] * 2


def test_where_nothing_tells_of_arrival_somebody_rings_besides(resident, now):
    assert post("errand_posted", resident, now) is not None
    assert [task["reason"] for task in tasks()] == ["posted_result"]


def test_a_gateway_that_sends_receipts_is_given_its_chance_first(gateway, resident, now):
    assert post("errand_posted", resident, now) is not None
    assert tasks() == []


def test_staff_are_never_rung_and_need_no_number(account, now):
    notice = post("card", account, now)
    assert (state(notice), tasks()) == ("waiting", [])
    assert sql.value("SELECT address_sealed FROM notice") is None


def test_the_first_try_respects_the_night_and_the_moment_asked_for(resident, account, fixed_clock):
    late = fixed_clock.set("2026-02-12 22:30")
    opening = late + timedelta(hours=10)
    found = {
        name: sql.row("SELECT next_at FROM notice WHERE id = ?", (notice,))["next_at"] for name, notice in {
            "asleep": post("errand_accepted", resident, late, "1"),
            "staff": post("card", account, late, "3"),
            "opening": post("card", account, late, "4", not_before=opening),
        }.items()
    }
    morning = clock.at_local(clock.local_date(opening), 7)
    assert found == {"asleep": morning, "staff": late, "opening": opening}


def test_the_caller_may_say_that_a_second_copy_harms(resident, now):
    plain, once = post("errand_accepted", resident, now, "1"), post("errand_supplement", resident, now, "2")
    told = post("errand_accepted", resident, now, "3", at_most_once=True)
    flags = dict(sql.execute("SELECT id, at_most_once FROM notice").fetchall())
    assert [bool(flags[notice]) for notice in (plain, once, told)] == [False, True, True]


def test_a_call_task_is_opened_once_per_dedupe_key(district, now):
    about = {
        "subject_type": "visit", "subject_id": "v1", "subject_number": None, "resident_id": None,
        "unit_code": cast.VILLAGE, "reason": "leave", "dedupe": "visit:v1:leave", "actor": SYSTEM, "now": now,
    }
    assert calls.open(**about) is not None
    assert calls.open(**about) is None
    assert len(tasks()) == 1


def told(since):
    return queries.told("errand", "e1", since)


def test_a_resident_is_told_by_a_notice_that_arrived_or_a_call_that_reached_her(district, fixed_clock):
    start = fixed_clock.now()
    resident = new_resident("13805761234", start)
    early = post("errand_accepted", resident, start, "early")
    later = start + timedelta(hours=1)
    notice = post("errand_posted", resident, later, "posted")
    assert told(later) is None
    sql.run("UPDATE notice SET state = 'delivered', ended_at = ? WHERE id = ?",
            (clock.to_micros(later + timedelta(minutes=5)), early))
    assert told(later) is None, "an older notice that arrived late tells nothing of what came after"
    task = tasks()[0]
    outcome = {"actor": Actor("a", "", "agent", cast.VILLAGE), "now": later + timedelta(minutes=1)}
    calls.record(task["id"], reached=False, **outcome)
    assert told(later) is None
    calls.record(task["id"], reached=True, **outcome)
    assert told(later) == outcome["now"]
    sql.run("UPDATE notice SET state = 'delivered', ended_at = ? WHERE id = ?",
            (clock.to_micros(later + timedelta(seconds=9)), notice))
    assert told(later) == later + timedelta(seconds=9)
    assert queries.told("visit", "e1", start) is None


def test_an_unknown_template_is_a_fault_and_posts_nothing(resident, now):
    with pytest.raises(ValueError, match="no template"):
        outbox.post(
            "nonsense", to=resident, subject_type="errand", subject_id="e", unit_code=cast.VILLAGE, values={},
            dedupe="k", actor=SYSTEM, now=now,
        )
    assert sql.value("SELECT count(*) FROM notice") == 0


def test_figures_count_what_is_open_and_name_the_oldest(resident, account, now):
    assert queries.figures() == ({"waiting": 0, "sending": 0, "dead": 0}, None)
    post("errand_accepted", resident, now, "1")
    post("card", account, now - timedelta(minutes=3), "2")
    dead = post("card", account, now, "3")
    sql.run("UPDATE notice SET state = ? WHERE id = ?", (rules.DEAD, dead))
    depth, oldest = queries.figures()
    assert depth == {"waiting": 2, "sending": 0, "dead": 1}
    assert oldest == clock.to_micros(now - timedelta(minutes=3))
