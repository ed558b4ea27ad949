"""Who acts for all processes, and that each job is done once per slot of its timetable.

The lease is judged by the database's clock (TTL 30 s); its token fences a holder that was paused:
every transaction of a job begins by renewing it, and is undone where another process has it. What
is due is computed from the tables, so a missed tick costs nothing.
"""
import logging
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from backend.core import clock, db, ids, logs, sql
from backend.core.actor import Actor, Call, system
from backend.core.problems import Unavailable
from backend.core.transaction import drop_connection, transaction

log = logging.getLogger("daiban.jobs")

TTL_SECONDS = 30
LEASE = "jobs"

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One line of the timetable: ``work(actor=…, now=…)`` each ``every``, as transactions of its own."""

    name: str
    every: timedelta
    work: Callable[..., Any]

    def slot(self, now: datetime) -> datetime:
        """The latest moment of the timetable that is not after ``now``."""
        return clock.EPOCH + (now - clock.EPOCH) // self.every * self.every


class LeaseLost(Exception):
    """Another process acts now; the running job's transaction is undone."""


def holder_name(now: datetime) -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{ids.new(now)[-12:]}"


def _database_now() -> str:
    sqlite = "CAST(strftime('%s', 'now') AS INTEGER)"
    return sqlite if db.is_sqlite() else "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)"


def take_lease(holder: str) -> int | None:
    """Take or renew the lease; its fencing token, or None while another holds it."""
    text = (
        "UPDATE lease SET token = CASE WHEN holder = ? THEN token ELSE token + 1 END, holder = ?, "
        f"expires = {_database_now()} + {TTL_SECONDS} "
        f"WHERE name = ? AND (holder = ? OR expires < {_database_now()})"
    )
    return _take(text, (holder, holder, LEASE, holder), actor=system("lease"), now=clock.EPOCH)


@transaction
def _take(text: str, params: tuple[Any, ...], *, actor: Actor, now: datetime) -> int | None:
    if sql.run(text, params) == 0:
        return None
    return int(sql.value("SELECT token FROM lease WHERE name = ?", (LEASE,)))


def lease_age() -> int | None:
    """Seconds left of the present lease, negative once it has run out; None before the first."""
    return sql.value(
        f"SELECT expires - {_database_now()} FROM lease WHERE name = ? AND token > 0", (LEASE,)
    )


def release(holder: str) -> None:
    """Give the lease back, so that the next process need not wait for its end."""
    text = f"UPDATE lease SET expires = {_database_now()} - 1 WHERE name = ? AND holder = ?"
    _change(text, (LEASE, holder), actor=system("lease"), now=clock.EPOCH)


@transaction
def _change(text: str, params: tuple[Any, ...], *, actor: Actor, now: datetime) -> int:
    return sql.run(text, params)


def keep_lease(token: int) -> None:
    """Within a transaction: renew the lease with ``token``; LeaseLost where it is in force no longer.

    On PostgreSQL nobody takes it over until that transaction has ended.
    """
    text = (
        f"UPDATE lease SET expires = {_database_now()} + {TTL_SECONDS} "
        f"WHERE name = ? AND token = ? AND expires >= {_database_now()}"
    )
    if sql.run(text, (LEASE, token)) == 0:
        raise LeaseLost()


_DONE = "SELECT 1 FROM job_run WHERE job = ? AND scheduled_at = ?"
_RECORD = "INSERT INTO job_run (job, scheduled_at, finished_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def run_due(timetable: tuple[Job, ...], token: int, now: datetime) -> list[str]:
    """Run every job whose present slot is not done yet; the names of those that ran."""
    ran = []
    for job in timetable:
        slot = clock.to_micros(job.slot(now))
        if sql.value(_DONE, (job.name, slot)) is None and _run(job, slot, token, now):
            ran.append(job.name)
    return ran


def each(found: Iterable[T], work: Callable[[T], Any]) -> tuple[int, int]:
    """Do ``work``, a transaction of its own, for each; the sum of what it returned, and how many failed.

    One that fails is told in the log and left to the next pass: it keeps no other from being done.
    """
    return together(([one] for one in found), lambda alone: work(alone[0]))


def together(batches: Iterable[Sequence[T]], work: Callable[[Sequence[T]], Any]) -> tuple[int, int]:
    """As :func:`each` for what is done several at a time; of a batch that fails each is tried by itself."""
    count = failed = 0
    for batch in batches:
        try:
            count += int(work(batch))
        except LeaseLost:
            raise
        except Exception as error:
            drop_connection()
            if isinstance(error, Unavailable) or db.does_not_answer(error):
                raise
            if len(batch) > 1:
                alone = together(([one] for one in batch), work)
                count, failed = count + alone[0], failed + alone[1]
                continue
            log.error("a job left out %s: %s", batch[0], logs.told(error), exc_info=error)
            failed += 1
    return count, failed


def _run(job: Job, slot: int, token: int, now: datetime) -> bool:
    actor = system(job.name).calling(Call(fence=partial(keep_lease, token)))
    try:
        job.work(actor=actor, now=now)
        _record(job.name, slot, actor=actor, now=now)
        return True
    except LeaseLost:
        raise
    except Exception as error:
        drop_connection()
        down = isinstance(error, Unavailable) or db.does_not_answer(error)
        log.error("job %s failed; it is tried again at the next tick: %s", job.name, logs.told(error),
                  exc_info=None if down else error)
        return False


@transaction
def _record(job: str, slot: int, *, actor: Actor, now: datetime) -> None:
    sql.execute(_RECORD, (job, slot, clock.to_micros(now)))


def forget_runs_before(moment: datetime, *, actor: Actor, now: datetime) -> int:
    """Delete the record of runs before ``moment``; how many went."""
    return _forget(clock.to_micros(moment), actor=actor, now=now)


@transaction
def _forget(moment: int, *, actor: Actor, now: datetime) -> int:
    return sql.run("DELETE FROM job_run WHERE scheduled_at < ?", (moment,))
