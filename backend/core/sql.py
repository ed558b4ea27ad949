"""Statements whose text is made once.

Hand-written SQL uses ``?`` for parameters on both engines; the text is translated once. Reads
convert by name: ``…_at`` is an instant, ``…_on`` a date; JSON text and flags are the caller's.
Text from peewee costs ten times its own execution, so hot paths come here.
"""
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

import peewee

from backend.core import clock
from backend.core.db import DayField, EnumField, InstantField, JsonField, Row, database

MOST_TEXTS = 2048
"""Statements whose reading is remembered: callers' filters make many, and memory is not theirs."""


@lru_cache(maxsize=MOST_TEXTS)
def _text(sql: str, param: str) -> str:
    return sql.replace("%", "%%").replace("?", param)


def execute(sql: str, params: Sequence[Any] = ()) -> Any:
    """Run one statement with ``?`` parameters and return its cursor."""
    engine = database.obj
    return engine.execute_sql(sql if engine.param == "?" else _text(sql, engine.param), params)


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one writing statement and return how many rows it touched."""
    return database.rows_affected(execute(sql, params))


Converters = list[tuple[str, Callable[[Any], Any]]]


def _converters(names: tuple[str, ...]) -> Converters:
    made: Converters = []
    for name in names:
        if name.endswith("_at"):
            made.append((name, clock.from_micros))
        elif name.endswith("_on"):
            made.append((name, date.fromisoformat))
    return made


_columns: dict[str, tuple[tuple[str, ...], Converters]] = {}


def plain(sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The statement's rows as dicts of what is stored: instants are microseconds, dates ISO text."""
    return _fetched(sql, params)[0]


