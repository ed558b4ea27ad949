"""What a search finds before scope and filters are held against it: a bounded number of errands."""
from collections.abc import Callable, Sequence
from typing import Any

from backend.core import sql
from backend.errands.queries import scope
from backend.errands.rules import numbers
from backend.org import rules as tree

MOST_PEOPLE, MOST_FOUND, MOST_NUMBERS = 200, 600, 500
"""How many residents by name, how many errands of theirs, and how many numbers, one search looks at."""


_SPOKEN = ("pinyin", "initials")
"""By what typed letters find people; one letter begins the same names by either."""


def matching(q: str, own: str, code: str, district: str, states: Sequence[str]) -> tuple[str, list[Any]]:
    """The ids of errands that ``q`` begins, as SQL; those of the scope alone wherever its index can tell.

    ``|| ''`` keeps SQLite from looking the states of a resident's errands up one by one, and the residents of
    a district township by township; PostgreSQL knows by its statistics what these conditions leave over.
    """
    found, params = _matching(q, own, code, district, states)
    return found.replace(" || ''", "") if sql.on_postgresql() else found, params


def _matching(q: str, own: str, code: str, district: str, states: Sequence[str]) -> tuple[str, list[Any]]:
    within = district if own == scope.DESK else code
    text = q.strip().lower()
    digits = text.replace("-", "")
    if digits.isascii() and digits.isdigit():
        return f"SELECT id FROM errand WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT {MOST_NUMBERS}", [
            max(_padded(digits, "0"), _padded(numbers.tail_within(within), "0")),
            min(_padded(digits, "9"), _padded(numbers.tail_within(within), "9")),
        ]
    tables, key, condition, bounds = _PEOPLE[own]
    names = _SPOKEN[: len(text)] if text.isascii() else ("name",)
    branches = " UNION ".join(
        f"SELECT id FROM (SELECT {key} AS id FROM {tables} WHERE {condition} AND r.erased_at IS NULL "
        f"AND {key[0]}.{name} >= ? AND {key[0]}.{name} < ? ORDER BY {key[0]}.{name}, {key} "
        f"LIMIT {MOST_PEOPLE}) AS by_{name}"
        for name in names
    )
    people = (
        f"SELECT e.id AS id FROM ({branches}) AS people CROSS JOIN errand e "
        f"WHERE e.resident_id = people.id AND e.state || '' IN ({', '.join('?' * len(states))}) LIMIT {MOST_FOUND}"
    )
    params: list[Any] = []
    for _ in names:
        params += [*bounds(code), *sql.prefixed(text)]
    return people, [*params, *states]


_People = tuple[str, str, str, Callable[[str], Sequence[str]]]
_RESIDENTS = "resident r", "r.id"
_READ: _People = (
    "resident_reader v CROSS JOIN resident r", "v.resident_id", "v.reader_code = ? AND r.id = v.resident_id",
    lambda code: [code],
)
_PEOPLE: dict[str, _People] = {
    "unit_code": _READ,
    scope.DESK: _READ,
    "township_code": (*_RESIDENTS, "r.township_code = ?", lambda code: [code]),
    "district_code": (*_RESIDENTS, "r.township_code || '' BETWEEN ? AND ?", tree.subtree),
}
"""Whose names each scope searches; ``|| ''`` has the district's walked by name, not by township."""


def number_range(digits: str) -> tuple[str, str]:
    """The first and the last number that begins with these digits."""
    return _padded(digits, "0"), _padded(digits, "9")


def _padded(digits: str, fill: str) -> str:
    full = digits[:17].ljust(17, fill)
    return f"{full[:6]}-{full[6:12]}-{full[12:16]}-{full[16:]}"
