"""A backup made while writers go on restores, on either engine, to the very same rows."""
import threading
from pathlib import Path

import pytest

from backend import backup, schema
from backend.core import (
    archive,
    checkpoints,
    db,
    erasure,
    ids,
    ledger,
    secrets,
    sql,
    tables,
    transaction,
    vault,
)
from backend.core import verification as verifying
from backend.files.models import File
from backend.org.models import Unit
from backend.people.models import Account, Resident
from backend.settings import Settings
from backend.sync.queries import epochs
from tests.core.book import WHO, tamper, write
from tests.stores import Store

FRESH = ("ledger_entry", "ledger_detail", "ledger_head", "ledger_checkpoint", "sync_state")


@pytest.fixture
def settings(database, tmp_path):
    anchors = tmp_path / "place" / "anchors.log"
    return Settings(data_dir=tmp_path / "data", database_url=database, anchor_file=anchors)


@pytest.fixture
def empty(store):
    """The address of a database without tables, of the same engine."""
    url = store._new("empty_" + ids.new(db.clock.EPOCH)[-12:])
    yield url
    transaction.drop_connection()
    store.drop(url)


@pytest.fixture
def other(request, engine, tmp_path):
    """The address of a database without tables, of the other engine."""
    if request.config.getoption("--engine") != "both":
        pytest.skip("needs both engines")
    server = request.getfixturevalue("postgresql") if engine == "sqlite" else None
    made = Store("other", tmp_path / "store", server)
    yield made.url
    transaction.drop_connection()
    made.close()


def fill(settings, now):
    """A unit, an account, a resident, a file, thirty ledger entries."""
    sql.insert(Unit, code="331003001001", name="城东村", level="village", pinyin="chengdongcun", initials="cdc",
               status="built", latitude=28.5, version=1)
    sql.insert(Account, id=ids.new(now), username="a", name="甲", role="agent", password_hash="x", sample=True,
               made_at=now, version=1, totp_step=0)
    resident = ids.new(now)
    sql.insert(Resident, id=resident, township_code="331003001000", name="王秀兰", pinyin="wangxiulan",
               initials="wxl", made_at=now, version=1, phone_index=b"\x00\xff" * 8,
               phone_sealed=secrets.seal("13812345678", f"resident|phone|{resident}"))
    sha256 = vault.put(settings.data_dir / "files", b"a photo" * 50_000)
    sql.insert(File, id=ids.new(now), sha256=sha256, media_type="image/jpeg", size=350_000,
               unit_code="331003001001", account_id="a", made_at=now, version=1)
    write(30, now=now)
    return sha256


def contents(without=()):
    """Every table's rows, as the archive would hold them on either engine."""
    return {table.name: _rows(table) for table in tables.all_tables() if table.name not in without}


def _rows(table):
    found = sql.execute(f'SELECT {table.listed} FROM "{table.name}" ORDER BY {", ".join(table.key)}').fetchall()
    return [[int(value) if isinstance(value, bool) else value for value in row] for row in found]


def restored(settings, url, source, now, place=None):
    transaction.drop_connection()
    db.connect(url)
    there = Settings(data_dir=settings.data_dir.with_name("there"), database_url=url,
                     anchor_file=place or settings.data_dir.with_name("new") / "anchors.log")
    return there, backup.restore(there, source, now=now)


@pytest.mark.parametrize("target", ["empty", "other"])
def test_what_comes_back_is_what_was_there(settings, target, request, now, tmp_path):
    sha256 = fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    before, epoch = contents(FRESH), epochs.current()
    there, result = restored(settings, request.getfixturevalue(target), tmp_path / "backups", now)
    assert contents(FRESH) == before and epochs.current() != epoch
    assert (result.path, result.seq, result.lost) == (made, 30, 0)
    assert vault.get(there.data_dir / "files", sha256) == b"a photo" * 50_000
    assert verifying.verify(anchor=there.anchor_file)[:2] == (0, 31)
    assert schema.pending() == []


def test_a_backup_taken_while_a_thread_writes_is_one_moment(settings, empty, now, tmp_path):
    fill(settings, now)
    stop, written = threading.Event(), []

    def keep_writing():
        while not stop.is_set():
            write(7, now=now)
            written.append(7)
        db.disconnect()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        while not written:
            stop.wait(0.01)
        made = [backup.backup(settings, tmp_path / "backups", now=now) for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    last = ledger.head()[0]
    there, result = restored(settings, empty, made[1], now)
    assert 30 < result.seq < last
    assert (result.seq - 30) % 7 == 0
    assert verifying.verify(anchor=there.anchor_file).code == 0


def test_the_archive_betrays_nothing_and_is_its_owners_only(settings, now, tmp_path):
    fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    raw = made.read_bytes()
    assert not any(word in raw for word in ("王秀兰".encode(), b"331003001001", b"resident", b"phone"))
    assert made.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in made.parent.iterdir()] == [made.name]


