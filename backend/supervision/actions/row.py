"""A row that is acted on: the move it makes, what was seen of it, its guarded change; and numbers of documents."""
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core import moves, sql, versions
from backend.core.actor import Actor
from backend.core.problems import Text
from backend.supervision.rules import numbers

_SERIAL = """
INSERT INTO document_series (district_code, kind, year, last) VALUES (?, ?, ?, 1)
ON CONFLICT (district_code, kind, year) DO UPDATE SET last = document_series.last + 1 RETURNING last
"""


def moved(table: moves.Table, names: Mapping[str, Text], found: dict[str, Any], verb: str, actor: Actor) -> str:
    """The state that a verb leads to; IllegalMove, then StaleVersion of what the actor saw."""
    state = moves.move(table, found["state"], verb, names)
    versions.check_seen(found, actor)
    return state


def serial(kind: str, district_code: str, day: date) -> int:
    """The next serial of a kind of document in the year of a day; held until the transaction ends."""
    return int(sql.value(_SERIAL, (district_code, kind, day.year)))


def number(kind: str, district_code: str, day: date) -> str:
    """The next number of a kind of document."""
    return numbers.told(kind, day.year, serial(kind, district_code, day))
