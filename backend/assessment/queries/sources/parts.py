"""Rows by their ids, some at a time, in one order."""
from collections.abc import Iterable
from typing import Any

from backend.core import sql

AT_ONCE = 200


def rows(text: str, ids: Iterable[str], *before: Any) -> list[dict[str, Any]]:
    """The rows of a statement with one ``IN ({})`` at its end."""
    wanted = sorted(set(ids))
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start:start + AT_ONCE]
        found += sql.plain(text.format(", ".join("?" * len(some))), (*before, *some))
    return found
