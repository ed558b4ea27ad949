"""One action is one transaction: what it says is written last, once, or not at all."""
import pytest

from backend.core import actor, ids, ledger, sql
from backend.core.actor import Call
from backend.core.problems import KeyReused
from backend.core.transaction import Replayed, transaction


@transaction
def make(name, *, actor, now):
    thing_id = ids.new(now)
    ledger.record("thing.make", "thing", thing_id, detail={"name": name})
    return thing_id


@transaction
def fail(*, actor, now):
    ledger.record("thing.make", "thing", "x")
    raise ValueError("midway")


def calling(key, digest=b"d"):
    return actor.system("test").calling(Call(key=key, scope="s", route="POST /things", digest=digest))


def test_what_happened_is_in_the_ledger_with_a_receipt(database, now):
    who = calling(None)
    thing_id = make("甲", actor=who, now=now)
    entries = ledger.history("thing", thing_id)
    assert [entry["detail"] for entry in entries] == [{"name": "甲"}]
    seq, last = ledger.head()
    assert who.call.receipt == f"{seq}.{last.hex()}"


def test_a_failed_action_leaves_nothing(database, now):
    with pytest.raises(ValueError):
        fail(actor=calling("key-0001"), now=now)
    assert ledger.head()[0] == 0
    assert sql.value("SELECT count(*) FROM idempotency_key") == 0


def test_a_repeated_key_replays_the_first_answer(database, now):
    thing_id = make("甲", actor=calling("key-0001"), now=now)
    with pytest.raises(Replayed) as replayed:
        make("甲", actor=calling("key-0001"), now=now)
    assert replayed.value.ref == thing_id
    assert ledger.head()[0] == 1


def test_a_repeated_key_with_another_body_is_refused(database, now):
    make("甲", actor=calling("key-0001"), now=now)
    with pytest.raises(KeyReused):
        make("乙", actor=calling("key-0001", b"e"), now=now)
