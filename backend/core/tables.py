"""Whole tables as streams of rows, in one form for both engines.

Storage forms are the same on SQLite and PostgreSQL, so rows read from one can be written to the
other: the only differences are flags (0/1 against true/false) and bytes (base64 on the way).
"""
import base64
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from peewee import __exception_wrapper__  # type: ignore[attr-defined]

from backend.core import db, sql

HISTORY = "schema_migration"
BATCH = 500
HEAVY = 4 << 20
"""Bytes after which a batch is full, however few its rows: parts of uploads have up to a MiB each."""
FEW = 100
"""Rows that PostgreSQL sends at once of a table with blobs."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the database describes it; ``blobs`` and ``flags`` are positions of columns."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    blobs: tuple[int, ...]
    flags: tuple[int, ...]

    @property
    def listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)


def all_tables() -> list[Table]:
    """Every table of the product, those that are referred to first; not the migrations' own."""
    names = [name for name in db.database.get_tables() if name != HISTORY]
    parents = {name: {key.dest_table for key in db.database.get_foreign_keys(name)} for name in names}
    ordered: list[str] = []
    while len(ordered) < len(names):
        free = [n for n in names if n not in ordered and parents[n] <= {n, *ordered}]
        ordered += sorted(free or [n for n in names if n not in ordered])
    return [described(name) for name in ordered]


def described(name: str) -> Table:
    """One table's columns, in order."""
    columns = db.database.get_columns(name)
    kinds = [column.data_type.lower() for column in columns]
    return Table(
        name, tuple(column.name for column in columns),
        tuple(db.database.get_primary_keys(name)),
        tuple(n for n, kind in enumerate(kinds) if kind in ("blob", "bytea")),
        tuple(n for n, kind in enumerate(kinds) if kind in ("bool", "boolean")),
    )


def batches(table: Table) -> Iterator[list[Any]]:
    """The table's rows by primary key, some hundreds or some MiB at a time; within a snapshot."""
    order = f" ORDER BY {', '.join(table.key)}" if table.key else ""
    text = f'SELECT {table.listed} FROM "{table.name}"{order}'
    if db.is_sqlite():
        yield from _batched(iter(sql.execute(text)), table)
        return
    with db.database.connection().cursor(name="daiban_rows") as cursor:
        cursor.itersize = FEW if table.blobs else BATCH
        yield from _batched(iter(cursor.execute(text)), table)


def _batched(rows: Iterator[Any], table: Table) -> Iterator[list[Any]]:
    if not table.blobs:
        while batch := list(islice(rows, BATCH)):
            yield batch
        return
    batch, weight = [], 0
    for row in rows:
        batch.append(row)
        weight += sum(len(row[n] or b"") for n in table.blobs)
        if len(batch) == BATCH or weight >= HEAVY:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def encoded(batch: list[Any]) -> bytes:
    """A batch as JSON; bytes become base64."""
    return orjson.dumps(batch, default=_text)


def _text(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


def write(table: Table, columns: tuple[str, ...], body: bytes) -> int:
    """Insert an encoded batch whose values stand in the order of ``columns``; how many rows."""
    rows = orjson.loads(body)
    blobs = {n for n, name in enumerate(columns) if table.columns.index(name) in table.blobs}
    flags = {n for n, name in enumerate(columns) if table.columns.index(name) in table.flags}
    flag = int if db.is_sqlite() else bool
    for row in rows:
        for n in blobs:
            row[n] = row[n] if row[n] is None else base64.b64decode(row[n])
        for n in flags:
            row[n] = row[n] if row[n] is None else flag(row[n])
    _insert(table, ", ".join(f'"{name}"' for name in columns), len(columns), rows)
    return len(rows)


def _insert(table: Table, listed: str, width: int, rows: list[list[Any]]) -> None:
    cursor = db.database.cursor()
    if db.is_sqlite():
        marks = ", ".join("?" * width)
        with __exception_wrapper__:
            cursor.executemany(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', rows)
        return
    with __exception_wrapper__, cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


_SERIALS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = ?
  AND (column_default LIKE 'nextval(%' OR is_identity = 'YES')
"""


def settle_serials(table: Table) -> None:
    """Have PostgreSQL's own counters go on after the rows written; SQLite looks by itself."""
    if db.is_sqlite():
        return
    for (column,) in sql.execute(_SERIALS, (table.name,)).fetchall():
        sql.execute(
            f'SELECT setval(pg_get_serial_sequence(?, ?), coalesce(max("{column}"), 0) + 1, false) '
            f'FROM "{table.name}"', (table.name, column),
        )