def rows(sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The statement's rows as dicts; ``…_at`` are instants, ``…_on`` dates."""
    found, converters = _fetched(sql, params)
    for name, convert in converters:
        for item in found:
            if item[name] is not None:
                item[name] = convert(item[name])
    return found


def tuples(sql: str, params: Sequence[Any] = ()) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The names of the statement's columns, and its rows as they are stored."""
    names, _, found = _read(sql, params)
    return names, found


def packed(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a large reading as they are stored; PostgreSQL sends them as bytes rather than as text."""
    if database.param == "?":
        return list(execute(sql, params).fetchall())
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
        return list(database.connection().cursor(binary=True).execute(_text(sql, "%s"), params).fetchall())


def _fetched(sql: str, params: Sequence[Any]) -> tuple[list[dict[str, Any]], Converters]:
    names, converters, found = _read(sql, params)
    return [dict(zip(names, values)) for values in found], converters


def _read(sql: str, params: Sequence[Any]) -> tuple[tuple[str, ...], Converters, list[tuple[Any, ...]]]:
    cursor = execute(sql, params)
    first = cursor.fetchone()
    if first is None:
        return (), [], []
    known = _columns.get(sql)
    if known is None or len(known[0]) != len(first):
        names = tuple(column[0] for column in cursor.description)
        known = names, _converters(names)
        if len(_columns) >= MOST_TEXTS:
            _columns.clear()
        _columns[sql] = known
    return known[0], known[1], [first, *cursor.fetchall()]


def row(sql: str, params: Sequence[Any] = ()) -> dict[str, Any] | None:
    """The statement's first row, or None."""
    found = rows(sql, params)
    return found[0] if found else None


def value(sql: str, params: Sequence[Any] = ()) -> Any:
    """The first column of the first row, or None; instants stay microseconds."""
    first = execute(sql, params).fetchone()
    return None if first is None else first[0]


def prefixed(text: str) -> tuple[str, str]:
    """The first and last text that begins with ``text``, for columns that sort bytewise."""
    return text, text + "\U0010ffff"


@lru_cache(maxsize=512)
def _insertion(
    model: type[Row], names: tuple[str, ...], count: int
) -> tuple[str, list[Callable[[Any], Any] | None], list[Any]]:
    """The text, a converter per given column, and the values of the columns left to their defaults."""
    left = [field for field in model._meta.sorted_fields if field.name not in names and field.default is not None]
    fields = [*(model._meta.fields[name] for name in names), *left]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = "(" + ", ".join("?" * len(fields)) + ")"
    text = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES {", ".join([marks] * count)}'
    converters = [_converter(model._meta.fields[name]) for name in names]
    return text, converters, [field.db_value(field.default) for field in left]


def _converter(field: Any) -> Callable[[Any], Any] | None:
    own = isinstance(field, (InstantField, DayField, JsonField, EnumField))
    return field.db_value if own else None


def insert(model: type[Row], **values: Any) -> None:
    """Insert one row, columns not named taking their defaults; the SQL text is made once."""
    insert_many(model, [values])


@lru_cache(maxsize=64)
def _blank(model: type[Row]) -> dict[str, Any]:
    fields = model._meta.sorted_fields
    return {field.name: None if field.default is None else field.db_value(field.default) for field in fields}


def as_stored(model: type[Row], values: dict[str, Any]) -> dict[str, Any]:
    """The row that :func:`insert` makes of these values, as :func:`plain` would read it."""
    fields = model._meta.fields
    return _blank(model) | {
        name: fields[name].db_value(value) if value is not None else None for name, value in values.items()
    }


BATCH, MOST_TOGETHER = 500, 5000


def insert_many(model: type[Row], items: Iterable[dict[str, Any]]) -> None:
    """Insert rows with the same columns, as many in a statement as both engines take."""
    for text, params in insertions(model, items):
        execute(text, params)


Statement = tuple[str, Sequence[Any]]


def insertions(model: type[Row], items: Iterable[dict[str, Any]]) -> list[Statement]:
    """The statements of :func:`insert_many`, for :func:`together`; none for no items."""
    items = list(items)
    return [_insertion_of(model, items[start : start + BATCH]) for start in range(0, len(items), BATCH)]


def _insertion_of(model: type[Row], items: list[dict[str, Any]]) -> Statement:
    names = tuple(items[0])
    text, converters, defaults = _insertion(model, names, len(items))
    params: list[Any] = []
    for item in items:
        params += [convert(item[name]) if convert else item[name] for name, convert in zip(names, converters)]
        params += defaults
    return text, params


def together(statements: Sequence[Statement]) -> None:
    """Run writing statements none of which needs to see what another wrote; one message on PostgreSQL.

    Each message more is time in which the rows locked before it are kept from everybody else.
    """
    params = [value for _, values in statements for value in values]
    if not on_postgresql() or len(params) > MOST_TOGETHER:
        for each in statements:
            execute(*each)
        return
    if statements:
        *first, last = [text for text, _ in statements]
        named = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(first))
        execute(f"WITH {named} {last}" if first else last, params)


def fill(model: type[Row], names: Sequence[str], items: Iterable[Sequence[Any]]) -> None:
    """Insert any number of rows of stored values, the fastest way that the engine knows."""
    table, columns = model._meta.table_name, ", ".join(f'"{name}"' for name in names)
    cursor = database.cursor()
    if database.param == "?":
        marks = ", ".join("?" * len(names))
        cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', items)
        return
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for item in items:
            copy.write_row(item)


@contextmanager
def indexed_later(model: type[Row]) -> Iterator[None]:
    """Fill an empty table inside: its indexes are built afterwards, at a fraction of the cost.

    For use in a transaction, which brings the indexes back should it fail.
    """
    meta = model._meta
    for index in meta.fields_to_index():
        execute(f'DROP INDEX "{index._name}"')
    yield
    for index in meta.fields_to_index():
        database.execute(index)


@lru_cache(maxsize=512)
def _amendment(model: type[Row], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    fields = [model._meta.fields[name] for name in names]
    sets = ", ".join([*(f'"{field.column_name}" = ?' for field in fields), '"version" = "version" + 1'])
    primary: Any = model._meta.primary_key
    key = primary.column_name
    text = (
        f'UPDATE "{model._meta.table_name}" SET {sets} '
        f'WHERE "{key}" = ? AND "version" = ?'
    )
    return text, [_converter(field) for field in fields]


def amend(model: type[Row], key: Any, version: int, **values: Any) -> bool:
    """Change one row if it still has ``version``, which grows by one; False when it has not."""
    text, converters = _amendment(model, tuple(values))
    params = [convert(v) if convert else v for v, convert in zip(values.values(), converters)]
    return run(text, [*params, key, version]) == 1


def on_postgresql() -> bool:
    """Whether the statement goes to PostgreSQL."""
    return bool(database.param == "%s")


def held(wanted: bool = True, *, of: str = "", skip: bool = False) -> str:
    """The ending by which a SELECT holds its rows until the transaction ends; none on SQLite.

    ``of`` names the tables whose rows are held; with ``skip`` rows that somebody else holds are passed over.
    """
    if not wanted or not on_postgresql():
        return ""
    return " FOR UPDATE" + (f" OF {of}" if of else "") + (" SKIP LOCKED" if skip else "")


def bytewise(column: str) -> str:
    """The column compared byte by byte, as SQLite always does."""
    return f'{column} COLLATE "C"' if on_postgresql() else column
