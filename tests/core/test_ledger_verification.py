"""``verify`` names the first bad entry, whatever was done to the tables behind the product's back."""
import hashlib
import threading
from datetime import timedelta

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from peewee import PeeweeException

from backend.core import checkpoints, db, erasure, ledger, secrets, sql, verification
from tests.core.book import WHO, tamper, write

A_HASH = hashlib.sha256(b"other").digest()


@pytest.fixture
def book(database, now, tmp_path):
    """Twenty entries, a checkpoint at the tenth, the anchor file."""
    anchors = tmp_path / "anchors.log"
    write(10, actor=WHO, now=now)
    checkpoints.make(anchors, actor=WHO, now=now)
    write(10, actor=WHO, now=now)
    return anchors


def found(**asked):
    result = verification.verify(**asked)
    return result.code, result.seq


def test_an_empty_ledger_is_whole(database):
    assert found() == (0, 0)


def test_an_untouched_ledger_is_whole(book):
    seq, last = ledger.head()
    assert found(receipt=f"{seq}.{last.hex()}", anchor=book) == (0, 20)


@pytest.mark.parametrize("column", ["actor", "action", "subject_id", "scope", "outcome", "fields", "role"])
def test_a_changed_column_is_content_changed(book, column):
    tamper(f"UPDATE ledger_entry SET {column} = 'x' WHERE seq = 7")
    assert found() == (1, 7)


def test_a_changed_instant_is_content_changed(book):
    tamper("UPDATE ledger_entry SET happened_at = happened_at - 1 WHERE seq = 7")
    assert found() == (1, 7)


def test_a_changed_hash_of_the_entry_before_is_content_changed(book):
    tamper(("UPDATE ledger_entry SET prev_hash = ? WHERE seq = 7", (A_HASH,)))
    assert found() == (1, 7)


def test_an_entry_hashed_anew_is_named_itself(book):
    row = sql.execute(
        "SELECT seq, recorded_at, happened_at, actor, role, unit, device, action, subject_type,"
        " subject_id, scope, outcome, fields, commitment, prev_hash FROM ledger_entry WHERE seq = 7"
    ).fetchone()
    columns = list(row[:14])
    columns[3] = "somebody else"
    tamper(
        "UPDATE ledger_entry SET actor = 'somebody else' WHERE seq = 7",
        ("UPDATE ledger_entry SET hash = ? WHERE seq = 7", (ledger.chained(bytes(row[14]), tuple(columns)),)),
    )
    assert found() == (1, 7)


def test_a_detail_sealed_with_other_words_is_content_changed(book):
    sealed = secrets.seal(orjson.dumps({"name": "乙"}).decode(), "ledger_detail|sealed|5")
    tamper(("UPDATE ledger_detail SET sealed = ? WHERE seq = 5", (sealed,)))
    assert found() == (1, 5)


def test_a_detail_moved_from_another_entry_is_content_changed(book):
    tamper("UPDATE ledger_detail SET sealed = (SELECT sealed FROM ledger_detail WHERE seq = 4) WHERE seq = 5")
    assert found() == (1, 5)


def test_a_detail_that_is_missing_is_content_changed(book):
    tamper("DELETE FROM ledger_detail WHERE seq = 5")
    assert found() == (1, 5)


def test_a_detail_emptied_without_an_erasure_is_content_changed(book):
    tamper("UPDATE ledger_detail SET salt = NULL, sealed = NULL, erased_by = 9 WHERE seq = 5")
    assert found() == (1, 5)


def test_an_erasure_that_names_others_covers_nothing(book, now):
    erasure.erase_details([3], actor=WHO, now=now)
    tamper("UPDATE ledger_detail SET salt = NULL, sealed = NULL, erased_by = 21 WHERE seq = 5")
    assert found() == (1, 5)


def test_a_missing_entry_is_a_gap(book):
    tamper("DELETE FROM ledger_entry WHERE seq = 12", "DELETE FROM ledger_detail WHERE seq = 12")
    assert found() == (2, 12)


def test_a_cut_tail_is_a_gap(book):
    tamper("DELETE FROM ledger_entry WHERE seq > 18", "DELETE FROM ledger_detail WHERE seq > 18")
    assert found() == (2, 19)


def test_a_head_set_back_is_a_gap(book):
    tamper("UPDATE ledger_head SET seq = 19")
    assert found() == (2, 20)


def test_a_detail_without_entry_is_a_gap(book):
    tamper("INSERT INTO ledger_detail (seq, erased_by) VALUES (40, 41)")
    assert found() == (2, 40)


