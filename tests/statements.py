"""Counting the SQL statements of a piece of work."""
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backend.core import db


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The texts of the statements run inside, whichever way they took."""
    engine = db.database.obj
    run = engine.execute_sql
    seen: list[str] = []

    def counted(sql: str, *args: Any, **kwargs: Any) -> Any:
        seen.append(sql)
        return run(sql, *args, **kwargs)

    engine.execute_sql = counted
    try:
        yield seen
    finally:
        del engine.execute_sql