@pytest.mark.parametrize("harm", ["flip", "cut", "chunk", "append", "magic", "swap"])
def test_a_tampered_archive_is_refused_and_leaves_nothing(settings, empty, now, tmp_path, harm, monkeypatch):
    monkeypatch.setattr(archive, "CHUNK", 1 << 14)
    fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    raw = bytearray(made.read_bytes())
    first = len(archive.MAGIC) + archive.SALT
    size = 4 + int.from_bytes(raw[first : first + 4], "big")
    if harm == "flip":
        raw[len(raw) // 2] ^= 1
    elif harm == "cut":
        del raw[-3:]
    elif harm == "chunk":
        del raw[first + size :]
    elif harm == "append":
        raw += b"\x00\x00\x00\x01x"
    elif harm == "magic":
        raw[0] ^= 1
    else:
        one, two = raw[first : first + size], raw[first + size : first + 2 * size]
        raw[first : first + 2 * size] = two + one
    made.write_bytes(raw)
    with pytest.raises(backup.BackupError):
        restored(settings, empty, made, now)
    assert db.database.get_tables() == []


def test_another_key_file_does_not_open_it(settings, empty, now, tmp_path, keys):
    fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    secrets.make_key_file(tmp_path / "other.json")
    secrets.load(tmp_path / "other.json")
    try:
        with pytest.raises(backup.BackupError, match="key file"):
            restored(settings, empty, made, now)
    finally:
        secrets.load(keys)


def test_a_database_that_holds_anything_is_refused(settings, now, tmp_path):
    fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    with pytest.raises(backup.BackupError, match="not empty"):
        backup.restore(settings, made, now=now)
    assert verifying.verify().code == 0


def test_a_migrated_database_in_which_nothing_happened_is_empty(settings, empty, now, tmp_path):
    fill(settings, now)
    made = backup.backup(settings, tmp_path / "backups", now=now)
    transaction.drop_connection()
    db.connect(empty)
    schema.upgrade()
    restored(settings, empty, made, now)
    assert ledger.head()[0] == 31


def test_a_backup_of_a_broken_ledger_is_refused(settings, empty, now, tmp_path):
    fill(settings, now)
    tamper("UPDATE ledger_entry SET actor = 'x' WHERE seq = 4")
    made = backup.backup(settings, tmp_path / "backups", now=now)
    with pytest.raises(backup.BackupError, match="entry 4 was changed"):
        restored(settings, empty, made, now)
    assert ledger.head()[0] == 0


def test_what_was_erased_after_the_backup_is_erased_again(settings, empty, now, tmp_path):
    fill(settings, now)
    resident = sql.value("SELECT id FROM resident")
    made = backup.backup(settings, tmp_path / "backups", now=now)
    cells = erasure.Cells("resident", resident, ("name", "phone_sealed", "phone_index"))
    erasure.erase_details([3, 4, 5], cells=[cells], actor=WHO, now=now)
    erasure.tell(settings.anchor_file)
    write(5, now=now)
    checkpoints.make(settings.anchor_file, actor=WHO, now=now)
    there, result = restored(settings, empty, made, now, place=settings.anchor_file)
    assert (result.erased, result.lost) == (3, 6)
    found = sql.row("SELECT name, phone_sealed, erased_at FROM resident")
    assert (found["name"], found["phone_sealed"]) == ("", None) and found["erased_at"], "she is not just without a name"
    assert sql.value("SELECT count(*) FROM ledger_detail WHERE sealed IS NULL") == 3
    assert verifying.verify(anchor=there.anchor_file).code == 0
    assert len(list(Path(there.anchor_file.parent).glob("anchors.log.*"))) == 1


def test_a_folder_that_cannot_be_written_is_one_line(settings, tmp_path, now):
    (tmp_path / "file").write_text("x")
    with pytest.raises(backup.BackupError, match="cannot be written"):
        backup.backup(settings, tmp_path / "file" / "backups", now=now)


def test_a_folder_without_backups_says_so(settings, tmp_path, now):
    (tmp_path / "none").mkdir()
    with pytest.raises(backup.BackupError, match="no backup"):
        backup.restore(settings, tmp_path / "none", now=now)
