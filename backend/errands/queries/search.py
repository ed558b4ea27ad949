"""What a search finds before scope and filters are held against it: a bounded number of errands."""
from collections.abc import Callable, Sequence
from typing import Any

from backend.core import sql
from backend.errands.queries import scope
from backend.errands.rules import numbers
from backend.org import rules as tree

MOST_OF_UNIT, MOST_PEOPLE, MOST_FOUND, MOST_NUMBERS = 200, 100, 150, 500
"""How many residents by name (a unit's; a wider scope's), errands of theirs, and numbers, one search looks at."""


_SPOKEN = ("pinyin", "initials")
"""By what typed letters find people; one letter begins the same names by either."""


def matching(q: str, own: str, code: str, district: str, states: Sequence[str]) -> tuple[str, list[Any]]:
    """The errands that ``q`` begins, whole, as SQL; those of the scope alone wherever its index can tell.

    ``|| ''`` keeps SQLite from looking the states of a resident's errands up one by one. The bounds of names are
    pairs, and those of a district's townships truths, since PostgreSQL, which plans for any values, takes a range
    of single ones for a two-hundredth of the table, and would look at all names of a letter.
    """
    found, params = _matching(q, own, code, district, states)
    return found.replace(" || ''", "") if sql.on_postgresql() else found, params


def _matching(q: str, own: str, code: str, district: str, states: Sequence[str]) -> tuple[str, list[Any]]:
    within = district if own == scope.DESK else code
    text = q.strip().lower()
    digits = text.replace("-", "")
    if digits.isascii() and digits.isdigit():
        return f"SELECT * FROM errand WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT {MOST_NUMBERS}", [
            max(_padded(digits, "0"), _padded(numbers.tail_within(within), "0")),
            min(_padded(digits, "9"), _padded(numbers.tail_within(within), "9")),
        ]
    tables, key, condition, bounds = _PEOPLE[own]
    most = MOST_PEOPLE if own in _WIDE else MOST_OF_UNIT
    names = _SPOKEN[: len(text)] if text.isascii() else ("name",)
    branches = " UNION ".join(
        f"SELECT id FROM (SELECT {key} AS id FROM {tables} WHERE {condition} AND r.erased_at IS NULL "
        f"AND ({key[0]}.{name}, {key}) >= (?, '') AND ({key[0]}.{name}, {key}) < (?, '') "
        f"ORDER BY {key[0]}.{name}, {key} LIMIT {most}) AS by_{name}"
        for name in names
    )
    people = (
        f"SELECT e.* FROM ({branches}) AS people CROSS JOIN errand e "
        f"WHERE e.resident_id = people.id AND e.state || '' IN ({', '.join('?' * len(states))}) LIMIT {MOST_FOUND}"
    )
    params: list[Any] = []
    for _ in names:
        params += [*bounds(code), *sql.prefixed(text)]
    return people, [*params, *states]


_People = tuple[str, str, str, Callable[[str], Sequence[str]]]
_RESIDENTS = "resident r", "r.id"
_WIDE = ("township_code", "district_code")
_READ: _People = (
    "resident_reader v CROSS JOIN resident r", "v.resident_id", "v.reader_code = ? AND r.id = v.resident_id",
    lambda code: [code],
)
_PEOPLE: dict[str, _People] = {
    "unit_code": _READ,
    scope.DESK: _READ,
    "township_code": (*_RESIDENTS, "r.township_code = ?", lambda code: [code]),
    "district_code": (
        *_RESIDENTS,
        "(r.township_code >= ?) IS TRUE AND (r.township_code <= ?) IS TRUE", tree.subtree,
    ),
}
"""Whose names each scope searches; the district's are walked by name, not by township."""


def number_range(digits: str) -> tuple[str, str]:
    """The first and the last number that begins with these digits."""
    return _padded(digits, "0"), _padded(digits, "9")


def _padded(digits: str, fill: str) -> str:
    full = digits[:17].ljust(17, fill)
    return f"{full[:6]}-{full[6:12]}-{full[12:16]}-{full[16:]}"
