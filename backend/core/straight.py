"""Statements straight to libpq: psycopg's own cursor costs five times as much as the statement.

Values are written and read by psycopg's own adapters, so that both ways give the same. A statement
is prepared on the server when it comes for the third time on a connection; until then psycopg runs it.
"""
import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

THRESHOLD, MOST_PREPARED, MOST_COUNTED = 3, 200, 2048
ROWS = 500
_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY)
_MARK = re.compile("%%|%s")


class Answer:
    """What a statement answered: as much of a cursor as anybody uses. Rows are made when they are fetched."""

    __slots__ = ("_adapters", "_result", "_at", "rowcount")

    def __init__(self, adapters: Any, result: Any) -> None:
        self._adapters, self._result, self._at = adapters, result, 0
        tuples = result.status == pq.ExecStatus.TUPLES_OK
        self.rowcount: int = result.ntuples if tuples else result.command_tuples or 0

    @property
    def statusmessage(self) -> str:
        """What the server says that it did: ``COMMIT``, ``INSERT 0 1``."""
        return (self._result.command_status or b"").decode()

    @property
    def description(self) -> list[tuple[str]]:
        """The columns, of which only names are told."""
        return [(self._result.fname(number).decode(),) for number in range(self._result.nfields)]

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """At most so many of the rows not yet fetched."""
        first, self._at = self._at, min(self._at + size, self._result.ntuples)
        if first == self._at:
            return []
        self._adapters.set_pgresult(self._result)
        return self._adapters.load_rows(first, self._at, tuple)  # type: ignore[no-any-return]

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row; None after the last."""
        found = self.fetchmany()
        return found[0] if found else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows not yet fetched."""
        return self.fetchmany(self._result.ntuples)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while found := self.fetchmany(ROWS):
            yield from found

    def close(self) -> None:
        """Nothing is held on the server."""


class Straight:
    """One connection's statements, of which those that come again are prepared."""

    def __init__(self, connection: Any) -> None:
        connection.prepare_threshold = None
        self._connection, self._libpq = connection, connection.pgconn
        self._adapters = Transformer(connection)
        self._seen: Counter[Any] = Counter()
        self._names: OrderedDict[Any, bytes] = OrderedDict()
        self._numbers = count()

    def execute(self, text: str, params: Sequence[Any]) -> Any:
        """Run one statement with ``%s`` marks; psycopg's exceptions."""
        adapters = self._adapters
        values = adapters.dump_sequence(params, [PyFormat.AUTO] * len(params)) if params else ()
        key = text, tuple(adapters.types or ()) if params else ()
        name = self._names.get(key) or self._prepared(key)
        if name is None:
            return self._connection.execute(text, params)
        return Answer(adapters, self._checked(
            self._libpq.exec_prepared(name, values, adapters.formats if params else None)
        ))

    def _checked(self, result: Any) -> Any:
        if result.status in _DONE:
            return result
        if self._libpq.status == pq.ConnStatus.BAD:
            raise psycopg.OperationalError(result.get_error_message())
        raise errors.error_from_result(result)

    def _prepared(self, key: tuple[str, Any]) -> bytes | None:
        """The name of a statement that has come often enough; none for a script of several."""
        self._seen[key] += 1
        if self._seen[key] < THRESHOLD or ";" in key[0]:
            if len(self._seen) > MOST_COUNTED:
                self._seen.clear()
            return None
        name = b"s%d" % next(self._numbers)
        self._checked(self._libpq.prepare(name, _numbered(key[0]), key[1]))
        del self._seen[key]
        self._names[key] = name
        if len(self._names) > MOST_PREPARED:
            _, eldest = self._names.popitem(last=False)
            self._checked(self._libpq.exec_(b"DEALLOCATE " + eldest))
        return name


@lru_cache(maxsize=2048)
def _numbered(text: str) -> bytes:
    """The statement as the server wants it, ``$1`` for the first mark."""
    numbers = count(1)
    return _MARK.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", text).encode()
