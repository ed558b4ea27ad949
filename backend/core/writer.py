"""SQLite's one writer: transactions of many threads take turns and are committed together.

A commit waits for the disk; while one does, others queue. So each transaction but the first is a
savepoint inside a shared one on a connection of the writer's, and whoever finds nobody waiting behind
him commits for all before him. Nobody is answered, neither with success nor with a refusal that may rest on
what others did, before that commit is on disk; if it fails, it fails for all of them.
"""
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import OperationalError

from backend.core import db, sql
from backend.core.turns import Turns

MOST = 64


class Batch:
    """Transactions that stand or fall with one commit."""

    def __init__(self) -> None:
        self.size = 0
        self.is_over = False
        self.error: BaseException | None = None
        self._gate = threading.Lock()
        self._gate.acquire()

    def end(self, error: BaseException | None = None) -> None:
        """Tell everybody in the batch how it ended; once. A lock costs a tenth of an Event."""
        self.error, self.is_over = error, True
        self._gate.release()

    def wait(self) -> None:
        """Until the batch is on disk; OperationalError where it never got there."""
        with self._gate:
            pass
        if self.error is not None:
            raise OperationalError("the shared commit failed") from self.error


class Writer:
    """The connection that writes, whose turn it is, and what is not yet committed."""

    def __init__(self) -> None:
        self.turns = Turns()
        self._database: Any = None
        self._connection: Any = None
        self._batch: Batch | None = None

    @contextmanager
    def joined(self) -> Iterator[None]:
        """A transaction of this thread: all of it is on disk when the context ends, or none.

        Inside, statements of this thread go to the writer's connection.
        """
        self.turns.enter()
        state = db.database.obj._state
        own = state.closed, state.conn
        try:
            batch = self._open(state)
        except BaseException as error:
            self._fail(error)
            state.closed, state.conn = own
            self.turns.leave()
            raise
        try:
            yield
            if batch.size > 1:
                sql.execute("RELEASE own")
        except BaseException as error:
            self._undo(error)
            raise
        finally:
            self._pass_on(batch)
            state.closed, state.conn = own
            batch.wait()

    def _open(self, state: Any) -> Batch:
        """Join the open batch or begin one, on a connection to the present database."""
        begins = self._batch is None
        if begins and self._database is not db.database.obj:
            self.close()
            self._connection = db.database.obj._connect()
            self._connection.execute(f"PRAGMA cache_size = {db.WRITERS_CACHE}")
            self._database = db.database.obj
        state.closed, state.conn = False, self._connection
        if begins:
            sql.execute("BEGIN IMMEDIATE")
            self._batch = Batch()
        assert self._batch is not None
        self._batch.size += 1
        if not begins:
            sql.execute("SAVEPOINT own")
        return self._batch

    def _undo(self, error: BaseException) -> None:
        """Undo this thread's part; where the file failed, or that fails too, the batch is lost."""
        batch = self._batch
        if batch is None or isinstance(error, db.FAULTS) and db.does_not_answer(error):
            self._fail(error)
            return
        try:
            if batch.size > 1:
                sql.execute("ROLLBACK TO own")
                sql.execute("RELEASE own")
            else:
                sql.execute("ROLLBACK")
                self._batch = None
                batch.end()
        except db.FAULTS as fault:
            self._fail(fault)

    def _pass_on(self, batch: Batch) -> None:
        """Leave the commit to the next in the queue, or commit."""
        if batch.is_over:
            self.turns.leave()
        elif batch.size >= MOST or not self.turns.hand_over():
            try:
                self._commit(batch)
            finally:
                self.turns.leave()

    def _commit(self, batch: Batch) -> None:
        self._batch = None
        try:
            sql.execute("COMMIT")
        except db.FAULTS as error:
            self.close()
            batch.end(error)
        else:
            batch.end()

    def _fail(self, error: BaseException) -> None:
        """Give the open batch up, and with it everybody's part of it."""
        batch, self._batch = self._batch, None
        self.close()
        if batch is not None:
            batch.end(error)

    def close(self) -> None:
        """Close the connection, which undoes what was not committed; the next writer makes a new one."""
        connection, self._connection, self._database = self._connection, None, None
        if connection is not None:
            connection.close(True)


writer = Writer()


def in_child() -> None:
    """A forked child has a free turn and no connection of its parent's."""
    global writer
    writer = Writer()


os.register_at_fork(after_in_child=in_child)
