"""One action is one transaction: state, ledger, outbox and idempotency key commit together.

Lock order, everywhere: writer's turn (SQLite), the jobs' lease where a job acts, advisory key lock
(PostgreSQL), the idempotency key, the rows of the action (parents before children), the ledger's head last.
"""
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import orjson

from backend.core import clock, db, ledger, sql, writer
from backend.core.actor import Actor, Call
from backend.core.problems import KeyReused, StillRunning, Unavailable

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


class Replayed(Exception):
    """The call was answered before: ``ref`` is what its action returned then."""

    def __init__(self, ref: Any, receipt: str | None) -> None:
        super().__init__("replayed")
        self.ref, self.receipt = ref, receipt


def transaction(action: Callable[P, T]) -> Callable[P, T]:
    """Make ``action(…, *, actor, now)`` one transaction; inside another it joins that one.

    Raises Replayed, KeyReused or StillRunning where the call's idempotency key is known, and
    Unavailable when the database does not answer. Deadlocks are tried again as a whole.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if ledger.running.block is not None:
            return action(*args, **kwargs)
        actor: Any = kwargs["actor"]
        now: Any = kwargs["now"]
        for attempt in range(TRIES):
            try:
                return _once(lambda: action(*args, **kwargs), actor, now)
            except db.FAULTS as error:
                if not db.does_not_answer(error):
                    raise
                if not _worth_another_try(error) or attempt == TRIES - 1:
                    drop_connection()
                    raise Unavailable() from error
                clock.sleep(random.uniform(0.005, 0.03) * 2**attempt)
        raise Unavailable()

    return run


def _once(action: Callable[[], T], actor: Actor, now: datetime) -> T:
    with writer.writer.joined() if db.is_sqlite() else _alone():
        block = ledger.running.block = ledger.Block(actor, now)
        try:
            if actor.call.fence is not None:
                actor.call.fence()
            if actor.call.key is not None:
                _claim(actor.call, now)
            result = action()
            if actor.call.shows is not None:
                actor.call.shown = result, actor.call.shows(result)
            if actor.call.key is not None:
                _settle(actor.call, result)
            receipt = ledger.append(block)
        finally:
            ledger.running.block = None
    actor.call.receipt = receipt
    return result


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction of its own on this thread's connection, for PostgreSQL."""
    try:
        sql.execute("BEGIN")
    except db.FAULTS:
        drop_connection()
        raise
    try:
        yield
        if sql.execute("COMMIT").statusmessage != "COMMIT":
            raise RuntimeError("the transaction was rolled back: an action passed over a failed statement")
    except BaseException:
        _roll_back()
        raise


def _roll_back() -> None:
    """Undo; where that fails the connection goes, and all with it."""
    try:
        sql.execute("ROLLBACK")
    except db.FAULTS:
        drop_connection()


def drop_connection() -> None:
    """Forget this thread's connection, so that the next call makes a new one."""
    try:
        db.disconnect()
    except db.FAULTS:
        db.database.obj._state.reset()


def _worth_another_try(error: BaseException) -> bool:
    return getattr(db.cause_of(error), "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK)


_CLAIM = """
INSERT INTO idempotency_key (scope, key, route, digest, made_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_LOCK_AND_CLAIM = """
WITH lock AS (SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0)) AS held),
made AS (
    INSERT INTO idempotency_key (scope, key, route, digest, made_at) SELECT ?, ?, ?, ?, ? FROM lock WHERE held
    ON CONFLICT DO NOTHING RETURNING key
)
SELECT held, EXISTS (SELECT 1 FROM made) FROM lock
"""
_CLAIMED = "SELECT route, digest, ref, receipt FROM idempotency_key WHERE scope = ? AND key = ?"
_SETTLE = "UPDATE idempotency_key SET ref = ?, receipt = ? WHERE scope = ? AND key = ?"


def _claim(call: Call, now: datetime) -> None:
    params = (call.scope, call.key, call.route, call.digest, clock.to_micros(now))
    if db.is_sqlite():
        held, made = True, sql.run(_CLAIM, params) == 1
    else:
        held, made = sql.execute(_LOCK_AND_CLAIM, (f"{call.scope}|{call.key}", *params)).fetchone()
    if not held:
        raise StillRunning()
    if made:
        return
    route, digest, ref, receipt = sql.execute(_CLAIMED, (call.scope, call.key)).fetchone()
    if route != call.route or bytes(digest) != call.digest:
        raise KeyReused()
    raise Replayed(orjson.loads(ref), receipt)


def _settle(call: Call, result: Any) -> None:
    ref = orjson.dumps(result).decode()
    ledger.write_along(lambda receipt: (_SETTLE, (ref, receipt, call.scope, call.key)))


KEPT_DAYS = 180


@transaction
def forget_keys_before(moment: datetime, *, actor: Actor, now: datetime) -> int:
    """Delete idempotency keys made before ``moment``; how many went."""
    return sql.run("DELETE FROM idempotency_key WHERE made_at < ?", (clock.to_micros(moment),))
