"""How long a thread's connection to SQLite lasts."""
import threading

import pytest

from backend.core import db, sql
from tests.server import until


@pytest.fixture
def on_sqlite(engine, database):
    if engine != "sqlite":
        pytest.skip("of SQLite")


def connection_of_a_thread():
    """What a thread that has ended read by."""
    held = []

    def read():
        sql.value("SELECT 1")
        held.extend((db.database.connection(), threading.get_native_id()))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    connection, number = held
    until(lambda: not (db._THREADS / str(number)).exists())
    return connection


def is_kept(connection):
    return any(connection is each for each in db._kept.values())


def test_it_outlives_the_thread_and_is_closed_when_another_thread_connects(on_sqlite):
    first = connection_of_a_thread()
    assert is_kept(first)
    second = connection_of_a_thread()
    assert is_kept(second) and not is_kept(first)
    with pytest.raises(Exception, match="[Cc]losed"):
        first.execute("SELECT 1")


def test_many_threads_that_come_and_go_at_once_leave_few(on_sqlite):
    threads = [threading.Thread(target=connection_of_a_thread) for _ in range(60)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    last = connection_of_a_thread()
    assert is_kept(last) and sql.value("SELECT 1") == 1
    assert len([key for key in db._kept if not (db._THREADS / str(key[1])).exists()]) <= 1
