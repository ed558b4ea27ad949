"""Lists of a table by state, what is due next first: one walk of one index per state, one statement."""
from collections.abc import Sequence
from typing import Any, NamedTuple

from backend.core import sql
from backend.core.paging import Page, page, values_of


class Bound(NamedTuple):
    """A condition with its parameters."""

    text: str
    params: list[Any]


def listed(
    kind: str, table: str, leading: Bound, filters: Sequence[Bound], states: Sequence[str], query: dict[str, Any]
) -> Page:
    """The table's rows by ``order_at``, then id; ``leading`` names the first column of the index that is walked."""
    bounds = [*filters]
    if query["cursor"]:
        order, last = values_of(kind, query["cursor"])
        bounds.append(Bound("(t.order_at > ? OR (t.order_at = ? AND t.id > ?))", [order, order, last]))
    where = " AND ".join([leading.text, "t.state = ?", *(bound.text for bound in bounds)])
    branch = (
        f"SELECT * FROM (SELECT t.id AS id, t.order_at AS order_at FROM {table} t WHERE {where} "
        "ORDER BY t.order_at, t.id LIMIT ?) AS branch"
    )
    params: list[Any] = []
    for state in states:
        params += [*leading.params, state, *(value for bound in bounds for value in bound.params), query["limit"] + 1]
    found = sql.rows(
        f"SELECT t.* FROM ({' UNION ALL '.join([branch] * len(states))}) AS chosen JOIN {table} t ON t.id = chosen.id "
        "ORDER BY t.order_at, t.id LIMIT ?", [*params, query["limit"] + 1],
    )
    return page(kind, found, query["limit"], ("order_at", "id"))


def led_by(column: str, values: Sequence[Any], leading: Bound, filters: list[Bound]) -> tuple[Bound, list[Bound]]:
    """What leads, and what filters, once a column is asked for: a single value leads by its own index."""
    if len(values) != 1:
        return leading, [*filters, *one_of(column, values)]
    scope = Bound(leading.text.replace(" = ?", " || '' = ?"), leading.params)
    return Bound(f"t.{column} = ?", list(values)), [*filters, scope]


def one_of(column: str, values: Sequence[Any]) -> list[Bound]:
    """A filter of a query parameter that may be repeated; none where it was not given.

    ``|| ''`` keeps an engine that counts nothing from another index.
    """
    if not values:
        return []
    return [Bound(f"t.{column} || '' IN ({', '.join('?' * len(values))})", list(values))]
