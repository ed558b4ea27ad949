"""A first start that was killed, or met another one, is simply done again."""
import os
import random
import subprocess
import sys
import threading
import time

import pytest

from backend import sample, schema
from backend.core import db, ledger, sql, transaction
from tests import cast
from tests.server import LONG, ROOT, Server
from tests.stores import Store

KILLS = int(os.environ.get("DAIBAN_TEST_KILLS", "2"))


@pytest.fixture
def empty(engine, tmp_path, request):
    """A server on an empty database, not yet started."""
    postgresql = request.getfixturevalue("postgresql") if engine == "postgresql" else None
    store = Store(engine, tmp_path / "store", postgresql)
    folder = tmp_path / "data"
    folder.mkdir()
    server = Server(folder, store.url)
    yield server
    if server.process and server.process.poll() is None:
        server.kill()
    store.drop(store.url)


def test_a_first_start_killed_at_any_moment_is_completed_by_the_next(empty):
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"], cwd=ROOT, env=empty.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(random.uniform(0.5, 2.5))
        process.kill()
        process.wait()
    empty.start()
    assert empty.token("admin") and empty.token(cast.AGENT)
    assert empty.stop() == 0
    db.connect(empty.url)
    try:
        assert schema.is_current()
        assert sql.value("SELECT count(*) FROM ledger_entry WHERE action = 'account.samples'") == 1
        assert sql.value("SELECT count(*) FROM unit WHERE level = 'village'") == 348
    finally:
        transaction.drop_connection()


def test_a_sample_that_fails_half_way_leaves_nothing(database, monkeypatch, now):
    monkeypatch.setattr(sample.accounts, "insert_samples", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sample.load("huangyan", cast.PASSWORD, now)
    assert sample.is_empty() and ledger.head()[0] == 0
    monkeypatch.undo()
    assert sample.load("huangyan", cast.PASSWORD, now)
    assert not sample.load("huangyan", cast.PASSWORD, now)


def test_many_upgrades_at_once_apply_each_migration_once(engine, empty):
    if engine != "postgresql":
        pytest.skip("of PostgreSQL; on SQLite the lock of the data folder keeps others out")
    applied, faults = [], []
    db.connect(empty.url)

    def upgrade():
        try:
            applied.append(schema.upgrade())
        except Exception as fault:
            faults.append(fault)
        finally:
            transaction.drop_connection()

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not faults
    assert sorted(map(len, applied))[:3] == [0, 0, 0]
    assert max(applied, key=len) == schema.known()


@pytest.mark.one_engine
def test_a_database_of_a_newer_version_is_refused_with_one_line(server):
    db.connect(server.url or f"sqlite:///{server.folder / 'daiban.db'}")
    sql.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_tomorrow', '2030-01-01 00:00:00')")
    transaction.drop_connection()
    for command in (["wsgi.py"], ["-m", "backend.cli", "upgrade"]):
        ended = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=server.env, capture_output=True, text=True, timeout=LONG,
            check=False,
        )
        assert ended.returncode == 2
        assert "newer version" in ended.stderr and "9999_tomorrow" in ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1


def test_a_newer_database_is_not_ready(client, database):
    assert client.get("/readyz").status_code == 200
    db.caches.clear()
    sql.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_tomorrow', '2030-01-01 00:00:00')")
    assert client.get("/readyz").json["missing"] == ["migrations"]


def test_every_migration_runs_on_a_database_with_data_in_it(district, now):
    """Undoing is not offered; what is tested is that a later one finds the earlier ones' rows unharmed."""
    before = sql.value("SELECT count(*) FROM unit"), ledger.head()
    assert schema.upgrade() == []
    assert (sql.value("SELECT count(*) FROM unit"), ledger.head()) == before
