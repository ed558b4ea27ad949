"""The database: one proxy, two engines, rows, and fields with one storage form on both.

Instants are integer microseconds, dates ISO text, JSON text, enums their value: the same bytes
on SQLite and PostgreSQL, so hand-written statements (``core.sql``) are the same too.
"""
import os
import threading
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import apsw
import orjson
import peewee
import psycopg
from peewee import (
    BigIntegerField,
    CharField,
    DatabaseProxy,
    InterfaceError,
    Model,
    OperationalError,
    PeeweeException,
    ProgrammingError,
    TextField,
)
from playhouse.apsw_ext import APSWDatabase
from playhouse.postgres_ext import Psycopg3Database
from psycopg.pq import TransactionStatus

from backend.core import clock, straight

peewee.EXCEPTIONS.update(  # type: ignore[attr-defined]
    SQLError=ProgrammingError, CorruptError=OperationalError, NotADBError=OperationalError
)
"""A wrong statement is our fault (500); a spoilt file is a database that does not answer (503)."""

database: Any = DatabaseProxy()
BUSY_SECONDS = 10
READERS_CACHE, WRITERS_CACHE = -2500, -4000
"""KiB that a connection to SQLite keeps of the file: a reader's is emptied by each commit, the writer's is not.

The widest search among a million errands touches 2.3 MB.
"""

FAULTS = (PeeweeException, apsw.Error, psycopg.Error)
"""What a statement may raise; a driver's own where rows are fetched after it was run."""

_DOWN = ("08", "25006", "25P03", "28", "3D", "40", "53", "55", "57", "58", "XX")
"""SQLSTATEs, or their classes, of a database that cannot do now what was asked rightly."""
_OURS = (
    apsw.SQLError, apsw.ConstraintError, apsw.MismatchError, apsw.TooBigError, apsw.RangeError, apsw.MisuseError,
    apsw.BindingsError, apsw.CursorClosedError, apsw.ThreadingViolationError,
)


def cause_of(error: BaseException) -> BaseException:
    """The driver's own exception under peewee's, however often it was wrapped."""
    while (inner := getattr(error, "orig", None)) is not None:
        error = inner
    return error


def lacks_value(error: BaseException) -> bool:
    """Whether a NOT NULL column was given nothing."""
    cause = cause_of(error)
    if isinstance(cause, apsw.Error):
        return bool(getattr(cause, "extendedresult", None) == apsw.SQLITE_CONSTRAINT_NOTNULL)
    return isinstance(cause, psycopg.errors.NotNullViolation)


def does_not_answer(error: BaseException) -> bool:
    """Whether the database, its disk or the way to it failed, rather than what was asked of it."""
    cause = cause_of(error)
    if isinstance(cause, apsw.Error):
        return not isinstance(cause, _OURS)
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return cause.sqlstate.startswith(_DOWN)
    return isinstance(cause, (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError))


class InstantField(BigIntegerField):
    """A UTC instant, stored as integer microseconds since 1970."""

    def db_value(self, value: Any) -> int | None:
        return value if value is None or isinstance(value, int) else clock.to_micros(value)

    def python_value(self, value: Any) -> Any:
        return value if value is None else clock.from_micros(value)


class DayField(CharField):
    """A calendar date, stored as ISO text of ten characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)

    def db_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else value.isoformat()

    def python_value(self, value: Any) -> Any:
        return value if value is None else date.fromisoformat(value)


class JsonField(TextField):
    """Any JSON value, stored as text."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def python_value(self, value: Any) -> Any:
        return None if value is None else orjson.loads(value)


