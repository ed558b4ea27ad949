"""A job acts only while its process holds the lease, and no fault ends the ticking."""
from datetime import timedelta

import pytest
from peewee import OperationalError

from backend import scheduler
from backend.core import jobs, ledger, sql
from backend.core.transaction import transaction
from backend.settings import Settings

MINUTE = timedelta(minutes=1)


def expire():
    sql.run("UPDATE lease SET expires = 0")


@transaction
def act(*, actor, now):
    ledger.record("thing.act", "thing", "t")


def test_a_job_that_loses_the_lease_in_its_middle_stops_there(database, now):
    def work(*, actor, now):
        act(actor=actor, now=now)
        expire()
        jobs.take_lease("b")
        act(actor=actor, now=now)

    token = jobs.take_lease("a")
    with pytest.raises(jobs.LeaseLost):
        jobs.run_due((jobs.Job("work", MINUTE, work),), token, now)
    assert ledger.head()[0] == 1
    assert sql.value("SELECT count(*) FROM job_run") == 0


def test_a_lease_that_ran_out_is_lost_though_nobody_took_it(database, now):
    token = jobs.take_lease("a")
    expire()
    with pytest.raises(jobs.LeaseLost):
        jobs.run_due((jobs.Job("act", MINUTE, act),), token, now)
    assert ledger.head()[0] == 0


def test_each_transaction_of_a_job_renews_the_lease(database, now):
    left = []

    def work(*, actor, now):
        sql.run("UPDATE lease SET expires = expires - 20")
        act(actor=actor, now=now)
        left.append(jobs.lease_age())

    jobs.run_due((jobs.Job("work", MINUTE, work),), jobs.take_lease("a"), now)
    assert left[0] >= jobs.TTL_SECONDS - 15


def test_a_lease_given_back_is_taken_at_once(database):
    jobs.take_lease("a")
    jobs.release("b")
    assert jobs.take_lease("b") is None
    jobs.release("a")
    assert -5 < jobs.lease_age() < 0, "it ran out just now"
    assert jobs.take_lease("b") == 2


@pytest.mark.parametrize("fault", [ValueError, OperationalError, KeyError, OSError, jobs.LeaseLost])
def test_a_tick_never_raises_and_the_next_one_acts(fault, database, fixed_clock):
    tries = []

    def fail_once(*, actor, now):
        tries.append(now)
        if len(tries) == 1:
            raise fault("midway")

    due = (jobs.Job("bad", MINUTE, fail_once), jobs.Job("act", MINUTE, act))
    assert scheduler.tick("a", due, fixed_clock) == ([] if fault is jobs.LeaseLost else ["act"])
    fixed_clock.advance(seconds=10)
    assert "bad" in scheduler.tick("a", due, fixed_clock)
    assert ledger.head()[0] == 1


def test_a_tick_without_a_database_is_a_line_in_the_log(database, fixed_clock, monkeypatch, caplog):
    def lost(text, params=()):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(sql, "execute", lost)
    assert scheduler.tick("a", (jobs.Job("act", MINUTE, act),), fixed_clock) == []
    assert "Traceback" not in caplog.text and len(caplog.records) == 1
    monkeypatch.undo()
    assert scheduler.tick("a", (jobs.Job("act", MINUTE, act),), fixed_clock) == ["act"]


def test_after_a_day_of_downtime_everything_is_done_at_the_first_tick(district, fixed_clock, tmp_path, keys):
    due = scheduler.timetable(Settings(tmp_path, "", key_file=keys, anchor_file=tmp_path / "anchors.log"))
    names = [job.name for job in due]
    assert scheduler.tick("a", due, fixed_clock) == names
    assert scheduler.tick("a", due, fixed_clock) == []
    fixed_clock.advance(hours=26)
    assert scheduler.tick("a", due, fixed_clock) == names
    assert all(job.every <= timedelta(days=1) for job in due)