def _cut_to(seq):
    tamper(
        f"DELETE FROM ledger_entry WHERE seq > {seq}", f"DELETE FROM ledger_detail WHERE seq > {seq}",
        f"UPDATE ledger_head SET seq = {seq}, hash = (SELECT hash FROM ledger_entry WHERE seq = {seq})",
    )


def test_a_cut_ledger_with_a_fitting_head_is_behind_its_receipt(book):
    seq, last = ledger.head()
    _cut_to(15)
    assert found() == (0, 15)
    assert found(receipt=f"{seq}.{last.hex()}") == (3, 16)


def test_a_cut_ledger_is_behind_its_checkpoint_and_its_anchor(book):
    _cut_to(8)
    assert found() == (3, 9)
    tamper("DELETE FROM ledger_checkpoint")
    assert found() == (0, 8)
    assert found(anchor=book) == (3, 9)


def test_a_rewritten_ledger_is_not_that_of_its_receipt_and_anchor(book, now):
    seq, last = ledger.head()
    _cut_to(8)
    tamper("DELETE FROM ledger_checkpoint")
    write(12, actor=WHO, now=now + timedelta(seconds=1))
    assert found() == (0, 20)
    assert found(receipt=f"{seq}.{last.hex()}") == (3, 20)
    assert found(anchor=book) == (3, 10)


@pytest.mark.parametrize("receipt", ["", "7", "x.y", "7." + "0" * 64, "99999999999999999999." + "0" * 64])
def test_what_is_no_receipt_of_this_ledger_is_behind(book, receipt):
    assert found(receipt=receipt)[0] == 3


def test_a_checkpoint_signed_by_another_key_is_a_bad_signature(book):
    signature = Ed25519PrivateKey.generate().sign(checkpoints.statement(10, A_HASH, 1))
    tamper(("UPDATE ledger_checkpoint SET signature = ? WHERE seq = 10", (signature,)))
    assert found() == (4, 10)


def test_an_anchor_whose_time_was_changed_is_a_bad_signature(book):
    line = orjson.loads(book.read_bytes())
    book.write_bytes(orjson.dumps(line | {"made_at": line["made_at"] + 1}) + b"\n")
    assert found(anchor=book) == (4, 10)


def test_an_anchor_that_cannot_be_read_is_a_bad_signature(book):
    book.write_bytes(b"nonsense\n" + book.read_bytes())
    assert found(anchor=book)[0] == 4


def test_an_anchor_file_that_is_gone_is_not_taken_for_agreement(book):
    book.unlink()
    assert found(anchor=book)[0] == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET actor = 'x'", "DELETE FROM ledger_entry",
        "DELETE FROM ledger_detail", "UPDATE ledger_detail SET erased_by = 3",
        "UPDATE ledger_detail SET salt = NULL, sealed = NULL",
        "UPDATE ledger_checkpoint SET seq = 11", "DELETE FROM ledger_checkpoint",
    ],
)
def test_the_database_itself_refuses_changes(book, statement):
    with pytest.raises(PeeweeException):
        sql.execute(statement)
    assert found(anchor=book) == (0, 20)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_detail", "ledger_checkpoint"])
def test_postgresql_refuses_to_empty_the_book(book, table, engine):
    if engine == "sqlite":
        pytest.skip("SQLite has no TRUNCATE; a DELETE without condition is refused above")
    with pytest.raises(PeeweeException):
        sql.execute(f"TRUNCATE {table}")
    assert found() == (0, 20)


def test_a_ledger_is_whole_while_writers_go_on(book, now, monkeypatch):
    monkeypatch.setattr(verification, "BATCH", 7)
    stop = threading.Event()

    def keep_writing():
        while not stop.is_set():
            write(3, now=now)
        db.disconnect()

    threads = [threading.Thread(target=keep_writing) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        seen = [found(anchor=book)]
        while len(seen) < 8 or seen[0][1] == seen[-1][1] and len(seen) < 500:
            seen.append(found(anchor=book))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert {code for code, _ in seen} == {0}
    assert seen[0][1] < seen[-1][1]


def test_the_batch_wise_check_and_the_plain_one_agree_on_every_entry(book):
    rows = sql.execute("SELECT * FROM ledger_entry ORDER BY seq").fetchall()
    last = ledger.GENESIS
    for row in rows:
        assert bytes(row[14]) == last
        last = ledger.chained(last, row[:14])
        assert bytes(row[15]) == last