class EnumField(CharField):
    """A member of a string enum, stored as its value and read back as a member."""

    def __init__(self, enum: type[Enum], **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(max_length=32, **kwargs)

    def db_value(self, value: Any) -> Any:
        return None if value is None else self.enum(value).value

    def python_value(self, value: Any) -> Any:
        return None if value is None else self.enum(value)


class Row(Model):
    """A table's row. Names of tables are those of the classes, in snake_case."""

    class Meta:
        database = database
        legacy_table_names = False


_THREADS = Path("/proc/self/task")
_kept: dict[tuple[int, int], Any] = {}


def _keep(connection: Any) -> None:
    """Hold this thread's connection longer than the thread does, and close those of threads that have ended.

    A thread of granian's ends without the state that apsw needs to close what the thread held: the process would fall.
    """
    process = os.getpid()
    for key in list(_kept):
        if key[0] == process and _THREADS.exists() and not (_THREADS / str(key[1])).exists():
            left = _kept.pop(key, None)
            if left is not None:
                left.close(True)
    _kept[process, threading.get_native_id()] = connection


class SqliteEngine(APSWDatabase):
    """SQLite from apsw's wheel; WAL, every commit on disk before it is acknowledged."""

    _state: Any

    def connect(self, reuse_if_open: bool = False) -> Any:
        """Connect this thread, for as long as it lives."""
        opened = super().connect(reuse_if_open)
        if opened:
            _keep(self._state.conn)
        return opened

    def _connect(self) -> Any:
        conn = super()._connect()
        conn.convert_binding = _bind
        return conn

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run a statement, without what peewee does besides (logging, hooks): a third of its time."""
        state = self._state
        if state.closed:
            return super().execute_sql(sql, params)
        try:
            return state.conn.execute(sql, params or ())
        except apsw.Error:
            with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
                raise


def _bind(_cursor: Any, _number: int, value: Any) -> Any:
    return value.isoformat(" ") if hasattr(value, "isoformat") else value


class PostgresqlEngine(Psycopg3Database):
    """PostgreSQL by psycopg 3; a connection lost between two uses is made anew without a word."""

    failed_at = -1.0
    _state: Any

    def execute_sql(self, sql: str, params: Any = None, named_cursor: Any = None) -> Any:
        """Run a statement; a read or BEGIN on a connection that turns out to be lost runs on a new one."""
        state = self._state
        if state.closed or named_cursor:
            return super().execute_sql(sql, params, named_cursor)
        idle = state.conn.pgconn.transaction_status == TransactionStatus.IDLE
        try:
            with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
                return state.conn.straight.execute(sql, params or ())
        except PeeweeException:
            if not (idle and state.conn.closed and sql.lstrip().startswith(REPEATABLE)):
                raise
            self.dispose()
            return super().execute_sql(sql, params, named_cursor)

    def _connect(self) -> Any:
        """Connect, one thread at a time; who waited while another one failed is not kept longer."""
        if clock.monotonic() - self.failed_at < PAUSE_SECONDS:
            raise OperationalError("no connection a moment ago")
        try:
            connection = super()._connect()
        except psycopg.OperationalError:
            self.failed_at = clock.monotonic()
            raise
        connection.straight = straight.Straight(connection)
        return connection


REPEATABLE = ("SELECT", "BEGIN", "WITH")
PAUSE_SECONDS = 0.5
_SESSION = (
    "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s -c timezone=UTC "
    "-c random_page_cost=1.1 -c plan_cache_mode=force_generic_plan"
)
_NETWORK = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 5, "tcp_user_timeout": 20000}


def engine_for(url: str) -> Any:
    """A closed database object for ``sqlite:///path`` or ``postgresql://…``; ValueError otherwise."""
    if url.startswith("sqlite:///"):
        pragmas = {
            "journal_mode": "wal", "synchronous": "full", "foreign_keys": 1,
            "cache_size": READERS_CACHE, "temp_store": "memory", "journal_size_limit": 64 << 20,
        }
        return SqliteEngine(url.removeprefix("sqlite:///"), pragmas=pragmas, timeout=BUSY_SECONDS)
    if url.startswith(("postgresql://", "postgres://")):
        address = url.replace("postgres://", "postgresql://", 1)
        return PostgresqlEngine(address, options=_SESSION, **_NETWORK)
    raise ValueError("neither sqlite:/// nor postgresql://")


def connect(url: str) -> None:
    """Point the product at the database of ``url`` and forget what was cached of another one."""
    if database.obj is not None:
        disconnect()
    database.initialize(engine_for(url))
    caches.clear()


def disconnect() -> None:
    """Close this thread's connection."""
    if database.obj is not None and not database.is_closed():
        database.close()


def is_sqlite() -> bool:
    return isinstance(database.obj, SqliteEngine)


caches: dict[str, Any] = {}
"""What a process remembers of its database (calendar, published items); emptied by ``connect``."""
