"""Lists by state, oldest first: one walk of one index per state, whatever the district's size."""
from collections.abc import Sequence
from typing import Any

from backend.core import sql
from backend.core.paging import Page, page, values_of


def listed(
    kind: str, selection: str, states: Sequence[str], query: dict[str, Any], *, column: str, code: str,
    besides: tuple[str, list[Any]] | None = None,
) -> Page:
    """The rows of ``selection`` in these states where ``column`` is ``code``, by id; ``kind`` names the cursor.

    ``besides`` is a further condition, with its parameters.

    A single unit that is asked for leads by its own index; ``|| ''`` keeps an engine from the wider one.
    """
    units = query["unit_code"]
    where, filters, key = [f"{column} = ?", "state = ?"], [], code
    if len(units) == 1:
        where, filters, key = ["unit_code = ?", "state = ?", f"{column} || '' = ?"], [code], units[0]
    elif units:
        where.append(f"unit_code IN ({', '.join('?' * len(units))})")
        filters += units
    if besides is not None:
        where.append(besides[0])
        filters = [*filters, *besides[1]]
    if query["cursor"]:
        where.append("id > ?")
        filters += values_of(kind, query["cursor"])
    branch = f"SELECT * FROM ({selection} WHERE {' AND '.join(where)} ORDER BY id LIMIT ?) AS branch"
    params: list[Any] = []
    for state in states:
        params += [key, state, *filters, query["limit"] + 1]
    found = sql.rows(" UNION ALL ".join([branch] * len(states)), params)
    found.sort(key=lambda each: each["id"])
    return page(kind, found[: query["limit"] + 1], query["limit"], ("id",))
