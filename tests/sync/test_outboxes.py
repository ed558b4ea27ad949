"""Long outboxes, answers that are lost, pushes at the same moment: nothing twice, nothing lost, the order kept.

``DAIBAN_TEST_OUTBOX`` is how many operations the old outbox holds; the figure asks for 1,000.
"""
import dataclasses
import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from peewee import OperationalError

from backend.core import sql, transaction
from backend.core.actor import system
from backend.sync import jobs
from backend.sync.actions import keeping, kinds
from backend.sync.queries import results
from tests import cast
from tests.sync.phones import Phone, new_id

OPERATIONS = int(os.environ.get("DAIBAN_TEST_OUTBOX", "60"))
CASES = 5


def outbox_of(phone, count, at):
    """So many operations on a few cases, made one after another at the phone."""
    cases = [new_id() for _ in range(min(CASES, count // 6))]
    made = []
    for number, case in enumerate(cases):
        resident = cast.errand()["resident"] | {"id_number": cast.id_number(20 + number)}
        made.append(phone.did("errand.register", case, cast.errand(resident=resident), occurred_at=at))
        made.append(phone.did("errand.accept", case, base_version=1, base={"state": "registered"}, occurred_at=at))
    while len(made) < count:
        case = cases[len(made) % len(cases)]
        made.append(phone.did("errand.note", case, {"text": f"第{len(made)}条"}, occurred_at=at))
    return cases, made


def test_an_old_outbox_that_is_sent_three_times_is_done_once_in_its_order(district_app, agent, fixed_clock):
    phone, chance = Phone(agent), random.Random(9)
    at = (fixed_clock.now() - timedelta(days=45)).isoformat()
    cases, outbox = outbox_of(phone, OPERATIONS, at)
    sent, answers = 0, {}
    while sent < len(outbox):
        size = chance.randint(1, 100)
        first = outbox[sent : sent + size]
        for part in (first, outbox[max(0, sent - chance.randint(0, 50)) : sent + len(first)][-100:], first):
            for result in phone.push(*part):
                answers.setdefault(result["id"], []).append(result)
        sent += len(first)
    for found in answers.values():
        assert found[0]["status"] in ("applied", "merged"), found[0]
        assert len(found) >= 3 and {each["status"] for each in found[1:]} == {"duplicate"}
        assert len({str(each["data"]) for each in found}) == 1
    for case in cases:
        wanted = [each["set"]["text"] for each in outbox if each["type"] == "errand.note" and each["entity_id"] == case]
        texts, cursor = [], ""
        while cursor is not None:
            page = agent.get(f"/errands/{case}/notes?limit=200{cursor and f'&cursor={cursor}'}").json
            texts, cursor = texts + [note["text"] for note in page["items"]], page["next_cursor"]
        assert sorted(texts) == sorted(wanted)
    entries = "SELECT subject_id FROM ledger_entry WHERE action = 'errand.note' ORDER BY seq"
    noted = [each["entity_id"] for each in outbox if each["type"] == "errand.note"]
    assert [subject for (subject,) in sql.execute(entries).fetchall()] == noted, "the order of the phone"


def test_the_same_push_at_the_same_moment_is_done_once(district_app, agent):
    phone = Phone(agent)
    part = [phone.did("errand.register", None, cast.errand()), phone.did("problem.report", None, {"text": "停电"}),
            phone.did("errand.fly", None)]

    def send(_):
        found = cast.Caller(district_app.test_client(), agent.token).post(
            "/sync/push", {"device_id": phone.id, "mutations": part}
        )
        transaction.drop_connection()
        return [each["status"] for each in found.json["results"]]

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(send, range(6)))
    assert sorted(each[0] for each in found) == ["applied"] + ["duplicate"] * 5
    assert sorted(each[1] for each in found) == ["applied"] + ["duplicate"] * 5
    assert sorted(each[2] for each in found) == ["duplicate"] * 5 + ["rejected"]
    assert sql.value("SELECT count(*) FROM errand") == 1 == sql.value("SELECT count(*) FROM field_problem")
    assert sql.value("SELECT count(*) FROM sync_result") == 3


def test_a_database_that_fails_stops_the_push_and_nothing_is_lost(district_app, agent, monkeypatch):
    phone = Phone(agent)
    errand = phone.registered()
    part = [phone.did("errand.note", errand["id"], {"text": f"第{n}条"}) for n in range(3)]
    keep, calls = keeping.keep, []

    def failing(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("disk I/O error")
        return keep(*args, **kwargs)

    monkeypatch.setattr(keeping, "keep", failing)
    monkeypatch.setattr(transaction, "TRIES", 1)
    answer = phone.send(*part)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert [each["status"] for each in phone.push(*part)] == ["duplicate", "applied", "applied"]
    assert len(agent.get(f"/errands/{errand['id']}/notes").json["items"]) == 3


def test_a_fault_of_ours_blocks_nothing_behind_it(district_app, agent, monkeypatch):
    phone = Phone(agent)
    errand = phone.registered()
    broken = dataclasses.replace(kinds.KINDS["errand.note"], act=lambda *_, **__: 1 / 0)
    monkeypatch.setitem(kinds.KINDS, "errand.note", broken)
    poison = phone.did("errand.note", errand["id"], {"text": "出错"})
    assert phone.push(poison)[0]["problem"] == {"type": "/problems/internal", "title": "系统内部错误", "status": 500}
    monkeypatch.undo()
    assert phone.one("errand.note", errand["id"], {"text": "照办"})["status"] == "applied"


def test_answers_are_kept_as_long_as_an_outbox_can_be_old(district_app, agent, fixed_clock):
    phone = Phone(agent)
    made = phone.did("errand.register", None, cast.errand())
    kept = phone.did("errand.fly", None)
    phone.push(made, kept)
    fixed_clock.advance(days=179)
    again = cast.sign_in(district_app.test_client(), cast.AGENT)
    assert jobs.forget_pushes(actor=system("test"), now=fixed_clock.now()) == 0
    fixed_clock.advance(days=2)
    assert jobs.forget_pushes(actor=system("test"), now=fixed_clock.now()) == 1
    again = cast.sign_in(district_app.test_client(), cast.AGENT)
    answer = again.post("/sync/push", {"device_id": phone.id, "mutations": [made, kept]}).json["results"]
    assert [each["status"] for each in answer] == ["duplicate", "duplicate"]
    assert answer[0]["data"] is None and answer[1]["first"] == "rejected", "what nobody settled is kept"
    assert again.get("/errands?state=all").json["items"][0]["id"] == made["entity_id"]


@pytest.mark.parametrize(("kind", "status"), [("errand.note", "applied"), ("errand.fly", "rejected")])
def test_what_two_phones_of_an_account_bring_at_the_same_moment_is_kept_once(
    district_app, agent, monkeypatch, kind, status
):
    """A phone that registers anew while its old push is still under way: the second sees what the first kept."""
    old, new = Phone(agent), Phone(agent)
    errand = old.registered()["id"]
    same = old.did(kind, errand, {"text": "只记一次"})
    assert old.push(same)[0]["status"] == status
    look, blind = results.before, [True] * (2 if status == "rejected" else 1)
    monkeypatch.setattr(
        results, "before", lambda *told: results.Before(None, False) if blind and blind.pop() else look(*told)
    )
    answer = new.send(same | {"n": 1})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert [(each["status"], each["first"]) for each in answer.json["results"]] == [("duplicate", status)]
    assert len(agent.get(f"/errands/{errand}/notes").json["items"]) == (kind == "errand.note")
    assert sql.value("SELECT count(*) FROM sync_result") == 2
