"""A server that comes back from a backup: phones bring again what it had acknowledged after it (decision 0247)."""
import shutil
import subprocess
import sys
import time
import uuid

import pytest

from backend.core import db, ids, sql, transaction
from tests import cast
from tests.files.samples import PDF
from tests.phone.line import Line
from tests.phone.phone import Phone
from tests.server import PASSWORD, ROOT, Server


def command(server, *words):
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", *words], cwd=ROOT, env=server.env, capture_output=True, text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def second(server, district_store, tmp_path):
    """Another server of the same engine, with the same keys and an empty database."""
    folder = tmp_path / "second"
    folder.mkdir()
    shutil.copy(server.folder / "keys.json", folder / "keys.json")
    url = None if server.url is None else district_store._new("second_" + ids.new(db.clock.EPOCH)[-12:])
    made = Server(folder, url)
    yield made
    if made.process and made.process.poll() is None:
        made.kill()
    if url:
        district_store.drop(url)


def registered(phone, serial):
    return phone.register(cast.errand(resident={
        "name": "王桂香", "id_number": cast.id_number(serial), "phone": "13805761234", "address": "村头一号",
    }))


def reported(phone):
    """A problem with a paper to it; the paper's id."""
    paper = str(uuid.uuid4())
    given = {"text": "路灯坏了", "file_ids": [paper]}
    phone.act("problem.report", str(uuid.uuid4()), given, [(paper, "application/pdf", PDF)])
    return paper


def synced(phone):
    until = time.monotonic() + 120
    while not phone.sync():
        assert time.monotonic() < until
        time.sleep(0.2)
    assert phone.store.count_waiting() == 0
    return {each["status"] for each in phone.store.operations()}


def test_phones_bring_again_what_a_restored_server_lacks(server, second, tmp_path):
    server.start()
    old, new = (
        Phone(tmp_path / f"{name}.db", Line("127.0.0.1", server.port), name, PASSWORD)
        for name in (cast.AGENT, cast.NEIGHBOUR_AGENT)
    )
    case = registered(old, 1)
    old.act("errand.note", case, {"text": "备份之前"})
    assert synced(old) == {"applied"}
    papers = [reported(old)]
    old.push()
    command(server, "backup", str(tmp_path / "backups"))
    old.act("errand.note", case, {"text": "备份之后"})
    old.act("errand.accept", case, {})
    papers.append(reported(old))
    later, late = registered(old, 2), registered(new, 3)
    new.act("errand.trip", late, {"made_on": "2026-01-05", "where": "乡镇"})
    assert synced(old) | synced(new) <= {"applied", "merged"}
    server.stop()

    command(second, "restore", str(tmp_path / "backups"))
    second.start()
    device = old.store.fact("device_id")
    for phone in (old, new):
        phone.way = Line("127.0.0.1", second.port)
        token = {"Authorization": f"Bearer {phone.store.fact('token')}"}
        assert phone.way.send("GET", "/me", None, token).status == 401, "a token that was taken away does not come back"
        assert synced(phone) <= {"applied", "merged"}, "before it has anything new to say"
        assert set(phone.store.ids("errand")) == ({case, later} if phone is old else {late})
        phone.act("errand.note", case if phone is old else late, {"text": "恢复之后"})
        assert synced(phone) <= {"applied", "merged"}
        assert phone.compare() == []
    assert old.store.fact("device_id") == device
    db.connect(second.url or f"sqlite:///{second.folder / 'daiban.db'}")
    try:
        assert {row["id"]: row["state"] for row in sql.plain("SELECT id, state FROM errand")} == {
            case: "accepted", later: "registered", late: "registered"
        }
        notes = sql.plain("SELECT errand_id, text FROM errand_note ORDER BY text")
        assert sorted((row["errand_id"] == case, row["text"]) for row in notes) == [
            (False, "恢复之后"), (True, "备份之前"), (True, "备份之后"), (True, "恢复之后"),
        ]
        assert sql.value("SELECT count(*) FROM errand_trip") == 1
        assert {row["id"] for row in sql.plain("SELECT id FROM file")} == set(papers)
    finally:
        transaction.drop_connection()
    assert second.stop() == 0
