"""One process acts for all, and each job is done once per slot."""
import threading
from datetime import timedelta

import pytest

from backend.core import clock, jobs, ledger, sql
from backend.core.actor import system
from backend.core.problems import Unavailable
from backend.core.transaction import drop_connection, transaction


def expire():
    sql.run("UPDATE lease SET expires = 0")


def test_a_lease_is_held_by_one(database):
    assert jobs.lease_age() is None
    assert jobs.take_lease("a") == 1
    assert jobs.take_lease("b") is None
    assert jobs.take_lease("a") == 1
    assert 0 <= jobs.lease_age() <= jobs.TTL_SECONDS


def test_a_lease_that_ran_out_is_taken_over_with_a_new_token(database):
    jobs.take_lease("a")
    expire()
    assert jobs.lease_age() < 0
    assert jobs.take_lease("b") == 2
    assert jobs.take_lease("a") is None


def test_a_paused_holder_is_fenced(database, now):
    token = jobs.take_lease("a")
    expire()
    jobs.take_lease("b")
    job = jobs.Job("count", timedelta(minutes=1), lambda **_: None)
    with pytest.raises(jobs.LeaseLost):
        jobs.run_due((job,), token, now)
    assert sql.value("SELECT count(*) FROM job_run") == 0


def test_a_slot_is_the_last_moment_of_the_timetable(now):
    job = jobs.Job("count", timedelta(minutes=10), lambda **_: None)
    assert job.slot(now + timedelta(minutes=9, seconds=59)) == now
    assert job.slot(now + timedelta(minutes=10)) == now + timedelta(minutes=10)


def test_a_job_runs_once_per_slot(database, now):
    ran = []
    job = jobs.Job("count", timedelta(minutes=1), lambda *, actor, now: ran.append(now))
    token = jobs.take_lease("a")
    assert jobs.run_due((job,), token, now) == ["count"]
    assert jobs.run_due((job,), token, now + timedelta(seconds=59)) == []
    assert jobs.run_due((job,), token, now + timedelta(hours=26)) == ["count"]
    assert len(ran) == 2


def test_a_job_that_failed_is_tried_again_and_keeps_no_other_from_running(database, now):
    tries = []

    def fail(*, actor, now):
        tries.append(now)
        if len(tries) == 1:
            raise ValueError

    minute = timedelta(minutes=1)
    timetable = (jobs.Job("bad", minute, fail), jobs.Job("good", minute, lambda **_: None))
    token = jobs.take_lease("a")
    assert jobs.run_due(timetable, token, now) == ["good"]
    assert jobs.run_due(timetable, token, now) == ["bad"]


@transaction
def count(*, actor, now):
    ledger.record("thing.count", "thing", "t")


def test_three_processes_with_one_lease_among_them_do_a_job_once(database, now):
    gate, ran = threading.Barrier(3), []
    job = jobs.Job("count", timedelta(minutes=1), count)

    def live(name):
        try:
            gate.wait()
            token = jobs.take_lease(name)
            if token is not None:
                ran.append(jobs.run_due((job,), token, now))
        finally:
            drop_connection()

    threads = [threading.Thread(target=live, args=(name,)) for name in "abc"]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ran == [["count"]]
    assert ledger.head()[0] == 1


def test_the_record_of_old_runs_is_forgotten(database, now):
    old = clock.to_micros(now) - 1
    sql.execute("INSERT INTO job_run (job, scheduled_at, finished_at) VALUES ('x', ?, 0)", (old,))
    assert jobs.forget_runs_before(now, actor=jobs.system("tidy"), now=now) == 1
    assert sql.value("SELECT count(*) FROM job_run") == 0


@transaction
def _divide(numbers, *, actor, now):
    ledger.record("thing.divide", "thing", "t")
    return sum(60 // number for number in numbers)


def test_of_a_batch_that_fails_each_is_done_alone_and_only_the_bad_one_is_left(database, now, caplog):
    def work(batch):
        return _divide(batch, actor=system("test"), now=now)

    assert jobs.together([[1, 2], [3, 0, 4], [5]], work) == (60 + 30 + 20 + 15 + 12, 1)
    assert sql.value("SELECT count(*) FROM ledger_entry WHERE action = 'thing.divide'") == 4
    assert ["left out 0" in record.message for record in caplog.records] == [True]


def test_whoever_lost_the_lease_or_the_database_does_not_go_on_with_the_rest(database):
    done = []
    for fault in (jobs.LeaseLost, Unavailable):
        def fail(one, fault=fault):
            done.append(one)
            raise fault

        with pytest.raises(fault):
            jobs.each("ab", fail)
    assert done == ["a", "a"]
