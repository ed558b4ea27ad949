"""The database: one proxy, two engines, rows, and fields with one storage form on both.

Instants are integer microseconds, dates ISO text, JSON text, enums their value: the same bytes
on SQLite and PostgreSQL, so hand-written statements (``core.sql``) are the same too.
"""
from datetime import date
from enum import Enum
from typing import Any

import orjson
import peewee
from peewee import (
    BigIntegerField,
    CharField,
    DatabaseProxy,
    Model,
    OperationalError,
    ProgrammingError,
    TextField,
)
from playhouse.apsw_ext import APSWDatabase
from playhouse.postgres_ext import Psycopg3Database

from backend.core import clock

peewee.EXCEPTIONS.update(  # type: ignore[attr-defined]
    SQLError=ProgrammingError, CorruptError=OperationalError, NotADBError=OperationalError
)
"""A wrong statement is our fault (500); a spoilt file is a database that does not answer (503)."""

database: Any = DatabaseProxy()
BUSY_SECONDS = 10


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


class SqliteEngine(APSWDatabase):
    """SQLite from apsw's wheel; WAL, every commit on disk before it is acknowledged."""

    def _connect(self) -> Any:
        conn = super()._connect()
        conn.convert_binding = _bind
        return conn


def _bind(_cursor: Any, _number: int, value: Any) -> Any:
    return value.isoformat(" ") if hasattr(value, "isoformat") else value


def engine_for(url: str) -> Any:
    """A closed database object for ``sqlite:///path`` or ``postgresql://…``; ValueError otherwise."""
    if url.startswith("sqlite:///"):
        pragmas = {
            "journal_mode": "wal", "synchronous": "full", "foreign_keys": 1,
            "cache_size": -16000, "temp_store": "memory", "journal_size_limit": 64 << 20,
        }
        return SqliteEngine(url.removeprefix("sqlite:///"), pragmas=pragmas, timeout=BUSY_SECONDS)
    if url.startswith(("postgresql://", "postgres://")):
        options = "-c lock_timeout=5s -c statement_timeout=60s -c timezone=UTC"
        return Psycopg3Database(
            url.replace("postgres://", "postgresql://", 1), options=options, connect_timeout=5
        )
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
