"""Rotation brings every sealed value under the current key while others read and write."""
import json
import threading

import pytest

from backend.core import db, ids, ledger, rotation, secrets, sql, vault, verification
from backend.people.models import Resident
from tests.core.book import WHO, write


@pytest.fixture
def new_key(keys, tmp_path):
    """Switch to a second key that becomes the current one; the first is kept for reading."""
    content = json.loads(keys.read_text())
    secrets.make_key_file(tmp_path / "second.json")
    content["fields"]["k2"] = json.loads((tmp_path / "second.json").read_text())["fields"]["k1"]
    content["current"] = "k2"

    def switch(*, without_old=False):
        if without_old:
            content["fields"].pop("k1", None)
        secrets.use(secrets.Keys(content))

    yield switch
    secrets.load(keys)


def resident(now, phone):
    resident_id = ids.new(now)
    sql.insert(Resident, id=resident_id, township_code="331003100000", name="王", pinyin="wang", initials="w",
               phone_sealed=secrets.seal(phone, f"resident|phone|{resident_id}"), made_at=now, version=1)
    return resident_id


def test_sealed_columns_are_found_by_their_names():
    found = {(column.table, column.name) for column in rotation.columns()}
    assert {("ledger_detail", "sealed"), ("resident", "phone_sealed"), ("resident", "id_number_sealed"),
            ("resident", "address_sealed"), ("account", "totp_sealed")} <= found


def test_after_rotation_the_old_key_is_not_needed(database, now, new_key, tmp_path):
    write(25, now=now)
    resident_id = resident(now, "13812345678")
    sha256 = vault.put(tmp_path / "files", b"photo")
    new_key()
    assert sum(rotation.everything(10, actor=WHO, now=now)) == 26
    assert len(list(rotation.files(tmp_path / "files"))) == 1
    new_key(without_old=True)
    assert verification.verify().code == 0
    sealed = sql.value("SELECT phone_sealed FROM resident WHERE id = ?", (resident_id,))
    assert secrets.unseal(sealed, f"resident|phone|{resident_id}") == "13812345678"
    assert vault.get(tmp_path / "files", sha256) == b"photo"


def test_a_second_run_finds_nothing_to_do(database, now, new_key, tmp_path):
    write(5, now=now)
    vault.put(tmp_path / "files", b"photo")
    new_key()
    list(rotation.everything(10, actor=WHO, now=now))
    list(rotation.files(tmp_path / "files"))
    head = ledger.head()
    assert list(rotation.everything(10, actor=WHO, now=now)) == []
    assert list(rotation.files(tmp_path / "files")) == []
    assert ledger.head() == head


def test_a_run_that_was_cut_short_goes_on_where_it_must(database, now, new_key):
    write(20, now=now)
    new_key()
    run = rotation.everything(6, actor=WHO, now=now)
    assert [next(run), next(run)] == [6, 6]
    run.close()
    assert sum(rotation.everything(6, actor=WHO, now=now)) == 8


def test_writers_go_on_during_rotation(database, now, new_key):
    write(100, now=now)
    new_key()
    stop = threading.Event()

    def keep_writing():
        while not stop.is_set():
            write(3, now=now)
        db.disconnect()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        assert sum(rotation.everything(7, actor=WHO, now=now)) == 100
    finally:
        stop.set()
        thread.join()
    new_key(without_old=True)
    assert verification.verify().code == 0
