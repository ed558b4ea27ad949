"""SQLite's writers share commits: all or nothing for each, and nobody is answered before the disk is."""
import threading
import time

import pytest

from backend.core import actor, db, ledger, sql, writer
from backend.core.problems import Unavailable
from backend.core.transaction import transaction


@pytest.fixture(autouse=True)
def on_sqlite(engine, database):
    if engine != "sqlite":
        pytest.skip("of SQLite")


@transaction
def make(name, *, actor, now, then=None):
    ledger.record("thing.make", "thing", name)
    if then is not None:
        then()
    return name


def together(count, work):
    """Run ``work(n)`` in so many threads that queue up while the first holds the turn; what each gave."""
    outcomes = {}
    held = threading.Event()

    def one(number):
        try:
            outcomes[number] = work(number, held)
        except Exception as error:
            outcomes[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    threads[0].start()
    while not writer.writer.turns._taken:
        time.sleep(0.001)
    for thread in threads[1:]:
        thread.start()
    while len(writer.writer.turns._waiting) < count - 1:
        time.sleep(0.001)
    held.set()
    for thread in threads:
        thread.join()
    return outcomes


def subjects():
    return {row["subject_id"] for row in sql.rows("SELECT subject_id FROM ledger_entry")}


def test_those_who_queue_are_committed_together(now, monkeypatch):
    commits, execute = [], sql.execute

    def counted(text, params=()):
        if text == "COMMIT":
            commits.append(text)
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", counted)
    outcomes = together(8, lambda n, held: make(
        f"t{n}", actor=actor.system("t"), now=now, then=held.wait if n == 0 else None
    ))
    assert set(outcomes.values()) == subjects() == {f"t{n}" for n in range(8)}
    assert len(commits) == 1


def test_one_that_fails_in_the_middle_takes_nobody_with_it(now):
    def work(n, held):
        def then():
            held.wait()
            if n == 3:
                raise ValueError("its own fault")
        return make(f"t{n}", actor=actor.system("t"), now=now, then=then)

    outcomes = together(6, work)
    assert isinstance(outcomes.pop(3), ValueError)
    assert subjects() == set(outcomes.values()) == {"t0", "t1", "t2", "t4", "t5"}


def test_the_first_one_that_fails_takes_nobody_with_it(now):
    def work(n, held):
        def then():
            held.wait()
            if n == 0:
                raise ValueError("its own fault")
        return make(f"t{n}", actor=actor.system("t"), now=now, then=then)

    outcomes = together(4, work)
    assert isinstance(outcomes.pop(0), ValueError)
    assert subjects() == set(outcomes.values()) == {"t1", "t2", "t3"}


def test_nobody_is_told_of_success_when_the_shared_commit_fails(now, monkeypatch):
    execute = sql.execute

    def failing(text, params=()):
        if text == "COMMIT":
            raise db.OperationalError("disk I/O error")
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", failing)
    outcomes = together(5, lambda n, held: make(
        f"t{n}", actor=actor.system("t"), now=now, then=held.wait if n == 0 else None
    ))
    monkeypatch.undo()
    assert {type(outcome) for outcome in outcomes.values()} == {Unavailable}
    assert subjects() == set()
    assert make("after", actor=actor.system("t"), now=now) == "after"


def test_a_reader_sees_nothing_before_the_commit(now):
    seen = []

    def look():
        thread = threading.Thread(target=lambda: seen.append(sql.value("SELECT count(*) FROM ledger_entry")))
        sql.execute("INSERT INTO denial (account_id, hour_at, times) VALUES ('a', 0, 1)")
        thread.start()
        thread.join()

    make("t", actor=actor.system("t"), now=now, then=look)
    assert seen == [0]
    assert sql.value("SELECT count(*) FROM denial") == 1


def test_a_savepoint_that_cannot_be_made_leaves_nobody_waiting(now, monkeypatch):
    execute, made = sql.execute, []

    def failing(text, params=()):
        if text == "SAVEPOINT own":
            made.append(text)
            if len(made) == 2:
                raise db.OperationalError("disk I/O error")
        return execute(text, params)

    monkeypatch.setattr(sql, "execute", failing)
    outcomes = together(3, lambda n, held: make(
        f"t{n}", actor=actor.system("t"), now=now, then=held.wait if n == 0 else None
    ))
    assert {type(outcome) for outcome in outcomes.values()} == {Unavailable}
    assert subjects() == set()
