"""Bringing everything under the current keys, in batches, while the product serves.

Sealed columns are known by their name (``…_sealed``, or ``sealed``) in the models, so none is
forgotten; tables with blind indexes are declared here by the capability that keeps them. Nothing is
remembered between runs: what is already under the current keys is passed over, so a run that was
killed is simply started again.
"""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from peewee import BlobField, CompositeKey

from backend.core import db, ledger, secrets, sql, vault
from backend.core.actor import Actor
from backend.core.transaction import transaction


class Column(NamedTuple):
    """A sealed column of a table with a key of one column."""

    table: str
    name: str
    key: str

    def place(self, row_id: Any) -> str:
        """What the value is bound to."""
        return f"{self.table}|{_BOUND.get(self[:2], self.name.removesuffix('_sealed'))}|{row_id}"


_BOUND = {("account", "totp_sealed"): "totp_sealed"}
"""Columns whose values are bound to another word than their name without its ending."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A table with blind indexes: ``rows`` reads id, these columns and what ``indexes`` makes them from.

    ``rows`` takes the last id and a limit, and is ordered by id. ``indexes`` are the columns as they should be now.
    """

    table: str
    columns: tuple[str, ...]
    rows: str
    indexes: Callable[[dict[str, Any]], dict[str, Any]]


declared: dict[str, Indexed] = {}


def declare(indexed: Indexed) -> None:
    """Make a table with blind indexes known; done once, where its capability is imported."""
    declared[indexed.table] = indexed


def columns() -> list[Column]:
    """Every sealed column of the models that are loaded."""
    found = []
    for model in db.Row.__subclasses__():
        key: Any = model._meta.primary_key
        for field in model._meta.sorted_fields:
            sealed = field.column_name == "sealed" or field.column_name.endswith("_sealed")
            if sealed and isinstance(field, BlobField) and not isinstance(key, CompositeKey):
                found.append(Column(model._meta.table_name, field.column_name, key.column_name))
    return sorted(found)


def everything(batch: int, *, actor: Actor, now: datetime) -> Iterator[int]:
    """Rotate all columns; yields after each batch how many values it sealed anew."""
    for column in columns():
        after: Any = None
        while True:
            last, count = rotate(column, after, batch, actor=actor, now=now)
            if count == 0:
                break
            after = last
            yield count


@transaction
def rotate(column: Column, after: Any, batch: int, *, actor: Actor, now: datetime) -> tuple[Any, int]:
    """Seal anew up to ``batch`` values of one column beyond row ``after``; the last row, how many.

    A value that somebody changes meanwhile is left to him: his is under the current key.
    """
    rows = _old(column, after, batch)
    update = f'UPDATE "{column.table}" SET {column.name} = ? WHERE {column.key} = ? AND {column.name} = ?'
    for row_id, blob in rows:
        place = column.place(row_id)
        sql.execute(update, (secrets.seal_bytes(secrets.unseal_bytes(blob, place), place), row_id, bytes(blob)))
    if rows:
        ledger.record("keys.rotate", "keys", column.table, fields=[column.name], detail={"rows": len(rows)})
    return (rows[-1][0] if rows else after), len(rows)


def indexes(batch: int, *, actor: Actor, now: datetime) -> Iterator[int]:
    """Bring all blind indexes under the present key; yields after each batch how many rows it changed."""
    for name in sorted(declared):
        after: str | None = ""
        while after is not None:
            after, count = reindex(declared[name], after, batch, actor=actor, now=now)
            yield count


@transaction
def reindex(table: Indexed, after: str, batch: int, *, actor: Actor, now: datetime) -> tuple[str | None, int]:
    """Make up to ``batch`` rows' indexes anew; the last id (None at the end), and how many rows were changed.

    A row that somebody changes meanwhile is left to him: his is under the present key.
    """
    rows, count = sql.rows(table.rows, (after, batch)), 0
    sets = ", ".join(f'"{name}" = ?' for name in table.columns)
    same = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in table.columns)
    text = f'UPDATE "{table.table}" SET {sets} WHERE id = ? AND {same}'
    for row in rows:
        held = [_plain(row[name]) for name in table.columns]
        made = table.indexes(row)
        wanted = [made[name] for name in table.columns]
        if wanted != held:
            count += sql.run(text, (*wanted, row["id"], *held))
    if count:
        ledger.record("keys.reindex", "keys", table.table, fields=table.columns, detail={"rows": count})
    return (rows[-1]["id"] if len(rows) == batch else None), count


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _old(column: Column, after: Any, batch: int) -> list[tuple[Any, bytes]]:
    prefix = _prefix()
    beyond = f"AND {column.key} > ?" if after is not None else ""
    text = (
        f'SELECT {column.key}, {column.name} FROM "{column.table}" WHERE {column.name} IS NOT NULL '
        f"AND substr({column.name}, 1, {len(prefix)}) <> ? {beyond} ORDER BY {column.key} LIMIT ?"
    )
    text += sql.held()
    params = (prefix, batch) if after is None else (prefix, after, batch)
    return sql.execute(text, params).fetchall()  # type: ignore[no-any-return]


def _prefix() -> bytes:
    name = secrets.present().current.encode()
    return bytes([len(name)]) + name


def files(folder: Path) -> Iterator[Path]:
    """Seal anew the kept files that are under an older key; yields each when it is done."""
    prefix = _prefix()
    for path in vault.all_in(folder):
        with path.open("rb") as file:
            if file.read(len(prefix)) == prefix:
                continue
        sha256 = path.parent.name + path.name
        vault.write(path, vault.sealed(vault.get(folder, sha256), sha256))
        yield path
