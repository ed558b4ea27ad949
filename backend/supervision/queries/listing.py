"""One way to read a page: a walk of an index for each state, joined in order; one statement."""
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from backend.core import clock, paging, sql
from backend.core.paging import Page
from backend.core.problems import NotFound
from backend.supervision.queries.scope import Condition


class Listed(NamedTuple):
    """A table as it is listed: by its due moment, or (``due`` False) the newest first."""

    kind: str
    table: str
    columns: str
    due: bool = False


def page(
    listed: Listed, query: dict[str, Any], own: Condition, states: Sequence[str], more: Condition = ("", [])
) -> Page:
    """The rows in scope and in these states that fit ``more``, as they are stored."""
    keys = ("due_at", "id") if listed.due else ("id",)
    order = "due_at, id" if listed.due else "id DESC"
    after, position = "", []
    if query["cursor"]:
        after = " AND (due_at, id) > (?, ?)" if listed.due else " AND id < ?"
        position = paging.values_of(listed.kind, query["cursor"])
    branches, params = [], []
    for state in dict.fromkeys(states):
        branches.append(
            f"SELECT * FROM (SELECT {', '.join(keys)} FROM {listed.table} WHERE {own[0]} AND state = ?{more[0]}{after} "
            f"ORDER BY {order} LIMIT ?) AS branch"
        )
        params += [*own[1], state, *more[1], *position, query["limit"] + 1]
    text = (
        f"SELECT {listed.columns} FROM {listed.table} WHERE id IN (SELECT id FROM (SELECT id FROM "
        f"({' UNION ALL '.join(branches)}) AS found ORDER BY {order} LIMIT ?) AS chosen) ORDER BY {order}"
    )
    found = sql.rows(text, [*params, query["limit"] + 1])
    return paging.page(listed.kind, found, query["limit"], keys)


def narrowed(query: dict[str, Any], *columns: str) -> Condition:
    """Filters by columns of these names, repeated = or."""
    text, params = "", []
    for name in columns:
        if query[name]:
            text += f" AND {name} IN ({', '.join('?' * len(query[name]))})"
            params += query[name]
    return text, params


def row(listed: Listed, row_id: str, own: Condition, *, lock: bool = False) -> dict[str, Any]:
    """One row in scope as it is stored, held until the end where ``lock``; NotFound otherwise."""
    suffix = sql.held(lock)
    text = f"SELECT {listed.columns} FROM {listed.table} WHERE id = ? AND {own[0]}{suffix}"
    found = sql.row(text, [row_id, *own[1]])
    if found is None:
        raise NotFound()
    return found


def held(listed: Listed, row_id: str) -> dict[str, Any]:
    """Any row, held, for a job that found it."""
    found = sql.row(f"SELECT {listed.columns} FROM {listed.table} WHERE id = ?{sql.held()}", (row_id,))
    if found is None:
        raise LookupError(row_id)
    return found


def looked_at(listed: Listed, now: datetime, limit: int) -> list[str]:
    """Rows of which the moment to look has passed, the earliest first; for tables with a ``look_at``."""
    text = f"SELECT id FROM {listed.table} WHERE look_at < ? ORDER BY look_at, id LIMIT ?"
    return [each["id"] for each in sql.plain(text, (clock.to_micros(now), limit))]


def somebody(account_id: str | None, names: dict[str, str]) -> dict[str, str] | None:
    """An account by id and name; None for nobody, and for the product itself."""
    if account_id is None or account_id.startswith("system:"):
        return None
    return {"id": account_id, "name": names.get(account_id, "")}
