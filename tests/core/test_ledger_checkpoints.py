"""Checkpoints are signed once when due, and their anchors stand in the second place."""
import threading
from datetime import timedelta

import orjson

from backend.core import checkpoints, db, secondplace, sql, verification
from tests.core.book import WHO, write


def numbers(path):
    return [line["seq"] for line in secondplace.lines(path)]


def due(path, now):
    return checkpoints.make_if_due(path, actor=WHO, now=now)


def test_nothing_new_gives_no_checkpoint(database, now, tmp_path):
    path = tmp_path / "anchors.log"
    assert due(path, now) is None
    write(1, now=now)
    assert due(path, now) == 1
    assert due(path, now + timedelta(days=1)) is None


def test_one_is_due_after_ten_minutes_or_a_thousand_entries(database, now, tmp_path):
    path = tmp_path / "anchors.log"
    write(1, now=now)
    due(path, now)
    write(1, now=now)
    assert due(path, now + timedelta(minutes=9)) is None
    assert due(path, now + timedelta(minutes=10)) == 2
    for _ in range(10):
        write(100, now=now)
    assert due(path, now + timedelta(minutes=10)) == 1002
    assert numbers(path) == [1, 2, 1002]
    assert verification.verify(anchor=path).code == 0


def test_many_at_once_make_one(database, now, tmp_path):
    path, made = tmp_path / "anchors.log", []
    write(5, now=now)

    def try_it():
        made.append(due(path, now))
        db.disconnect()

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made, key=str) == [5, None, None, None, None, None]
    assert numbers(path) == [5]
    assert sql.value("SELECT count(*) FROM ledger_checkpoint") == 1


def test_an_anchor_lost_between_database_and_file_is_written_at_the_next_run(database, now, tmp_path):
    path = tmp_path / "deep" / "anchors.log"
    for _ in range(3):
        write(1, now=now)
        checkpoints.make(path, actor=WHO, now=now)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:30])
    assert due(path, now) is None
    assert numbers(path) == [1, 2, 3]
    assert verification.verify(anchor=path).code == 0
    path.unlink()
    due(path, now)
    assert path.read_bytes() == whole


def test_a_torn_last_line_is_no_forgery_but_a_torn_line_inside_is(database, now, tmp_path):
    path = tmp_path / "anchors.log"
    for _ in range(2):
        write(1, now=now)
        checkpoints.make(path, actor=WHO, now=now)
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second[:40])
    assert verification.verify(anchor=path).code == 0
    path.write_bytes(first[:40] + b"\n" + second)
    assert verification.verify(anchor=path).code == 4


def test_the_second_place_holds_one_json_line_each_for_its_owner_only(database, now, tmp_path):
    path = tmp_path / "anchors.log"
    write(1, now=now)
    checkpoints.make(path, actor=WHO, now=now)
    assert set(orjson.loads(path.read_bytes())) == {"seq", "hash", "made_at", "signature"}
    assert path.stat().st_mode & 0o777 == 0o600
