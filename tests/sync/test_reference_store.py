"""What the reference client keeps, and for how long (docs/sync.md)."""
from tests.phone.store import KEPT_DAYS, Store


def test_nothing_stays_to_be_sent_again_once_the_server_may_have_forgotten_its_id(tmp_path):
    store = Store(tmp_path / "phone.db")
    first = ("applied", "2026-01-01"), ("rejected", "2026-01-01"), ("applied", "2026-03-01")
    for n, (status, day) in enumerate(first):
        store.put({"id": str(n), "type": "errand.note", "entity_id": "e"})
        store.settle([{"n": n + 1, "id": str(n), "status": status}], day)
    assert len(store.operations()) == 3 and KEPT_DAYS < 180
    store.put({"id": "late", "type": "errand.note", "entity_id": "e"})
    store.settle([{"n": 4, "id": "late", "status": "applied"}], "2026-07-01")
    assert [each["n"] for each in store.operations()] == [3, 4]
    assert not store.send_again(2) and store.send_again(3)
    store.close()
